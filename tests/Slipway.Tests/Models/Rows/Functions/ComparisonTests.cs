using Slipway.Core;
using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class ComparisonTests
{
    private static readonly string[] Names = ["equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"];

    public static TheoryData<object, object, int> Pairs => new()
    {
        { 1, 1.0, 0 },
        { 1.0, 3, -1 },
        { 3f, 1, 1 },
        { true, 1, 0 },
        { false, true, -1 },
        { "a", "a", 0 },
        { "a", "b", -1 },
        { "b", "a", 1 },
        { "B", "a", -1 },
        { "10", "9", -1 },
        { 10, C("9"), 1 },
        { 10, C("9.5"), 1 },
        { 2, C("2.0"), 0 },
        { C("2.5"), 2, 1 },
        { 0.1f, C("0.1"), 0 },
        { "10", 9, 1 },
        { "10", C(9), 1 },
        { "3.0", C(3), 0 },
        { true, C("true"), 0 },
        { false, C("1"), -1 },
        { new DateOnly(2020, 2, 29), new DateOnly(2020, 3, 1), -1 },
        { new DateOnly(2020, 2, 29), C("2020-02-29"), 0 },
        { new DateOnly(2020, 2, 29), new DateTime(2020, 2, 29, 0, 0, 1), -1 },
        { new DateTime(2020, 2, 29, 12, 0, 0), "2020-02-29T11:59:59", 1 },
        { new TimeOnly(12, 0), C("12:00:01"), -1 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Six_comparisons_agree_with_the_order(object x, object y, int order)
    {
        bool[] expected = [order == 0, order != 0, order < 0, order <= 0, order > 0, order >= 0];
        for (var i = 0; i < Names.Length; i++) Assert.Equal(expected[i], Apply(Names[i], x, y));
    }

    [Fact]
    public void Missing_compares_to_missing()
    {
        foreach (var name in Names)
        {
            Assert.Null(Apply(name, new Missing(CellType.Float64), 1));
            Assert.Null(Apply(name, 1, new Missing(CellType.Float64)));
            Assert.Null(Apply(name, "a", new Missing(CellType.Text)));
            Assert.Null(Apply(name, "a", C(null)));
            Assert.Null(Apply(name, C(null), 1));
        }
    }

    [Fact]
    public void NaN_equals_nothing()
    {
        Assert.Equal(false, Apply("equal", double.NaN, double.NaN));
        Assert.Equal(true, Apply("notEqual", double.NaN, 1.0));
        Assert.Equal(false, Apply("lessThan", double.NaN, 1.0));
    }

    [Fact]
    public void A_rows_text_that_is_no_number_is_unequal_to_numbers_and_has_no_order()
    {
        Assert.Equal(false, Apply("equal", "abc", 3));
        Assert.Equal(true, Apply("notEqual", 3, "abc"));
        Assert.Equal(Invalid, Apply("lessThan", "abc", 3));
    }

    [Fact]
    public void A_constant_that_is_no_value_of_the_type_is_a_fault()
    {
        var fault = Assert.Throws<ModelException>(() => Apply("equal", 3, C("abc")));
        Assert.Equal("function 'equal': argument 2: 'abc' is not a double", fault.Message);
        Assert.Throws<ModelException>(() => Apply("lessThan", new DateOnly(2020, 1, 1), C("yesterday")));
    }

    [Fact]
    public void Dates_and_numbers_do_not_compare() => Assert.Throws<ModelException>(() => Apply("equal", new DateOnly(2020, 1, 1), 3));

    [Theory]
    [InlineData(true, "3", "1", "2", "3")]
    [InlineData(false, "0", "1", "2", "3")]
    [InlineData(true, 3, 1, 2, 3)]
    [InlineData(false, 0, 1, 2, 3)]
    [InlineData(true, 3.0, 1.0, 2, 3)]
    [InlineData(true, 2.5, 1, 2.5f)]
    [InlineData(true, "3", 1, 3.0)]
    [InlineData(false, "x", 1, 3.0)]
    [InlineData(true, "1", 1, "x")]
    public void IsIn_and_isNotIn_look_for_the_value(bool expected, params object[] arguments)
    {
        Assert.Equal(expected, Apply("isIn", arguments));
        Assert.Equal(!expected, Apply("isNotIn", arguments));
        object[] constants = [arguments[0], .. arguments[1..].Select(C)];
        Assert.Equal(expected, Apply("isIn", constants));
        Assert.Equal(!expected, Apply("isNotIn", constants));
    }

    [Fact]
    public void IsIn_takes_constant_texts_as_the_values_type()
    {
        Assert.Equal(true, Apply("isIn", 3, C("1"), C("3")));
        Assert.Equal(true, Apply("isIn", 2.5, C("1"), C("2.5")));
        Assert.Equal(true, Apply("isIn", new DateOnly(2020, 1, 1), C("2020-01-01")));
        Assert.Throws<ModelException>(() => Apply("isIn", 3, C("x")));
    }

    [Fact]
    public void A_missing_value_is_in_a_list_that_names_one()
    {
        var missing = new Missing(CellType.Text);
        Assert.Equal(false, Apply("isIn", missing, C("a"), C("b")));
        Assert.Equal(true, Apply("isNotIn", missing, C("a"), C("b")));
        Assert.Equal(true, Apply("isIn", missing, C("a"), C(null)));
        Assert.Equal(true, Apply("isIn", missing, "a", missing));
        Assert.Equal(false, Apply("isIn", "b", "a", missing));
        Assert.Equal(false, Apply("isIn", double.NaN, C(double.NaN)));
    }

    [Fact]
    public void IsIn_finds_texts_that_only_the_row_brings()
    {
        Assert.Equal(true, Apply("isIn", "new", "other", "new"));
        Assert.Equal(true, Apply("equal", "new", "new"));
    }

    [Fact]
    public void IsIn_finds_the_members_of_long_lists()
    {
        var list = Enumerable.Range(0, 500).Select(i => C($"t{i * 2}")).ToArray();
        for (var i = 0; i < 1000; i += 37) Assert.Equal(i % 2 == 0, Apply("isIn", [$"t{i}", .. list]));
    }
}
