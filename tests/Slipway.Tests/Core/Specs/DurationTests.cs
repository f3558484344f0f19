using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class DurationTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("1h", 3600)]
    [InlineData("90d", 7_776_000)]
    [InlineData("2w", 1_209_600)]
    [InlineData("0s", 0)]
    public void A_duration_is_a_number_with_its_unit(string text, double seconds)
    {
        Assert.Equal(seconds, Duration.Parse(text).Value.TotalSeconds);
        Assert.Matches(Duration.Pattern, text);
        Assert.Equal(Duration.Parse(text), Duration.Parse(Duration.Parse(text).ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("1 h")]
    [InlineData("-1h")]
    [InlineData(".5h")]
    [InlineData("5.h")]
    [InlineData("1.2.3h")]
    [InlineData("1h30m")]
    [InlineData("1e3s")]
    public void Anything_else_is_no_duration(string text)
    {
        Assert.Throws<FormatException>(() => Duration.Parse(text));
        Assert.DoesNotMatch(Duration.Pattern, text);
    }

    [Theory]
    [InlineData("99999999999999999999w")]
    [InlineData("9999999999999999999999999999999999999s")]
    public void A_duration_beyond_all_time_is_refused(string text) => Assert.Throws<FormatException>(() => Duration.Parse(text));
}
