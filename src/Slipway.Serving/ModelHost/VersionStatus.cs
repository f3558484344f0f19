namespace Slipway.Serving;

/// <summary>Where a version is in its life here; states only move forward.</summary>
public enum VersionState
{
    /// <summary>Being materialised, opened, verified and warmed.</summary>
    Loading,

    /// <summary>Answers requests.</summary>
    Ready,

    /// <summary>Did not open or did not pass; never serves.</summary>
    Failed,

    /// <summary>No longer routed to; its last requests finish, then it is disposed.</summary>
    Draining,

    /// <summary>Disposed.</summary>
    Unloaded,
}

/// <param name="Reason">Why it failed; null in the other states.</param>
public sealed record VersionStatus(VersionState State, string? Reason, DateTimeOffset Since);
