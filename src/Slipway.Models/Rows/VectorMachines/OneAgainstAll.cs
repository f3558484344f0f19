using System.Collections.Immutable;

namespace Slipway.Models.Rows.VectorMachines;

/// <summary>One function for each category: the category with the smallest value wins, or that with the greatest; the first of equals. The values are the affinities.</summary>
/// <param name="categories">The index of each function's category.</param>
internal sealed class OneAgainstAll(ModelResult result, DecisionFunctions functions, ImmutableArray<int> categories, bool maxWins) : RowModel(result)
{
    public override void Score(in Row row)
    {
        Result.Clear(row);
        if (!functions.TryPrepare(row)) return;
        var affinities = row.Cells.Slice(Result.Affinities, Result.Categories.Length);
        var (best, winner) = (double.NaN, 0);
        for (var i = 0; i < functions.Count; i++)
        {
            var value = functions.Evaluate(row, i);
            affinities[categories[i]] = Cell.Number(value);
            if (i > 0 && !(maxWins ? value > best : value < best)) continue;
            (best, winner) = (value, categories[i]);
        }
        row[Result.Predicted] = Result.Categories[winner];
    }
}
