using System.Collections.Immutable;

namespace Slipway.Models.Rows.Trees;

/// <summary>What the outcomes of a tree are: a row of cells for each, in the order of the result's slots.</summary>
/// <param name="First">The slot of the first cell.</param>
/// <param name="Width">Cells in an outcome.</param>
/// <param name="Cells">Outcome-major.</param>
internal sealed record TreeOutcomes(int First, int Width, double[] Cells)
{
    public int Count => Cells.Length / Width;

    public ReadOnlySpan<double> this[int outcome] => Cells.AsSpan(outcome * Width, Width);

    /// <summary>Only the outcomes asked for, in their order.</summary>
    public TreeOutcomes Select(int[] outcomes)
    {
        var cells = new double[outcomes.Length * Width];
        for (var i = 0; i < outcomes.Length; i++) this[outcomes[i]].CopyTo(cells.AsSpan(i * Width));
        return this with { Cells = cells };
    }
}

/// <summary>A decision tree that ends in one node: the node's cells are the result.</summary>
internal class DecisionTree(ModelResult result, TreeProgram program, TreeOutcomes outcomes) : RowModel(result)
{
    public TreeProgram Program { get; } = program;

    public TreeOutcomes Outcomes { get; } = outcomes;

    public override void Score(in Row row)
    {
        var outcome = Program.Find(row, out _);
        if (Outcomes.Width == 1) row[Outcomes.First] = Outcomes.Cells[outcome];
        else Outcomes[outcome].CopyTo(row.Cells[Outcomes.First..]);
    }
}

/// <summary>A decision tree whose confidences shrink by a factor for every level at which a missing value was got around.</summary>
internal sealed class PenalizedDecisionTree(ModelResult result, TreeProgram program, TreeOutcomes outcomes, double penalty) : DecisionTree(result, program, outcomes)
{
    public override void Score(in Row row)
    {
        var outcome = Program.Find(row, out var detours);
        Outcomes[outcome].CopyTo(row.Cells[Outcomes.First..]);
        if (detours == 0) return;
        var factor = Math.Pow(penalty, detours);
        foreach (ref var confidence in row.Cells.Slice(Result.Confidences, Result.Categories.Length))
        {
            if (!Cell.IsMissing(confidence)) confidence *= factor;
        }
    }
}

/// <summary>A decision tree of which some nodes have models of their own, which take over where the tree ends in such a node.</summary>
/// <param name="models">One for each outcome; null where the outcome's own cells are the result.</param>
internal sealed class EmbeddingDecisionTree(ModelResult result, TreeProgram program, TreeOutcomes outcomes, ImmutableArray<EmbeddedModel?> models) : DecisionTree(result, program, outcomes)
{
    public override void Score(in Row row)
    {
        var outcome = Program.Find(row, out _);
        Outcomes[outcome].CopyTo(row.Cells[Outcomes.First..]);
        models[outcome]?.Score(row, Result);
    }
}

/// <summary>A model inside a tree node; where it has no result, the node's own stays.</summary>
/// <param name="Categories">Where each category of the tree stands among the model's; -1 where the model does not know it.</param>
internal sealed record EmbeddedModel(RowModel Model, ImmutableArray<int> Categories)
{
    public void Score(in Row row, ModelResult result)
    {
        Model.Score(row);
        if (Cell.IsMissing(row[Model.Result.Predicted])) return;
        row[result.Predicted] = row[Model.Result.Predicted];
        if (result.Probabilities < 0) return;
        for (var i = 0; i < Categories.Length; i++)
        {
            row[result.Probabilities + i] = Categories[i] < 0 || Model.Result.Probabilities < 0 ? Cell.Missing : row[Model.Result.Probabilities + Categories[i]];
        }
    }
}
