using Slipway.Core;
using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class DateTests
{
    [Fact]
    public void DateDaysSinceYear_counts_from_the_first_of_January()
    {
        Assert.Equal(15796, Apply("dateDaysSinceYear", new DateOnly(2003, 4, 1), C(1960)));
        Assert.Equal(15796, Apply("dateDaysSinceYear", new DateTime(2003, 4, 1, 23, 59, 59), 1960));
        Assert.Equal(0, Apply("dateDaysSinceYear", new DateOnly(1960, 1, 1), 1960));
        Assert.Equal(-1, Apply("dateDaysSinceYear", new DateOnly(1959, 12, 31), 1960));
        Assert.Equal(-1, Apply("dateDaysSinceYear", new DateTime(1959, 12, 31, 12, 0, 0), 1960));
        Assert.Equal(15796, Apply("dateDaysSinceYear", "2003-04-01", 1960));
        Assert.Equal(15796, Apply("dateDaysSinceYear", C("2003-04-01T05:00:00"), 1960));
        Assert.Equal(CellType.Integer, TypeOf("dateDaysSinceYear", new DateOnly(2003, 4, 1), 1960));
    }

    [Fact]
    public void DateSecondsSinceYear_counts_from_the_start_of_the_year()
    {
        Assert.Equal(185403, Apply("dateSecondsSinceYear", new DateTime(1960, 1, 3, 3, 30, 3), C(1960)));
        Assert.Equal(86400, Apply("dateSecondsSinceYear", new DateOnly(1970, 1, 2), 1970));
        Assert.Equal(-1, Apply("dateSecondsSinceYear", new DateTime(1969, 12, 31, 23, 59, 59), 1970));
        Assert.Equal(1, Apply("dateSecondsSinceYear", new DateTime(1970, 1, 1, 0, 0, 1).AddMilliseconds(900), 1970));
    }

    [Fact]
    public void DateSecondsSinceMidnight_counts_from_midnight()
    {
        Assert.Equal(19410, Apply("dateSecondsSinceMidnight", new TimeOnly(5, 23, 30)));
        Assert.Equal(19410, Apply("dateSecondsSinceMidnight", new DateTime(1960, 1, 1, 5, 23, 30)));
        Assert.Equal(19410, Apply("dateSecondsSinceMidnight", "05:23:30"));
        Assert.Equal(19410, Apply("dateSecondsSinceMidnight", C("1960-01-01T05:23:30.75")));
        Assert.Throws<ModelException>(() => Apply("dateSecondsSinceMidnight", new DateOnly(1960, 1, 1)));
    }

    [Theory]
    [InlineData("dateDaysSinceYear")]
    [InlineData("dateSecondsSinceYear")]
    public void Years_and_dates_are_checked(string name)
    {
        Assert.Null(Apply(name, new Missing(CellType.Date), 1960));
        Assert.Null(Apply(name, new DateOnly(2003, 4, 1), new Missing(CellType.Integer)));
        Assert.Equal(Invalid, Apply(name, new DateOnly(2003, 4, 1), 1960.5));
        Assert.Equal(Invalid, Apply(name, new DateOnly(2003, 4, 1), 2_000_000_000));
        Assert.Equal(Invalid, Apply(name, "yesterday", 1960));
        Assert.Throws<ModelException>(() => Apply(name, C("yesterday"), 1960));
        Assert.Throws<ModelException>(() => Apply(name, 20030401, 1960));
        Assert.Throws<ModelException>(() => Apply(name, new DateOnly(2003, 4, 1), "1960"));
    }

    [Fact]
    public void DateSecondsSinceMidnight_is_missing_when_its_argument_is() => Assert.Null(Apply("dateSecondsSinceMidnight", new Missing(CellType.Time)));

    [Fact]
    public void Counts_agree_with_dotnets_calendar()
    {
        var random = new Random(43);
        for (var i = 0; i < 1_000; i++)
        {
            var date = DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber));
            var year = random.Next(1, 9999);
            Assert.Equal(date.DayNumber - new DateOnly(year, 1, 1).DayNumber, Apply("dateDaysSinceYear", date, year));
        }
    }
}
