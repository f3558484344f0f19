using Slipway.Core.Specs;

namespace Slipway.Pipelines.Triggers;

[Component("on-arrival")]
[Summary("Runs as soon as the source has something new, by looking at it again and again.")]
[Example("trigger: { on-arrival: { poll: 1s } }")]
public sealed record OnArrival([Summary("How long to wait after a look that found nothing more; more than zero.")] Duration? Poll = null) : TriggerSpec
{
    private static readonly TimeSpan DefaultPoll = TimeSpan.FromSeconds(1);

    /// <exception cref="FormatException">The pause is zero.</exception>
    public Duration? Poll { get; } = Poll is not { } poll || poll.Value > TimeSpan.Zero ? Poll : throw new FormatException("'poll' must be more than zero");

    public override bool CountsEmptyRuns => false;

    public override DateTimeOffset? First(DateTimeOffset now) => now;

    public override DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now) => now + (Poll?.Value ?? DefaultPoll);
}
