using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Core.Json;

public sealed class DecimalNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.5", 1.5)]
    [InlineData("-12.25e-3", -0.01225)]
    [InlineData("9007199254740992", 9007199254740992)]
    [InlineData("1e22", 1e22)]
    [InlineData("123456789E+4", 1234567890000)]
    public void Short_numbers_are_read_exactly(string text, double expected)
    {
        Assert.True(DecimalNumber.TryReadDouble(Encoding.ASCII.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Minus_zero_keeps_its_sign()
    {
        Assert.True(DecimalNumber.TryReadSingle("-0"u8, out var value));
        Assert.True(float.IsNegative(value));
    }

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("12345678901234567890123")]
    [InlineData("1e23")]
    [InlineData("1e-23")]
    [InlineData("1e9999")]
    public void Numbers_that_need_more_are_left_to_the_general_way(string text) =>
        Assert.False(DecimalNumber.TryReadDouble(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("16777217")] // the middle between 2^24 and 2^24 + 2
    [InlineData("1e-40")] // subnormal
    public void Floats_where_rounding_twice_could_go_wrong_are_left_to_the_general_way(string text) =>
        Assert.False(DecimalNumber.TryReadSingle(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Whatever_is_read_is_the_nearest_number()
    {
        var random = new Random(3);
        var read = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = ((decimal)random.NextInt64(-(1L << 54), 1L << 54) / (decimal)Math.Pow(10, random.Next(0, 16))).ToString(CultureInfo.InvariantCulture)
                + (random.Next(3) == 0 ? $"e{random.Next(-20, 20)}" : "");
            var utf8 = Encoding.ASCII.GetBytes(text);
            if (DecimalNumber.TryReadDouble(utf8, out var number))
            {
                Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), number);
                read++;
            }
            if (DecimalNumber.TryReadSingle(utf8, out var single)) Assert.Equal(float.Parse(text, CultureInfo.InvariantCulture), single);
        }
        Assert.InRange(read, 50_000, 200_000);
    }
}
