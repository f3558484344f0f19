namespace Slipway.Pipelines.Triggers;

/// <summary>
/// The rule for when a use case runs; one key under <c>trigger:</c> names it. Pure functions of time: the host owns the clock.
/// A run takes everything the source has at that moment, so firings missed while a run lasts, or while nothing was running at all, collapse into one.
/// </summary>
public abstract record TriggerSpec
{
    /// <summary>The first firing of a use case that starts at <paramref name="now"/>; null when it never runs by itself.</summary>
    public abstract DateTimeOffset? First(DateTimeOffset now);

    /// <summary>The firing after the one that was due at <paramref name="fired"/> and whose run has just ended at <paramref name="now"/>.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now);

    /// <summary>True when a firing that found no rows is worth a line in the list of runs; a poll that found nothing is not.</summary>
    public virtual bool CountsEmptyRuns => true;
}
