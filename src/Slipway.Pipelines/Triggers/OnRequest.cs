using Slipway.Core.Specs;

namespace Slipway.Pipelines.Triggers;

[Component("on-request")]
[Summary("Runs when a person or a program asks: a request with rows for the source `request`, `run now` for any other.")]
[Example("trigger: { on-request: {} }")]
public sealed record OnRequest : TriggerSpec
{
    public override DateTimeOffset? First(DateTimeOffset now) => null;

    public override DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now) => null;
}
