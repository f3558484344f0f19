using System.Globalization;
using Slipway.Pipelines.Triggers;

namespace Slipway.Tests.Pipelines.Triggers;

public class CronScheduleTests
{
    /// <summary>Central European Time by today's rule: forward on the last Sunday of March 02:00, back on the last Sunday of October 03:00.</summary>
    private static readonly TimeZoneInfo Cet = TimeZoneInfo.CreateCustomTimeZone("test/CET", TimeSpan.FromHours(1), "CET", "CET", "CEST",
    [
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
    ]);

    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z")]
    [InlineData("* * * * *", "2026-01-01T00:00:59Z", "2026-01-01T00:01:00Z")]
    [InlineData("0 6 * * 1-5", "2026-11-20T05:59:59Z", "2026-11-20T06:00:00Z")]
    [InlineData("0 6 * * 1-5", "2026-11-20T06:00:00Z", "2026-11-23T06:00:00Z")]
    [InlineData("0 6 * * mon-FRI", "2026-11-20T06:00:00Z", "2026-11-23T06:00:00Z")]
    [InlineData("*/15 * * * *", "2026-01-01T10:44:00Z", "2026-01-01T10:45:00Z")]
    [InlineData("*/15 * * * *", "2026-01-01T10:45:00Z", "2026-01-01T11:00:00Z")]
    [InlineData("10-40/15 * * * *", "2026-01-01T10:40:00Z", "2026-01-01T11:10:00Z")]
    [InlineData("5,35 8-10,20 * * *", "2026-01-01T10:35:00Z", "2026-01-01T20:05:00Z")]
    [InlineData("0 0 1 1 *", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("0 12 * * 7", "2026-11-20T00:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 12 * * 0", "2026-11-20T00:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 12 * * 5-7", "2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("30 4 1,15 * 5", "2026-11-01T04:30:00Z", "2026-11-06T04:30:00Z")]
    [InlineData("30 4 1,15 * 5", "2026-11-13T04:30:00Z", "2026-11-15T04:30:00Z")]
    [InlineData("0 0 13 * 5", "2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z")]
    [InlineData("0 0 */2 * mon", "2026-11-01T00:00:00Z", "2026-11-09T00:00:00Z")]
    [InlineData("0 0 1 JAN,jul *", "2026-01-02T00:00:00Z", "2026-07-01T00:00:00Z")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z")]
    public void Next_is_the_first_firing_after(string schedule, string after, string expected) =>
        Assert.Equal(At(expected), CronSchedule.Parse(schedule).Next(At(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("30 2 * * *", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00")]
    [InlineData("*/10 2 * * *", "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("*/10 2 * * *", "2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00")]
    [InlineData("0,30 2,3 * * *", "2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00")]
    [InlineData("30 * * * *", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00")]
    [InlineData("0 6 * * *", "2026-03-28T06:00:00+01:00", "2026-03-29T06:00:00+02:00")]
    public void Next_across_a_skipped_hour(string schedule, string after, string expected) => AssertNext(schedule, after, expected);

    [Theory]
    [InlineData("30 2 * * *", "2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00")]
    [InlineData("30 2 * * *", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00")]
    [InlineData("30 2 * * *", "2026-10-25T02:10:00+01:00", "2026-10-26T02:30:00+01:00")]
    [InlineData("0,30 2 * * *", "2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00")]
    [InlineData("30 * * * *", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")]
    [InlineData("30 * * * *", "2026-10-25T02:30:00+01:00", "2026-10-25T03:30:00+01:00")]
    [InlineData("*/20 * * * *", "2026-10-25T02:40:00+02:00", "2026-10-25T02:00:00+01:00")]
    [InlineData("0 6 * * *", "2026-10-24T06:00:00+02:00", "2026-10-25T06:00:00+01:00")]
    public void Next_across_a_repeated_hour(string schedule, string after, string expected) => AssertNext(schedule, after, expected);

    /// <summary>Half an hour of summer time on Lord Howe Island; a change at midnight in Beirut; New York for good measure. By the system's tzdata.</summary>
    [Theory]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T02:15:00+10:30", "2026-10-04T02:30:00+11:00")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-05T01:00:00+11:00", "2026-04-05T01:45:00+11:00")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30")]
    [InlineData("Australia/Lord_Howe", "*/15 * * * *", "2026-04-05T01:45:00+11:00", "2026-04-05T01:30:00+10:30")]
    [InlineData("Asia/Beirut", "30 0 * * *", "2025-03-29T00:30:00+02:00", "2025-03-30T01:00:00+03:00")]
    [InlineData("America/New_York", "30 1 * * *", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00")]
    public void Next_in_zones_with_unusual_rules(string zone, string schedule, string after, string expected)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var info)) Assert.Skip("this machine has no tzdata");
        Assert.Equal(At(expected), CronSchedule.Parse(schedule).Next(At(after), info));
    }

    [Theory]
    [InlineData("", "0 fields")]
    [InlineData("* * * *", "4 fields")]
    [InlineData("* * * * * *", "6 fields")]
    [InlineData("60 * * * *", "minute '60': '60' is not a number from 0 to 59")]
    [InlineData("* 24 * * *", "from 0 to 23")]
    [InlineData("* * 0 * *", "from 1 to 31")]
    [InlineData("* * * 13 *", "or a name (JAN to DEC)")]
    [InlineData("* * * * 8", "from 0 to 7 or a name (SUN to SAT)")]
    [InlineData("* * * * L", "'L' is not a number")]
    [InlineData("5-1 * * * *", "runs backwards")]
    [InlineData("5/10 * * * *", "write 5-59/10")]
    [InlineData("*/0 * * * *", "step")]
    [InlineData("*/60 * * * *", "step")]
    [InlineData("1,,2 * * * *", "'' is not a number")]
    [InlineData("-5 * * * *", "'' is not a number")]
    [InlineData("99999999999999999999 * * * *", "is not a number")]
    [InlineData("0 0 30 2 *", "never fires")]
    [InlineData("0 0 31 2,4,6,9,11 *", "never fires")]
    public void Parse_says_what_is_wrong(string schedule, string expected)
    {
        var error = Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(CronSchedule.TryParse(schedule, null, out _));
    }

    /// <summary>Against a minute-by-minute walk that knows only the rules, through both changes of the clock.</summary>
    [Fact]
    public void Next_agrees_with_a_walk_over_every_minute()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 150; round++)
        {
            var (minute, hour) = (Field(random, 0, 59, 20), Field(random, 0, 23, 5));
            var schedule = CronSchedule.Parse($"{minute.Text} {hour.Text} * * *");
            var start = random.Next(2) == 0 ? At("2026-03-28T12:00:00Z") : At("2026-10-24T12:00:00Z");
            var after = start.AddSeconds(random.Next(30 * 3600));
            Assert.Equal(Walk(minute, hour, after), schedule.Next(after, Cet));
        }
    }

    [Fact]
    public void Next_is_always_later_and_the_chain_never_skips_back()
    {
        var schedule = CronSchedule.Parse("*/7 1-3 * * *");
        var at = At("2026-10-24T00:00:00Z");
        for (var i = 0; i < 200; i++)
        {
            var next = schedule.Next(at, Cet)!.Value;
            Assert.True(next > at);
            at = next;
        }
    }

    private static DateTimeOffset Walk((string Text, HashSet<int> Values, bool Star) minute, (string Text, HashSet<int> Values, bool Star) hour, DateTimeOffset after)
    {
        var at = new DateTimeOffset(after.Ticks - (after.Ticks % TimeSpan.TicksPerMinute), after.Offset);
        while (true)
        {
            at = at.AddMinutes(1);
            var (here, before) = (TimeZoneInfo.ConvertTime(at, Cet), TimeZoneInfo.ConvertTime(at.AddMinutes(-1), Cet));
            var matches = minute.Values.Contains(here.Minute) && hour.Values.Contains(here.Hour);
            if (hour.Star)
            {
                if (matches) return here;
                continue;
            }
            if (matches && !(Cet.IsAmbiguousTime(here.DateTime) && here.Offset == Cet.BaseUtcOffset)) return here;
            for (var skipped = before.DateTime.AddMinutes(1); here.Offset > before.Offset && skipped < here.DateTime; skipped = skipped.AddMinutes(1))
            {
                if (minute.Values.Contains(skipped.Minute) && hour.Values.Contains(skipped.Hour)) return here;
            }
        }
    }

    private static (string Text, HashSet<int> Values, bool Star) Field(Random random, int first, int last, int most)
    {
        switch (random.Next(3))
        {
            case 0: return ("*", [.. Enumerable.Range(first, last - first + 1)], true);
            case 1:
                var step = random.Next(1, last);
                return ($"*/{step}", [.. Enumerable.Range(first, last - first + 1).Where(v => (v - first) % step == 0)], true);
            default:
                var values = Enumerable.Range(0, random.Next(1, most)).Select(_ => random.Next(first, Math.Min(last, 5) + 1)).ToHashSet();
                return (string.Join(',', values), values, false);
        }
    }

    private static void AssertNext(string schedule, string after, string expected)
    {
        var next = CronSchedule.Parse(schedule).Next(At(after), Cet)!.Value;
        Assert.Equal(At(expected), next);
        Assert.Equal(At(expected).Offset, next.Offset);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
