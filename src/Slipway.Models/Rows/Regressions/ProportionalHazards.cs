using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>The cumulative hazard of the baseline as a step function of time.</summary>
/// <param name="times">Ascending; at least one.</param>
/// <param name="hazards">From each of the times on.</param>
/// <param name="end">Beyond this time nothing is known.</param>
internal sealed class BaselineHazard(double[] times, double[] hazards, double end)
{
    /// <returns>0 before the first time; missing after the end.</returns>
    public double At(double time)
    {
        if (!(time <= end)) return Cell.Missing;
        var index = Array.BinarySearch(times, time);
        if (index < 0) index = ~index - 1;
        return index < 0 ? 0 : hazards[index];
    }
}

/// <summary>
/// Cox's proportional hazards: the cumulative hazard at a time, H₀(t) · exp(x·β − x₀·β), where x₀ is the reference point (PMML 4.4.1, General Regression).
/// The survival is exp of minus that.
/// </summary>
/// <param name="stratum">Selects the baseline; null when there is only one.</param>
/// <param name="strata">The index of the baseline of each stratum.</param>
/// <param name="reference">x₀·β.</param>
internal sealed class ProportionalHazards(
    ModelResult result, DesignVector design, ImmutableArray<Estimate> estimates, double reference, RowExpression time, RowExpression? stratum, CellMap strata, ImmutableArray<BaselineHazard> baselines) : RowModel(result)
{
    public override void Score(in Row row) => row[Result.Predicted] = Hazard(row);

    private double Hazard(in Row row)
    {
        var at = time.Evaluate(row);
        var index = 0.0;
        if (stratum is not null)
        {
            var cell = stratum.Evaluate(row);
            index = Cell.IsMissing(cell) ? cell : strata.Find(cell, Cell.Missing);
        }
        if (Cell.IsMissing(at) || Cell.IsMissing(index)) return Cell.Missing;
        var baseline = baselines[(int)index].At(at);
        if (Cell.IsMissing(baseline) || baseline == 0) return baseline;
        return design.TryEvaluate(row) ? Cell.Number(Math.Exp(Estimates.Sum(estimates, design.Values(row)) - reference) * baseline) : Cell.Missing;
    }
}
