using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Trees;

public sealed class NumberSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(5000)]
    public void Sort_gives_the_order_of_the_library_for_numbers_of_all_magnitudes(int count)
    {
        var random = new Random(count);
        var numbers = new double[count];
        for (var i = 0; i < count; i++) numbers[i] = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300));
        if (count > 30) (numbers[7], numbers[11], numbers[13]) = (double.PositiveInfinity, double.NegativeInfinity, numbers[17]);
        double[] expected = [.. numbers.Order()];

        NumberSort.Sort(numbers);

        Assert.Equal(expected, numbers);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void Sort_puts_the_negative_zero_first_and_NaN_last(int times)
    {
        double[] numbers = [.. Enumerable.Repeat(new[] { double.NaN, 0.0, -0.0 }, times).SelectMany(n => n)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = double.IsNaN(numbers[i]) ? BitConverter.Int64BitsToDouble(0x7FF8000000000000) : numbers[i];

        NumberSort.Sort(numbers);

        Assert.All(numbers[..times], n => Assert.True(double.IsNegative(n)));
        Assert.All(numbers[times..(2 * times)], n => Assert.Equal(0L, BitConverter.DoubleToInt64Bits(n)));
        Assert.All(numbers[(2 * times)..], n => Assert.True(double.IsNaN(n)));
    }
}
