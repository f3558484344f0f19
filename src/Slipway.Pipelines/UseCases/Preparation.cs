using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Pipelines.Steps;

namespace Slipway.Pipelines.UseCases;

/// <summary>Rows after all steps, and where each came from.</summary>
/// <param name="Rows">Owned; without steps, the rows given.</param>
/// <param name="Origins">For each row its number in the batch given.</param>
internal sealed record Preparation(Batch Rows, int[] Origins, bool Owned) : IDisposable
{
    /// <summary>Applies the steps in order; a row that one of them refuses goes no further.</summary>
    /// <param name="given">Left as it is.</param>
    public static Preparation Of(ImmutableArray<BoundStep> steps, Batch given, List<RowFault> faults)
    {
        var origins = new int[given.Rows];
        for (var i = 0; i < origins.Length; i++) origins[i] = i;
        if (steps.IsEmpty) return new Preparation(given, origins, Owned: false);

        var rows = new Batch();
        try
        {
            foreach (var tensor in given) rows.Add(tensor.Copy());
            foreach (var (stage, step) in steps)
            {
                var found = new RowFaults();
                step.Apply(rows, found);
                if (found.Count == 0) continue;
                foreach (var (row, reason) in found.Reasons) faults.Add(new RowFault(origins[row], stage, reason));
                var kept = RowsWithout(origins.Length, found.Reasons);
                var rest = rows.Take(kept);
                rows.Dispose();
                rows = rest;
                origins = Array.ConvertAll(kept, row => origins[row]);
            }
            return new Preparation(rows, origins, Owned: true);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Owned) Rows.Dispose();
    }

    private static int[] RowsWithout(int count, IReadOnlyDictionary<int, string> bad)
    {
        var kept = new int[count - bad.Count];
        for (int row = 0, at = 0; row < count; row++)
        {
            if (!bad.ContainsKey(row)) kept[at++] = row;
        }
        return kept;
    }
}
