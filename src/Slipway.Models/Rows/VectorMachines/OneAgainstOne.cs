using System.Collections.Immutable;

namespace Slipway.Models.Rows.VectorMachines;

/// <summary>What a function that decides between two categories says.</summary>
/// <param name="Below">The index of the category of values below the threshold.</param>
/// <param name="Otherwise">That of the others.</param>
internal readonly record struct Duel(int Below, int Otherwise, double Threshold);

/// <summary>A function for each pair of categories: the category with most votes wins, the first of equals. Votes are the affinities, and divided by their sum the probabilities.</summary>
/// <param name="aboveOnly">A value at the threshold votes as one below it.</param>
internal sealed class OneAgainstOne(ModelResult result, DecisionFunctions functions, ImmutableArray<Duel> duels, bool aboveOnly) : RowModel(result)
{
    public override void Score(in Row row)
    {
        if (!functions.TryPrepare(row))
        {
            Result.Clear(row);
            return;
        }
        var votes = row.Cells.Slice(Result.Affinities, Result.Categories.Length);
        votes.Clear();
        for (var i = 0; i < duels.Length; i++)
        {
            var value = functions.Evaluate(row, i);
            var (below, otherwise, threshold) = duels[i];
            votes[(aboveOnly ? value > threshold : !(value < threshold)) ? otherwise : below]++;
        }
        var winner = 0;
        var probabilities = row.Cells.Slice(Result.Probabilities, votes.Length);
        for (var i = 0; i < votes.Length; i++)
        {
            probabilities[i] = votes[i] / duels.Length;
            if (votes[i] > votes[winner]) winner = i;
        }
        row[Result.Predicted] = Result.Categories[winner];
    }
}
