using Slipway.Core.Specs;
using Slipway.Pipelines.Triggers;

namespace Slipway.Tests.Pipelines.Triggers;

public class TriggerSpecTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void On_request_never_fires_by_itself()
    {
        Assert.Null(new OnRequest().First(Noon));
        Assert.Null(new OnRequest().Next(Noon, Noon));
    }

    [Fact]
    public void Every_fires_at_the_start_and_keeps_its_rhythm()
    {
        var every = new Every(Duration.Parse("10m"));
        Assert.Equal(Noon, every.First(Noon));
        Assert.Equal(Noon.AddMinutes(10), every.Next(Noon, Noon.AddSeconds(30)));
    }

    [Fact]
    public void Every_skips_firings_that_a_long_run_covered()
    {
        var every = new Every(Duration.Parse("10m"));
        Assert.Equal(Noon.AddMinutes(40), every.Next(Noon, Noon.AddMinutes(35)));
        Assert.Equal(Noon.AddMinutes(40), every.Next(Noon, Noon.AddMinutes(30)));
    }

    [Fact]
    public void Every_fires_once_more_when_the_clock_was_set_back() =>
        Assert.Equal(Noon.AddMinutes(10), new Every(Duration.Parse("10m")).Next(Noon, Noon.AddHours(-5)));

    [Fact]
    public void Every_with_a_huge_period_does_not_overflow() =>
        Assert.Null(new Every(Duration.Parse("3000000d")).Next(Noon, Noon));

    [Fact]
    public void A_period_or_pause_of_zero_is_refused()
    {
        Assert.Throws<FormatException>(() => new Every(default));
        Assert.Throws<FormatException>(() => new OnArrival(default(Duration)));
    }

    [Fact]
    public void On_arrival_looks_again_after_the_pause()
    {
        Assert.Equal(Noon, new OnArrival().First(Noon));
        Assert.Equal(Noon.AddSeconds(6), new OnArrival().Next(Noon, Noon.AddSeconds(5)));
        Assert.Equal(Noon.AddSeconds(5.25), new OnArrival(Duration.Parse("250ms")).Next(Noon, Noon.AddSeconds(5)));
        Assert.False(new OnArrival().CountsEmptyRuns);
    }

    [Fact]
    public void Cron_counts_from_the_end_of_the_run_in_its_zone()
    {
        var cron = new Cron(CronSchedule.Parse("0 6 * * *"), new ZoneName(TimeZoneInfo.CreateCustomTimeZone("t", TimeSpan.FromHours(-5), "t", "t")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.FromHours(-5)), cron.First(Noon));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.FromHours(-5)), cron.Next(Noon, Noon.AddDays(2)));
    }

    [Fact]
    public void An_unknown_zone_is_refused_with_advice() =>
        Assert.Contains("Europe/Berlin", Assert.Throws<FormatException>(() => ZoneName.Parse("Europe/Atlantis")).Message, StringComparison.Ordinal);
}
