using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class AggregateTests
{
    private static readonly Missing NoNumber = new(CellType.Float64);

    [Theory]
    [InlineData("min", 1.5)]
    [InlineData("max", 4.0)]
    [InlineData("sum", 8.0)]
    [InlineData("avg", 8.0 / 3)]
    [InlineData("median", 2.5)]
    [InlineData("product", 15.0)]
    public void Aggregates_of_doubles(string name, double expected) => Assert.Equal(expected, Apply(name, 2.5, 4.0, 1.5));

    [Theory]
    [InlineData("min", 1)]
    [InlineData("max", 4)]
    [InlineData("sum", 9)]
    [InlineData("avg", 2.25)]
    [InlineData("median", 2.0)]
    [InlineData("product", 16)]
    public void Aggregates_of_integers_are_integers_but_for_means(string name, object expected) => Assert.Equal(expected, Apply(name, 2, 4, 1, 2));

    [Theory]
    [InlineData("min")]
    [InlineData("max")]
    [InlineData("sum")]
    [InlineData("avg")]
    [InlineData("median")]
    [InlineData("product")]
    public void Aggregates_have_the_widest_type(string name)
    {
        Assert.Equal(CellType.Float32, TypeOf(name, 1, 1f));
        Assert.Equal(CellType.Float64, TypeOf(name, 1, 1f, 1.0));
    }

    [Theory]
    [InlineData("min", 2.0)]
    [InlineData("max", 6.0)]
    [InlineData("sum", 8.0)]
    [InlineData("avg", 4.0)]
    [InlineData("median", 4.0)]
    [InlineData("product", 12.0)]
    public void Missing_arguments_are_left_out(string name, double expected)
    {
        Assert.Equal(expected, Apply(name, NoNumber, 2.0, NoNumber, 6.0));
        Assert.Equal(6.0, Apply(name, NoNumber, 6.0));
        Assert.Null(Apply(name, NoNumber, NoNumber));
    }

    [Fact]
    public void Median_of_an_even_number_is_the_mean_of_the_middle_two() => Assert.Equal(2.5, Apply("median", 9, 1, 2, 3));

    [Fact]
    public void Aggregates_take_more_arguments_than_fit_on_the_stack()
    {
        var numbers = Enumerable.Range(0, 301).Select(i => (object?)((i * 11) % 301)).ToArray();
        Assert.Equal(301 * 150, Apply("sum", numbers));
        Assert.Equal(150.0, Apply("median", numbers));
        Assert.Equal(300, Apply("max", numbers));
    }

    [Fact]
    public void Aggregates_agree_with_sorting_and_summing()
    {
        var random = new Random(17);
        for (var round = 0; round < 300; round++)
        {
            var numbers = Enumerable.Range(0, random.Next(1, 90)).Select(_ => random.NextDouble() * 20 - 10).ToArray();
            var arguments = numbers.Select(number => (object?)number).ToArray();
            var sorted = numbers.Order().ToArray();
            Assert.Equal(sorted[0], Apply("min", arguments));
            Assert.Equal(sorted[^1], Apply("max", arguments));
            Assert.Equal(numbers.Sum(), Apply("sum", arguments));
            Assert.Equal(numbers.Average(), Assert.IsType<double>(Apply("avg", arguments)), 1e-13);
            Assert.Equal((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, Assert.IsType<double>(Apply("median", arguments)), 1e-14);
        }
    }

    [Fact]
    public void NaN_is_neither_least_nor_greatest()
    {
        Assert.Equal(1.0, Apply("min", double.NaN, 1.0, 2.0));
        Assert.Equal(2.0, Apply("max", 1.0, double.NaN, 2.0));
    }

    [Fact]
    public void Integers_beyond_what_a_cell_holds_have_no_result() =>
        Assert.Equal(Invalid, Apply("product", 2_000_000_000, 2_000_000_000));
}
