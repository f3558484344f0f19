using System.Collections.Immutable;

namespace Slipway.Models.Rows;

/// <summary>
/// A model element in runnable form: computes its result for a row and leaves it in the slots that <see cref="Result"/> names.
/// Immutable, thread-safe, allocates nothing per row.
/// </summary>
public abstract class RowModel(params ImmutableArray<ModelResult> results)
{
    /// <summary>The result of the first target, which most models have alone.</summary>
    public ModelResult Result => Results[0];

    /// <summary>One for each target, in the order in which the model declares them.</summary>
    public ImmutableArray<ModelResult> Results { get; } = results;

    /// <exception cref="Core.RecordException">The row cannot be scored.</exception>
    public abstract void Score(in Row row);

    /// <summary>Leaves no result for a row that the model does not take part in, in the models inside it neither.</summary>
    public virtual void Clear(in Row row)
    {
        foreach (var result in Results) result.Clear(row);
    }

    /// <summary>Scores many rows: one after the other, unless a model knows a faster way to the same results.</summary>
    /// <exception cref="Core.RecordException">A row cannot be scored; those after it may not have been.</exception>
    public virtual void ScoreBlock(in RowBlock block)
    {
        for (var i = 0; i < block.Count; i++) Score(block[i]);
    }
}

/// <summary>
/// Where a model element leaves its result: slots of the row. What an element does not compute is -1 or empty.
/// Every slot of the result is written by every <see cref="RowModel.Score"/>; a result that cannot be computed is <see cref="Cell.Missing"/>.
/// </summary>
public sealed record ModelResult
{
    /// <summary>The predicted value: a number, a category, a cluster, …</summary>
    public required int Predicted { get; init; }

    /// <summary>The type of <see cref="Predicted"/>.</summary>
    public required CellType Type { get; init; }

    /// <summary>The target's categories (clusters, …) as cells of <see cref="Type"/>, in the order of the slots below.</summary>
    public ImmutableArray<double> Categories { get; init; } = [];

    /// <summary>The slot of the first category's probability; the others follow.</summary>
    public int Probabilities { get; init; } = -1;

    /// <summary>The slot of the first category's confidence; the others follow.</summary>
    public int Confidences { get; init; } = -1;

    /// <summary>The slot of the first category's affinity (distance, similarity, vote); the others follow.</summary>
    public int Affinities { get; init; } = -1;

    /// <summary>The identifier of the winning entity (node, cluster, rule, neighbour), a cell of type <see cref="CellType.Text"/>.</summary>
    public int EntityId { get; init; } = -1;

    /// <summary>The slot of the best entity's identifier when entities are ranked (neighbours, clusters, rules); the others follow, <see cref="RankCount"/> in all.</summary>
    public int RankedEntityIds { get; init; } = -1;

    /// <summary>The slot of the best entity's affinity; the others follow, <see cref="RankCount"/> in all.</summary>
    public int RankedAffinities { get; init; } = -1;

    /// <summary>How many ranks there are slots for; cells beyond those the row has are missing.</summary>
    public int RankCount { get; init; }

    /// <summary>The slot of the first reason code, a text; the others follow, as many as <see cref="ReasonCodeCount"/>.</summary>
    public int ReasonCodes { get; init; } = -1;

    public int ReasonCodeCount { get; init; }

    /// <summary>The slot of the standard error of the prediction.</summary>
    public int StandardError { get; init; } = -1;

    /// <summary>The slot of the standard deviation of the prediction.</summary>
    public int StandardDeviation { get; init; } = -1;

    /// <summary>Makes every cell of the result missing.</summary>
    public void Clear(in Row row)
    {
        row[Predicted] = Cell.Missing;
        Clear(row, Probabilities, Categories.Length);
        Clear(row, Confidences, Categories.Length);
        Clear(row, Affinities, Categories.Length);
        Clear(row, EntityId, 1);
        Clear(row, RankedEntityIds, RankCount);
        Clear(row, RankedAffinities, RankCount);
        Clear(row, ReasonCodes, ReasonCodeCount);
        Clear(row, StandardError, 1);
        Clear(row, StandardDeviation, 1);
    }

    private static void Clear(in Row row, int first, int count)
    {
        if (first >= 0) row.Cells.Slice(first, count).Fill(Cell.Missing);
    }
}
