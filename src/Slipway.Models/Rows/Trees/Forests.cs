using System.Collections.Immutable;
using Slipway.Models.Rows.Ensembles;
using Slipway.Models.Rows.Regressions;
using Slipway.Models.Trees;

namespace Slipway.Models.Rows.Trees;

/// <summary>Gives ensembles of decision trees to a tree kernel where that gives the same bits.</summary>
internal static class Forests
{
    /// <summary>Sums and means of numbers.</summary>
    /// <param name="exact">The ensemble.</param>
    /// <param name="start">What a sum begins with.</param>
    /// <returns>The ensemble itself when it cannot be faster.</returns>
    public static RowModel OfNumbers(RowModel exact, ImmutableArray<EnsembleMember> members, NumberMethod method, bool isFloat, double start)
    {
        if (method > NumberMethod.WeightedAverage || TreesOf(members) is not { } trees) return exact;
        var weighted = method is NumberMethod.WeightedSum or NumberMethod.WeightedAverage;
        var parts = ForestParts.TryCreate(trees, 1, isFloat ? TreeArithmetic.Float32 : TreeArithmetic.Float64, start, (tree, outcome, values) =>
        {
            var weight = weighted ? members[tree].FixedWeight : 1;
            values[0] = weight == 1 ? outcome[0] : isFloat ? (float)outcome[0] * (float)weight : outcome[0] * weight;
        });
        if (parts is null) return exact;
        var divisor = method is NumberMethod.Sum or NumberMethod.WeightedSum ? 1 : SumOfWeights(members, weighted, isFloat);
        return new NumberForest(exact, parts, divisor, isFloat);
    }

    /// <summary>Means of probabilities.</summary>
    /// <param name="sources">For each member and category of the result: the slot of the member's probability, or -1.</param>
    /// <inheritdoc cref="OfNumbers"/>
    public static RowModel OfProbabilities(RowModel exact, ImmutableArray<EnsembleMember> members, ImmutableArray<ImmutableArray<int>> sources, ProbabilityMethod method, bool isFloat)
    {
        if (method > ProbabilityMethod.WeightedAverage || TreesOf(members) is not { } trees) return exact;
        var weighted = method == ProbabilityMethod.WeightedAverage;
        var parts = ForestParts.TryCreate(trees, exact.Result.Categories.Length, isFloat ? TreeArithmetic.Float32 : TreeArithmetic.Float64, 0, (tree, outcome, values) =>
        {
            var weight = weighted ? members[tree].FixedWeight : 1;
            for (var c = 0; c < values.Length; c++)
            {
                var value = Cell.IsMissing(outcome[0]) ? double.NaN : sources[tree][c] < 0 ? 0 : outcome[sources[tree][c] - trees[tree].Outcomes.First];
                values[c] = weight == 1 ? value : isFloat ? (float)value * (float)weight : value * weight;
            }
        });
        return parts is null ? exact : new ProbabilityForest(exact, parts, SumOfWeights(members, weighted, isFloat: false), isFloat);
    }

    /// <summary>Votes.</summary>
    /// <param name="categories">For each member, the place of each of its categories in the result's.</param>
    /// <inheritdoc cref="OfNumbers"/>
    public static RowModel OfVotes(RowModel exact, ImmutableArray<EnsembleMember> members, ImmutableArray<CellMap> categories, bool weighted)
    {
        if (TreesOf(members) is not { } trees) return exact;
        var parts = ForestParts.TryCreate(trees, exact.Result.Categories.Length, TreeArithmetic.Float64, 0, (tree, outcome, values) =>
        {
            var category = Cell.IsMissing(outcome[0]) ? -1 : (int)categories[tree].Find(outcome[0], -1);
            if (category < 0) values.Fill(double.NaN);
            else values.Clear();
            if (category >= 0) values[category] = weighted ? members[tree].FixedWeight : 1;
        });
        return parts is null ? exact : new VoteForest(exact, parts, SumOfWeights(members, weighted, isFloat: false));
    }

    /// <returns>Null when a member is not a plain decision tree that has its say in every row with the same weight.</returns>
    private static ImmutableArray<DecisionTree>? TreesOf(ImmutableArray<EnsembleMember> members)
    {
        var trees = ImmutableArray.CreateBuilder<DecisionTree>(members.Length);
        foreach (var member in members)
        {
            if (!member.IsUnconditional || member.VariableWeight is not null || member.Model.GetType() != typeof(DecisionTree)) return null;
            trees.Add((DecisionTree)member.Model);
        }
        return trees.MoveToImmutable();
    }

    /// <summary>Added up in the order of the members, as the ensemble does for every row.</summary>
    private static double SumOfWeights(ImmutableArray<EnsembleMember> members, bool weighted, bool isFloat)
    {
        double sum = 0;
        foreach (var member in members)
        {
            var weight = weighted ? member.FixedWeight : 1;
            sum = isFloat ? (float)sum + (float)weight : sum + weight;
        }
        return sum;
    }
}

/// <param name="divisor">1 for sums.</param>
internal sealed class NumberForest(RowModel exact, ForestParts parts, double divisor, bool isFloat) : TreeForest(exact, parts)
{
    protected override bool TryFinish(Span<double> sums, in Row row)
    {
        var sum = sums[0];
        if (double.IsNaN(sum)) return false;
        row[Result.Predicted] = divisor == 1 ? sum : isFloat ? (float)sum / (float)divisor : sum / divisor;
        return true;
    }
}

internal sealed class ProbabilityForest(RowModel exact, ForestParts parts, double divisor, bool isFloat) : TreeForest(exact, parts)
{
    protected override bool TryFinish(Span<double> sums, in Row row)
    {
        if (double.IsNaN(sums[0])) return false;
        foreach (ref var sum in sums) sum = isFloat ? (float)sum / (float)divisor : sum / divisor;
        sums.CopyTo(row.Cells[Result.Probabilities..]);
        row[Result.Predicted] = Result.Categories[Winner.Of(sums)];
        return true;
    }
}

internal sealed class VoteForest(RowModel exact, ForestParts parts, double votes) : TreeForest(exact, parts)
{
    protected override bool TryFinish(Span<double> sums, in Row row)
    {
        if (double.IsNaN(sums[0])) return false;
        var winner = Winner.Of(sums);
        // Who of equals was voted for first, the ensemble itself knows.
        if (!(sums[winner] > 0) || sums[(winner + 1)..].Contains(sums[winner])) return false;
        row[Result.Predicted] = Result.Categories[winner];
        for (var c = 0; c < sums.Length; c++) row[Result.Probabilities + c] = sums[c] / votes;
        return true;
    }
}
