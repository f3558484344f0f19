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
        Assert.True(TryRead(text, out double value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Minus_zero_keeps_its_sign()
    {
        Assert.True(TryRead("-0", out float value));
        Assert.True(float.IsNegative(value));
    }

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("12345678901234567890123")]
    [InlineData("1e23")]
    [InlineData("1e-23")]
    [InlineData("1e9999")]
    public void Numbers_that_need_more_are_left_to_the_general_way(string text) =>
        Assert.False(TryRead(text, out double _));

    [Theory]
    [InlineData("16777217")] // the middle between 2^24 and 2^24 + 2
    [InlineData("1e-40")] // subnormal
    public void Floats_where_rounding_twice_could_go_wrong_are_left_to_the_general_way(string text) =>
        Assert.False(TryRead(text, out float _));

    [Fact]
    public void Whatever_is_read_is_the_nearest_number()
    {
        var random = new Random(3);
        var read = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = ((decimal)random.NextInt64(-(1L << 54), 1L << 54) / (decimal)Math.Pow(10, random.Next(0, 16))).ToString(CultureInfo.InvariantCulture)
                + (random.Next(3) == 0 ? $"e{random.Next(-20, 20)}" : "");
            if (TryRead(text, out double number))
            {
                Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), number);
                read++;
            }
            if (TryRead(text, out float single)) Assert.Equal(float.Parse(text, CultureInfo.InvariantCulture), single);
        }
        Assert.InRange(read, 10_000, 50_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData("-00.5")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("+1")]
    [InlineData("NaN")]
    public void What_json_does_not_call_a_number_is_not_read(string text)
    {
        Assert.False(TryRead(text, out double _));
        Assert.False(TryRead(text + ",          ", out double _));
    }

    private static bool TryRead(string text, out double value)
    {
        var at = 0;
        return DecimalNumber.TryScan(Encoding.ASCII.GetBytes(text), ref at, out value) && at == text.TrimEnd(' ', ',').Length;
    }

    private static bool TryRead(string text, out float value)
    {
        var at = 0;
        return DecimalNumber.TryScan(Encoding.ASCII.GetBytes(text), ref at, out value) && at == text.Length;
    }
}
