using System.Collections.Immutable;

namespace Slipway.Monitoring.Drift;

/// <summary>One look at a window against the reference.</summary>
public sealed record DriftReport(ImmutableArray<ColumnDrift> Columns, double Alpha)
{
    /// <summary>Whether any column drifted: without drift the probability of this is at most <see cref="Alpha"/>.</summary>
    public bool Drifted => Columns.Any(c => c.Drifted);
}

/// <summary>One column of a look.</summary>
/// <param name="Psi">Population stability index; null when the column was not tested.</param>
/// <param name="Threshold">The index above which this column counts as drifted, given its rows, bins and the other columns.</param>
/// <param name="PValue">How often the index is this large without drift.</param>
/// <param name="AdjustedPValue">The same, adjusted for looking at many columns (Holm).</param>
/// <param name="ReferenceRows">Rows of the reference, missing included.</param>
/// <param name="CurrentRows">Rows of the window, missing included.</param>
/// <param name="NotTested">Why there is no test; null when there is one.</param>
public sealed record ColumnDrift(
    string Name, double? Psi, double? Threshold, double? PValue, double? AdjustedPValue, int ReferenceRows, int CurrentRows, bool Drifted, string? NotTested, ImmutableArray<DriftBin> Bins);

/// <summary>A bar of the small histogram of a column.</summary>
/// <param name="Label">An interval, a category, <c>other</c> or <c>missing</c>.</param>
/// <param name="ReferenceShare">From 0 to 1.</param>
/// <param name="CurrentShare">From 0 to 1.</param>
public sealed record DriftBin(string Label, double ReferenceShare, double CurrentShare);
