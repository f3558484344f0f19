using System.Collections.Immutable;

namespace Slipway.Models.Rows.Ensembles;

/// <summary>Models one after the other, each of which may read what those before it left; results are theirs.</summary>
/// <param name="stopsAtMissing">A member without a prediction leaves the whole chain without one.</param>
internal sealed class ChainModel(ImmutableArray<ModelResult> results, ImmutableArray<EnsembleMember> members, bool stopsAtMissing) : EnsembleModel(results, members)
{
    private readonly bool _byBlock = members.All(m => m.IsUnconditional);

    public override void ScoreBlock(in RowBlock block)
    {
        if (!_byBlock)
        {
            base.ScoreBlock(block);
            return;
        }
        foreach (var member in Members) member.Model.ScoreBlock(block);
        if (!stopsAtMissing) return;
        for (var i = 0; i < block.Count; i++)
        {
            var row = block[i];
            for (var m = 0; m < Members.Length; m++)
            {
                if (!Cell.IsMissing(row[Members[m].Model.Result.Predicted])) continue;
                Stop(m, row);
                break;
            }
        }
    }

    public override void Score(in Row row)
    {
        for (var i = 0; i < Members.Length; i++)
        {
            if (!Members[i].TryScore(row) || !stopsAtMissing || !Cell.IsMissing(row[Members[i].Model.Result.Predicted])) continue;
            Stop(i, row);
            return;
        }
    }

    /// <summary>Neither the chain nor the members after the one without a prediction have a result.</summary>
    private void Stop(int member, in Row row)
    {
        ClearFrom(member + 1, row);
        foreach (var result in Results) result.Clear(row);
    }
}

/// <summary>One model of several: the first whose condition is true, or the last of those that follow each other.</summary>
/// <param name="copies">For each member, from which slots to which the result is taken; none for a member whose result does not count.</param>
internal sealed class SelectionModel(
    ModelResult result, ImmutableArray<EnsembleMember> members, ImmutableArray<ImmutableArray<(int From, int To)>> copies, bool firstOnly) : EnsembleModel([result], members)
{
    public override void Score(in Row row)
    {
        var selected = -1;
        for (var i = 0; i < Members.Length; i++)
        {
            if (firstOnly && selected >= 0) Members[i].Model.Clear(row);
            else if (Members[i].TryScore(row) && !copies[i].IsEmpty) selected = i;
        }
        Result.Clear(row);
        if (selected < 0) return;
        foreach (var (from, to) in copies[selected]) row[to] = row[from];
    }
}
