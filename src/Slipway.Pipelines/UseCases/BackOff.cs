namespace Slipway.Pipelines.UseCases;

/// <summary>How long to wait before the next attempt: doubling from <paramref name="First"/> up to <paramref name="Longest"/>.</summary>
public sealed record BackOff(TimeSpan First, TimeSpan Longest)
{
    public static BackOff Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <param name="failures">Attempts that failed so far, at least 1.</param>
    public TimeSpan After(int failures)
    {
        var ticks = First.Ticks * Math.Pow(2, Math.Min(failures, 60) - 1);
        return ticks >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)ticks);
    }
}
