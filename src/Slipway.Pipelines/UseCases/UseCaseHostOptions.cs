namespace Slipway.Pipelines.UseCases;

/// <param name="BatchSize">The most rows a use case reads, scores and acts on at once: what is held in memory, and what comes again after a crash.</param>
/// <param name="WaitPoll">How often a use case looks again for what it waits for.</param>
/// <param name="BackOff">How long it waits after a failure.</param>
/// <param name="StopGrace">How long a stop lets the batch at hand end before it breaks off.</param>
public sealed record UseCaseHostOptions(int BatchSize, TimeSpan WaitPoll, BackOff BackOff, TimeSpan StopGrace)
{
    public static UseCaseHostOptions Default { get; } = new(1024, TimeSpan.FromSeconds(1), BackOff.Default, TimeSpan.FromSeconds(20));
}
