using System.Globalization;
using Slipway.Models.Rows;
using Xunit;

namespace Slipway.Tests.Models.Rows;

public sealed class TemporalTextTests
{
    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1969-12-31", -1)]
    [InlineData("2000-02-29", 11016)]
    [InlineData(" 2003-04-01 ", 12143)]
    [InlineData("2003-04-01Z", 12143)]
    [InlineData("2003-04-01+05:30", 12143)]
    [InlineData("0001-01-01", -719162)]
    [InlineData("0000-02-29", -719469)]
    [InlineData("-0001-12-31", -719529)]
    [InlineData("12345-01-01", 3789391)]
    public void Dates_are_days_since_1970(string text, double expected)
    {
        Assert.True(TemporalText.TryParseDate(text, out var cell));
        Assert.Equal(expected, cell);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2001")]
    [InlineData("2001-02")]
    [InlineData("2001-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2001-04-31")]
    [InlineData("2001-13-01")]
    [InlineData("2001-00-01")]
    [InlineData("2001-01-00")]
    [InlineData("2001-1-1")]
    [InlineData("01-01-2001")]
    [InlineData("2001/01/01")]
    [InlineData("2001-01-01x")]
    [InlineData("2001-01-01T00:00:00")]
    [InlineData("99999999999-01-01")]
    [InlineData("２００１-01-01")]
    [InlineData("yesterday")]
    public void Other_texts_are_no_dates(string text) => Assert.False(TemporalText.TryParseDate(text, out _));

    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("05:23:30", 19410)]
    [InlineData("05:23", 19380)]
    [InlineData("23:59:59.5", 86399.5)]
    [InlineData("05:23:30,25", 19410.25)]
    [InlineData("24:00:00", 0)]
    [InlineData("05:23:30Z", 19410)]
    [InlineData("05:23:30+01:00", 15810)]
    [InlineData("00:30:00+01:00", 84600)]
    [InlineData("23:30:00-01:00", 1800)]
    public void Times_are_seconds_since_midnight(string text, double expected)
    {
        Assert.True(TemporalText.TryParseTime(text, out var cell));
        Assert.Equal(expected, cell, 1e-9);
    }

    [Theory]
    [InlineData("24:00:01")]
    [InlineData("24:01")]
    [InlineData("25:00:00")]
    [InlineData("12:60:00")]
    [InlineData("12:00:60")]
    [InlineData("12:00:00.")]
    [InlineData("12")]
    [InlineData("12:0")]
    [InlineData("1:00:00")]
    [InlineData("12:00:00+15:00")]
    [InlineData("12:00:00+14:30")]
    [InlineData("12:00:00+1")]
    [InlineData("12:00:00 PM")]
    public void Other_texts_are_no_times(string text) => Assert.False(TemporalText.TryParseTime(text, out _));

    [Theory]
    [InlineData("1970-01-01T00:00:00", 0)]
    [InlineData("1960-01-03T03:30:03", -315433797)]
    [InlineData("2004-08-20 15:04:09", 1093014249)]
    [InlineData("2004-08-20T15:04", 1093014240)]
    [InlineData("2004-08-20T15:04:09.125", 1093014249.125)]
    [InlineData("2004-08-20T15:04:09Z", 1093014249)]
    [InlineData("2004-08-20T15:04:09+02:00", 1093007049)]
    [InlineData("2004-08-20T15:04:09-02:30", 1093023249)]
    [InlineData("1969-12-31T24:00:00", 0)]
    public void Moments_are_seconds_since_1970(string text, double expected)
    {
        Assert.True(TemporalText.TryParseDateTime(text, out var cell));
        Assert.Equal(expected, cell);
    }

    [Theory]
    [InlineData("2004-08-20")]
    [InlineData("2004-08-20T")]
    [InlineData("2004-08-20X15:04:09")]
    [InlineData("2004-08-20T15:04:09 +02:00")]
    [InlineData("T15:04:09")]
    public void Other_texts_are_no_moments(string text) => Assert.False(TemporalText.TryParseDateTime(text, out _));

    [Theory]
    [InlineData(0, "1970-01-01")]
    [InlineData(-719469, "0000-02-29")]
    [InlineData(-719529, "-0001-12-31")]
    [InlineData(3789391, "12345-01-01")]
    public void Dates_are_written_in_ISO_8601(double cell, string expected) => Assert.Equal(expected, TemporalText.FormatDate(cell));

    [Theory]
    [InlineData(19410, "05:23:30")]
    [InlineData(19410.25, "05:23:30.25")]
    [InlineData(0, "00:00:00")]
    [InlineData(86399.999999, "23:59:59.999999")]
    public void Times_are_written_in_ISO_8601(double cell, string expected) => Assert.Equal(expected, TemporalText.FormatTime(cell));

    [Theory]
    [InlineData(1093014249, "2004-08-20T15:04:09")]
    [InlineData(1093014249.125, "2004-08-20T15:04:09.125")]
    [InlineData(-0.5, "1969-12-31T23:59:59.5")]
    [InlineData(-1e-9, "1970-01-01T00:00:00")]
    public void Moments_are_written_in_ISO_8601(double cell, string expected) => Assert.Equal(expected, TemporalText.FormatDateTime(cell));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void Numbers_that_no_calendar_counts_have_no_text(double cell)
    {
        Assert.Equal("", TemporalText.FormatDate(cell));
        Assert.Equal("", TemporalText.FormatTime(cell));
        Assert.Equal("", TemporalText.FormatDateTime(cell));
    }

    [Fact]
    public void Texts_agree_with_dotnets_calendar_and_come_back()
    {
        var random = new Random(47);
        for (var i = 0; i < 5_000; i++)
        {
            var moment = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond);
            var text = moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture);
            Assert.True(TemporalText.TryParseDateTime(text, out var cell));
            Assert.Equal((moment - DateTime.UnixEpoch).TotalSeconds, cell, 1e-4);
            Assert.Equal(text[..19], TemporalText.FormatDateTime(Math.Floor(cell)));
            Assert.True(TemporalText.TryParseDate(text.AsSpan(0, 10), out var day));
            Assert.Equal(moment.Date, DateTime.UnixEpoch.AddDays(day));
            Assert.Equal(text[..10], TemporalText.FormatDate(day));
        }
    }

    [Fact]
    public void Days_of_the_calendar_follow_each_other()
    {
        var (year, month, day) = (-401L, 1, 1);
        for (var count = IsoCalendar.DayOf(-401, 1, 1); year < 402; count++)
        {
            Assert.Equal((year, month, day), IsoCalendar.DateOf(count));
            Assert.Equal(count, IsoCalendar.DayOf(year, month, day));
            if (++day > IsoCalendar.DaysInMonth(year, month)) (day, month) = (1, month + 1);
            if (month > 12) (month, year) = (1, year + 1);
        }
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        Assert.Equal(0, Allocations.Of(Parse));

        static void Parse()
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(TemporalText.TryParseDateTime("2004-08-20T15:04:09.125+02:00", out _));
                Assert.True(TemporalText.TryParseDate("2004-08-20", out _));
                Assert.True(TemporalText.TryParseTime("15:04:09", out _));
            }
        }
    }
}
