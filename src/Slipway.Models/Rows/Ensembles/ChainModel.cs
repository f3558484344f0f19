using System.Collections.Immutable;

namespace Slipway.Models.Rows.Ensembles;

/// <summary>Models one after the other, each of which may read what those before it left; results are theirs.</summary>
internal sealed class ChainModel(ImmutableArray<ModelResult> results, ImmutableArray<EnsembleMember> members) : RowModel(results)
{
    private readonly bool _unconditional = members.All(m => m.IsUnconditional);

    public override void ScoreBlock(in RowBlock block)
    {
        if (!_unconditional)
        {
            base.ScoreBlock(block);
            return;
        }
        foreach (var member in members) member.Model.ScoreBlock(block);
    }

    public override void Score(in Row row)
    {
        foreach (var member in members)
        {
            if (member.TakesPart(row))
            {
                member.Model.Score(row);
                continue;
            }
            foreach (var result in member.Model.Results) result.Clear(row);
        }
    }
}

/// <summary>One model of several: the first whose condition is true, or the last of those that follow each other.</summary>
/// <param name="copies">For each member, from which slots to which the result is taken; they are as many for all.</param>
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
            selected = i;
        }
        Result.Clear(row);
        if (selected < 0) return;
        foreach (var (from, to) in copies[selected]) row[to] = row[from];
    }
}
