using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class PercentTests
{
    [Theory]
    [InlineData("0%", 0)]
    [InlineData("0.5%", 0.005)]
    [InlineData("10%", 0.1)]
    [InlineData("100%", 1)]
    [InlineData("100.0%", 1)]
    public void A_percent_is_a_share(string text, double share)
    {
        Assert.Equal(share, Percent.Parse(text).Share);
        Assert.Matches(Percent.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("10")]
    [InlineData("101%")]
    [InlineData("100.1%")]
    [InlineData("-1%")]
    [InlineData(".5%")]
    [InlineData("5.%")]
    [InlineData("1e1%")]
    public void Anything_else_is_no_percent(string text)
    {
        Assert.Throws<FormatException>(() => Percent.Parse(text));
        Assert.DoesNotMatch(Percent.Pattern, text);
    }
}
