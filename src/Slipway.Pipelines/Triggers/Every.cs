using Slipway.Core.Specs;

namespace Slipway.Pipelines.Triggers;

[Component("every")]
[Summary("Runs at the start and then at a fixed period; a run that takes longer than the period skips the firings it covered.")]
[Example("trigger: { every: 1h }")]
public sealed record Every([Body, Summary("The period, more than zero.")] Duration Period) : TriggerSpec
{
    /// <exception cref="FormatException">The period is zero.</exception>
    public Duration Period { get; } = Period.Value > TimeSpan.Zero ? Period : throw new FormatException("the period of 'every' must be more than zero");

    public override DateTimeOffset? First(DateTimeOffset now) => now;

    public override DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now)
    {
        var behind = now - fired;
        var periods = behind < TimeSpan.Zero ? 1 : (behind.Ticks / Period.Value.Ticks) + 1;
        return periods > (DateTimeOffset.MaxValue - fired).Ticks / Period.Value.Ticks ? null : fired.AddTicks(periods * Period.Value.Ticks);
    }
}
