using System.Buffers;
using System.Collections.Immutable;

namespace Slipway.Models.Rows.Trees;

/// <summary>
/// A decision tree that follows several branches where a missing value leaves it open which, and blends the nodes in which they end
/// (PMML 4.4.1, TreeModel: weightedConfidence, aggregateNodes). A row that ends in one node has that node's result.
/// </summary>
/// <param name="outcomes">One for each node, and one for no result.</param>
/// <param name="predicates">One for each node.</param>
/// <param name="ends">Where each node's descendants end; nodes are in depth-first order.</param>
/// <param name="hasScore">Which nodes may be the last prediction.</param>
internal abstract class BlendedDecisionTree(
    ModelResult result, TreeOutcomes outcomes, ImmutableArray<RowPredicate> predicates, ImmutableArray<int> ends, ImmutableArray<bool> hasScore, bool returnsLastPrediction) : RowModel(result)
{
    private readonly int _capacity = MaxOpen(ends);

    protected TreeOutcomes Outcomes { get; } = outcomes;

    public sealed override void Score(in Row row)
    {
        var rented = ArrayPool<Branch>.Shared.Rent(_capacity + predicates.Length);
        var reached = rented.AsSpan(0, predicates.Length);
        var count = Follow(row, rented.AsSpan(predicates.Length), reached);
        if (count == 1) Outcomes[reached[0].Node].CopyTo(row.Cells[Outcomes.First..]);
        else if (count == 0) Result.Clear(row);
        else Blend(reached[..count], row);
        ArrayPool<Branch>.Shared.Return(rented);
    }

    /// <summary>Writes the result of two nodes or more.</summary>
    protected abstract void Blend(ReadOnlySpan<Branch> reached, in Row row);

    /// <summary>Puts the children that a row may belong to on the stack.</summary>
    /// <returns>How many.</returns>
    protected abstract int Open(Branch parent, in Row row, Span<Branch> children);

    protected Truth Evaluate(int node, in Row row) => predicates[node].Evaluate(row);

    protected int After(int node) => ends[node];

    private int Follow(in Row row, Span<Branch> open, Span<Branch> reached)
    {
        if (Evaluate(0, row) == Truth.False) return 0;
        var count = 0;
        open[0] = new Branch(0, 1);
        for (var top = 1; top > 0;)
        {
            var branch = open[--top];
            if (ends[branch.Node] == branch.Node + 1)
            {
                reached[count++] = branch;
                continue;
            }
            var children = Open(branch, row, open[top..]);
            if (children == 0 && returnsLastPrediction && hasScore[branch.Node]) reached[count++] = branch;
            open.Slice(top, children).Reverse();
            top += children;
        }
        return count;
    }

    /// <summary>The most branches that are open at once: the siblings along the widest path.</summary>
    private static int MaxOpen(ImmutableArray<int> ends)
    {
        var open = new int[ends.Length];
        var max = open[0] = 1;
        for (var node = 0; node < ends.Length; node++)
        {
            var children = 0;
            for (var child = node + 1; child < ends[node]; child = ends[child]) children++;
            for (var child = node + 1; child < ends[node]; child = ends[child]) open[child] = open[node] + children;
            max = Math.Max(max, open[node]);
        }
        return max;
    }

    /// <summary>A node that a row may belong to, and with which weight.</summary>
    protected readonly record struct Branch(int Node, double Weight);
}

/// <summary>Siblings count by their share of records; the confidences of the nodes reached are added up with these weights.</summary>
/// <param name="records">One for each node.</param>
internal sealed class WeightedDecisionTree(
    ModelResult result, TreeOutcomes outcomes, ImmutableArray<RowPredicate> predicates, ImmutableArray<int> ends, ImmutableArray<bool> hasScore, bool returnsLastPrediction, ImmutableArray<double> records)
    : BlendedDecisionTree(result, outcomes, predicates, ends, hasScore, returnsLastPrediction)
{
    protected override int Open(Branch parent, in Row row, Span<Branch> children)
    {
        var count = 0;
        double sum = 0;
        for (var child = parent.Node + 1; child < After(parent.Node); child = After(child))
        {
            var truth = Evaluate(child, row);
            if (truth == Truth.False) continue;
            children[count++] = new Branch(child, records[child]);
            sum += records[child];
            // Where nothing is open before it, the first that holds is the only one.
            if (truth == Truth.True && count == 1) break;
        }
        foreach (ref var child in children[..count]) child = child with { Weight = count == 1 ? parent.Weight : parent.Weight * child.Weight / sum };
        return count;
    }

    protected override void Blend(ReadOnlySpan<Branch> reached, in Row row)
    {
        var blend = row.Cells.Slice(Outcomes.First, Outcomes.Width);
        blend.Clear();
        foreach (var branch in reached)
        {
            var cells = Outcomes[branch.Node];
            for (var i = 0; i < blend.Length; i++) blend[i] += branch.Weight * cells[i];
        }
        if (Result.EntityId >= 0) row[Result.EntityId] = Cell.Missing;
        if (Result.Categories.IsEmpty) return;
        row[Result.Predicted] = Result.Confidences < 0 ? Cell.Missing
            : Result.Categories[Regressions.Winner.Of(row.Cells.Slice(Result.Confidences, Result.Categories.Length))];
    }
}

/// <summary>The records of all nodes reached, added up by category, are the node that counts. For numbers: the mean, weighted by records.</summary>
/// <param name="records">For each node: its records by category, or for numbers all its records.</param>
internal sealed class AggregatedDecisionTree(
    ModelResult result, TreeOutcomes outcomes, ImmutableArray<RowPredicate> predicates, ImmutableArray<int> ends, ImmutableArray<bool> hasScore, bool returnsLastPrediction, ImmutableArray<double> records)
    : BlendedDecisionTree(result, outcomes, predicates, ends, hasScore, returnsLastPrediction)
{
    protected override int Open(Branch parent, in Row row, Span<Branch> children)
    {
        var count = 0;
        for (var child = parent.Node + 1; child < After(parent.Node); child = After(child))
        {
            var truth = Evaluate(child, row);
            if (truth == Truth.False) continue;
            children[count++] = new Branch(child, 1);
            if (truth == Truth.True) break;
        }
        return count;
    }

    protected override void Blend(ReadOnlySpan<Branch> reached, in Row row)
    {
        Result.Clear(row);
        if (Result.Categories.IsEmpty) BlendNumbers(reached, row);
        else BlendCategories(reached, row);
    }

    private void BlendNumbers(ReadOnlySpan<Branch> reached, in Row row)
    {
        double sum = 0, count = 0;
        foreach (var branch in reached)
        {
            sum += records[branch.Node] * Outcomes[branch.Node][0];
            count += records[branch.Node];
        }
        row[Result.Predicted] = sum / count;
    }

    private void BlendCategories(ReadOnlySpan<Branch> reached, in Row row)
    {
        var categories = Result.Categories.Length;
        var counts = row.Cells.Slice(Result.Probabilities, categories);
        counts.Clear();
        double sum = 0;
        foreach (var branch in reached)
        {
            for (var i = 0; i < categories; i++)
            {
                var count = records[(branch.Node * categories) + i];
                counts[i] += count;
                sum += count;
            }
        }
        row[Result.Predicted] = Result.Categories[Regressions.Winner.Of(counts)];
        foreach (ref var count in counts) count /= sum;
        counts.CopyTo(row.Cells[Result.Confidences..]);
    }
}
