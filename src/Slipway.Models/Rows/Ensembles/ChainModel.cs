using System.Collections.Immutable;

namespace Slipway.Models.Rows.Ensembles;

/// <summary>Models one after the other, each of which may read what those before it left; results are theirs.</summary>
/// <param name="stopsAtMissing">A member without a prediction leaves the whole chain without one.</param>
internal sealed class ChainModel(ImmutableArray<ModelResult> results, ImmutableArray<EnsembleMember> members, bool stopsAtMissing) : RowModel(results)
{
    private readonly bool _byBlock = members.All(m => m.IsUnconditional);

    public override void ScoreBlock(in RowBlock block)
    {
        if (!_byBlock)
        {
            base.ScoreBlock(block);
            return;
        }
        foreach (var member in members) member.Model.ScoreBlock(block);
        if (!stopsAtMissing) return;
        for (var i = 0; i < block.Count; i++)
        {
            var row = block[i];
            if (LacksPrediction(row, members.Length)) Clear(row);
        }
    }

    public override void Score(in Row row)
    {
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if (!member.TakesPart(row))
            {
                foreach (var result in member.Model.Results) result.Clear(row);
                continue;
            }
            member.Model.Score(row);
            if (!stopsAtMissing || !Cell.IsMissing(row[member.Model.Result.Predicted])) continue;
            for (i++; i < members.Length; i++)
            {
                foreach (var result in members[i].Model.Results) result.Clear(row);
            }
            Clear(row);
        }
    }

    private bool LacksPrediction(in Row row, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (Cell.IsMissing(row[members[i].Model.Result.Predicted])) return true;
        }
        return false;
    }

    private void Clear(in Row row)
    {
        foreach (var result in Results) result.Clear(row);
    }
}

/// <summary>One model of several: the first whose condition is true, or the last of those that follow each other.</summary>
/// <param name="copies">For each member, from which slots to which the result is taken; none for a member whose result does not count.</param>
internal sealed class SelectionModel(
    ModelResult result, ImmutableArray<EnsembleMember> members, ImmutableArray<ImmutableArray<(int From, int To)>> copies, bool firstOnly) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var selected = -1;
        for (var i = 0; i < members.Length; i++)
        {
            if ((firstOnly && selected >= 0) || !members[i].TakesPart(row))
            {
                foreach (var unused in members[i].Model.Results) unused.Clear(row);
                continue;
            }
            members[i].Model.Score(row);
            if (!copies[i].IsEmpty) selected = i;
        }
        Result.Clear(row);
        if (selected < 0) return;
        foreach (var (from, to) in copies[selected]) row[to] = row[from];
    }
}
