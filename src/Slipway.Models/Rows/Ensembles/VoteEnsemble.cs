using System.Collections.Immutable;

namespace Slipway.Models.Rows.Ensembles;

/// <summary>Every member votes for the category it predicts; the most votes win, and of equals the category that was voted for first.</summary>
/// <param name="categories">For each member, the place of each of its categories in the result's.</param>
internal sealed class VoteEnsemble(
    ModelResult result, ImmutableArray<EnsembleMember> members, ImmutableArray<CellMap> categories, bool weighted, MissingPrediction treatment, double missingThreshold) : EnsembleModel([result], members)
{
    public override void Score(in Row row)
    {
        var votes = row.Cells.Slice(Result.Probabilities, Result.Categories.Length);
        votes.Clear();
        var share = new MissingShare(missingThreshold);
        double all = 0, none = 0;
        for (var i = 0; i < Members.Length; i++)
        {
            var member = Members[i];
            if (!member.TryScore(row)) continue;
            var predicted = row[member.Model.Result.Predicted];
            var weight = weighted ? member.Weight(row) : 1;
            share.Count(weight, Cell.IsMissing(predicted));
            if (Cell.IsMissing(predicted))
            {
                if (treatment == MissingPrediction.ReturnMissing)
                {
                    Finish(i + 1, treatment, row);
                    Result.Clear(row);
                    return;
                }
                if (treatment == MissingPrediction.Continue) none += weight;
                continue;
            }
            var category = (int)categories[i].Find(predicted, -1);
            if (category < 0) continue;
            votes[category] += weight;
            all += weight;
        }
        var winner = WinnerOf(row, votes);
        if (winner < 0 || none > votes[winner] || share.IsTooLarge)
        {
            Result.Clear(row);
            return;
        }
        row[Result.Predicted] = Result.Categories[winner];
        foreach (ref var vote in votes) vote /= all;
    }

    /// <summary>Of several with the most votes, the one that the earliest member voted for.</summary>
    private int WinnerOf(in Row row, ReadOnlySpan<double> votes)
    {
        var best = -1;
        for (var i = 0; i < votes.Length; i++)
        {
            if (votes[i] > 0 && (best < 0 || votes[i] > votes[best])) best = i;
        }
        if (best < 0 || votes[(best + 1)..].IndexOf(votes[best]) < 0) return best;
        for (var i = 0; i < Members.Length; i++)
        {
            if (!Members[i].TakesPart(row)) continue;
            // Members may share the slots of their results.
            Members[i].Model.Score(row);
            var predicted = row[Members[i].Model.Result.Predicted];
            var category = Cell.IsMissing(predicted) ? -1 : (int)categories[i].Find(predicted, -1);
            if (category >= 0 && votes[category] == votes[best]) return category;
        }
        return best;
    }
}
