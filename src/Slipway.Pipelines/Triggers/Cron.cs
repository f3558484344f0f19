using Slipway.Core.Specs;

namespace Slipway.Pipelines.Triggers;

[Component("cron")]
[Summary("Runs by the five fields of crontab(5): minute, hour, day of month, month, day of week.")]
[Example("""trigger: { cron: "0 6 * * 1-5" }""")]
[Example("""trigger: { cron: { schedule: "0 6 * * MON-FRI", time-zone: Europe/Berlin } }""")]
public sealed record Cron(
    [Body, Summary("minute hour day-of-month month day-of-week")] CronSchedule Schedule,
    [Summary("Whose clocks count, by IANA name; UTC when absent.")] ZoneName? TimeZone = null) : TriggerSpec
{
    public override DateTimeOffset? First(DateTimeOffset now) => Schedule.Next(now, Zone);

    public override DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now) => Schedule.Next(now, Zone);

    private TimeZoneInfo Zone => TimeZone?.Zone ?? TimeZoneInfo.Utc;
}
