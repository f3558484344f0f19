using System.Globalization;
using System.Text;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Rows;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Decimals_have_the_bits_that_the_runtimes_own_parser_gives(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 100_000; i++)
        {
            var text = Decimal(random);
            Assert.True(NumberText.TryParse(text, out double number) && NumberText.TryParse(Encoding.UTF8.GetBytes(text), out double ofUtf8) && Bits(number) == Bits(ofUtf8), text);
            Assert.True(Bits(number) == Bits(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)), text);
            Assert.True(NumberText.TryParse(text, out float single), text);
            Assert.True(BitConverter.SingleToInt32Bits(single) == BitConverter.SingleToInt32Bits(float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)), text);
        }
    }

    [Theory]
    [InlineData("INF", double.PositiveInfinity)]
    [InlineData(" -INF", double.NegativeInfinity)]
    [InlineData("+INF", double.PositiveInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("NaN", double.NaN)]
    [InlineData("+1", 1)]
    [InlineData(" 1\t", 1)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1E-3", 0.001)]
    [InlineData("00000000000000000000000001", 1)]
    [InlineData("-0", -0.0)]
    public void Other_forms_of_numbers_are_read(string text, double expected)
    {
        Assert.True(NumberText.TryParse(text, out double number));
        Assert.Equal(expected, number);
        Assert.Equal(double.IsNegative(expected), double.IsNegative(number));
        Assert.True(NumberText.TryParse(text, out float single));
        Assert.Equal((float)expected, single);
        Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out double ofUtf8));
        Assert.Equal(expected, ofUtf8);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("1.2.3")]
    [InlineData("1-")]
    [InlineData("--1")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1e")]
    [InlineData("٣")]
    [InlineData("one")]
    public void What_is_no_number_is_refused(string text)
    {
        Assert.False(NumberText.TryParse(text, out double _));
        Assert.False(NumberText.TryParse(text, out float _));
        Assert.False(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out double _));
    }

    /// <summary>Of 1 to 22 digits, with or without sign, point, leading zeros and exponent.</summary>
    private static string Decimal(Random random)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
        var digits = 1 + random.Next(random.Next(2) == 0 ? 8 : 22);
        var point = random.Next(4) == 0 ? -1 : random.Next(digits);
        if (random.Next(10) == 0) text.Append('0', random.Next(5));
        for (var i = 0; i < digits; i++)
        {
            if (i == point) text.Append('.');
            text.Append((char)('0' + random.Next(10)));
        }
        if (random.Next(8) == 0) text.Append('e').Append(random.Next(-60, 60).ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
