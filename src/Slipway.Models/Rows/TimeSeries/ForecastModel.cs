using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>Forecasts a series: a record asks for as many steps as its horizon says, and has as many answers. Alone, it is answered by the last of them.</summary>
/// <param name="horizon">A whole number from 1; 1 when it is missing.</param>
/// <param name="mean">The slot of the forecast as the series was modelled, before its transformation is undone; -1 when nobody asks.</param>
internal class ForecastModel(ModelResult result, RowExpression horizon, string horizonName, ForecastPath path, SeriesTransformation transformation, int mean) : TableModel(result)
{
    public override bool NeedsNoColumn => true;

    public override void Score(in Row row)
    {
        var steps = Horizon(row);
        Put(path.To(steps), steps - 1, row);
    }

    public override void Answer(RecordTable records, AnswerTable answers)
    {
        var cells = records.Cells();
        for (var record = 0; record < records.Count; record++)
        {
            var row = records.Load(record, cells);
            var steps = Horizon(row);
            var known = path.To(steps);
            for (var step = 0; step < steps; step++)
            {
                records.Program.Reset(cells);
                Put(known, step, row);
                answers.Add(row);
            }
        }
    }

    private void Put(ForecastPath.Known known, int step, in Row row)
    {
        row[Result.Predicted] = Cell.Number(transformation.Undo(known.Means[step]));
        if (mean >= 0) row[mean] = Cell.Number(known.Means[step]);
        if (Result.StandardError >= 0) row[Result.StandardError] = Cell.Number(Math.Sqrt(known.Variances[step]));
    }

    private int Horizon(in Row row)
    {
        var steps = horizon.Evaluate(row);
        if (Cell.IsMissing(steps)) return 1;
        if (steps >= 1 && steps <= path.Limit && Math.Floor(steps) == steps) return (int)steps;
        throw new RecordException($"field '{horizonName}': the horizon is a whole number from 1 to {path.Limit}, not {steps.ToString("R", CultureInfo.InvariantCulture)}");
    }
}

/// <summary>A bound of the interval in which the value will be with some probability: errors are taken to be normal where the series was modelled.</summary>
/// <param name="deviations">How many standard errors from the forecast.</param>
internal sealed class ForecastBound(int mean, int standardError, double deviations, SeriesTransformation transformation) : RowExpression(CellType.Float64)
{
    public override double Evaluate(in Row row) => Cell.Number(transformation.Undo(Bound(row[mean] + (deviations * row[standardError]))));

    /// <summary>A root is not negative.</summary>
    private double Bound(double value) => transformation == SeriesTransformation.SquareRoot ? Math.Max(0, value) : value;
}
