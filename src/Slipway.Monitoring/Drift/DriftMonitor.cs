using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Monitoring.Statistics;

namespace Slipway.Monitoring.Drift;

/// <summary>
/// Compares windows of rows with a reference, column by column, by <see cref="PopulationStabilityIndex"/>; over the columns the false-alarm rate is
/// kept by <see cref="Holm"/>. The rate is that of one look: looks at overlapping windows repeat each other's alarms, looks at separate windows add up.
/// </summary>
public sealed class DriftMonitor(DriftReference reference, DriftOptions options)
{
    /// <param name="current">The window; columns are found by name, others are ignored. The batch stays the caller's.</param>
    public DriftReport Compare(Batch current)
    {
        var looks = new List<Look>(reference.Columns.Length);
        foreach (var column in reference.Columns) looks.Add(LookAt(column, current));
        var tested = looks.Where(l => l.Test is not null).ToArray();
        double[] pValues = [.. tested.Select(l => l.Test!.Value.PValue)];
        var adjusted = Holm.Adjust(pValues);
        var levels = Holm.Levels(pValues, options.Alpha);
        for (var i = 0; i < tested.Length; i++)
        {
            tested[i].AdjustedPValue = adjusted[i];
            tested[i].Level = levels[i];
        }
        return new DriftReport([.. looks.Select(Result)], options.Alpha);
    }

    private Look LookAt(ReferenceColumn column, Batch current)
    {
        var found = current.TryGet(column.Name, out var tensor);
        var look = new Look(column, found ? tensor!.Rows : 0, column.Count(found ? tensor : null));
        look.NotTested = look switch
        {
            _ when !found => "the window has no such column",
            { Bins: null } => $"the reference has {(tensor!.Type == ElementType.Bytes ? "numbers" : "text")} here, the window {tensor.Type.ProtocolName}",
            { ReferenceRows: var n } when n < options.MinimumRows => $"the reference has {n} rows; {options.MinimumRows} are needed",
            { CurrentRows: var m } when m < options.MinimumRows => $"the window has {m} rows; {options.MinimumRows} are needed",
            _ => null,
        };
        if (look.NotTested is null) look.Test = PopulationStabilityIndex.Test(look.Bins!.Reference, look.Bins.Current, look.Bins.QuantileBins);
        return look;
    }

    private ColumnDrift Result(Look look)
    {
        var bins = look.Bins is null ? [] : Histogram(look);
        if (look.Test is not { } test) return new ColumnDrift(look.Name, null, null, null, null, look.ReferenceRows, look.CurrentRows, false, look.NotTested, bins);
        var drifted = look.AdjustedPValue <= options.Alpha && test.Value >= options.NegligiblePsi;
        var threshold = Math.Max(test.Threshold(look.Level), options.NegligiblePsi);
        return new ColumnDrift(look.Name, test.Value, threshold, test.PValue, look.AdjustedPValue, look.ReferenceRows, look.CurrentRows, drifted, null, bins);
    }

    private static ImmutableArray<DriftBin> Histogram(Look look)
    {
        var (labels, reference, current, _) = look.Bins!;
        var bins = ImmutableArray.CreateBuilder<DriftBin>(labels.Length);
        for (var i = 0; i < labels.Length; i++)
        {
            bins.Add(new DriftBin(labels[i], (double)reference[i] / Math.Max(1, look.ReferenceRows), (double)current[i] / Math.Max(1, look.CurrentRows)));
        }
        return bins.DrainToImmutable();
    }

    private sealed class Look(ReferenceColumn column, int currentRows, BinCounts? bins)
    {
        public string Name => column.Name;

        public int ReferenceRows => column.Rows;

        public int CurrentRows => currentRows;

        public BinCounts? Bins => bins;

        public string? NotTested { get; set; }

        public PsiTest? Test { get; set; }

        public double AdjustedPValue { get; set; }

        public double Level { get; set; }
    }
}
