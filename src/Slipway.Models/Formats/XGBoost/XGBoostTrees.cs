using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>XGBoost's parallel arrays, checked against each other, as a <see cref="TreeEnsemble"/>.</summary>
internal static class XGBoostTrees
{
    public static TreeEnsemble Build(XGBoostDocument document, int features, int outputs, ImmutableArray<float> margins, bool hasStatistics)
    {
        var trees = document.Trees;
        if (document.TreeOutputs.Length != trees.Count) throw new ModelException($"gradient_booster.model.tree_info has {document.TreeOutputs.Length} entries for {trees.Count} trees");
        if (document.TreeWeights.Length > 0 && document.TreeWeights.Length != trees.Count) throw new ModelException($"gradient_booster.weight_drop has {document.TreeWeights.Length} entries for {trees.Count} trees");
        var builder = new TreeEnsembleBuilder(features, outputs, TreeArithmetic.Float32).ForScores(!hasStatistics).BaseMargins([.. margins]);
        var used = UsedTrees(document, outputs);
        var nodes = 0L;
        for (var t = 0; t < used; t++) nodes += trees[t].LeftChildren.Length;
        builder.Expect((int)Math.Min(nodes, Array.MaxLength));
        for (var t = 0; t < used; t++)
        {
            var weight = document.TreeWeights.Length > 0 ? document.TreeWeights[t] : 1f;
            CheckLengths(trees[t], t, outputs);
            builder.BeginTree(trees[t].LeftChildren.Length, document.TreeOutputs[t]);
            Add(builder, trees[t], t, outputs, weight);
            if (hasStatistics) AddStatistics(builder, trees[t]);
            builder.EndTree();
        }
        return builder.Build();
    }

    /// <summary>A tree for each output (one for all when leaves are vectors), as many times as trees grow in parallel.</summary>
    public static int TreesPerRound(XGBoostDocument document, int outputs)
    {
        if (document.RoundStarts.Length > 1) return Math.Clamp(document.RoundStarts[1] - document.RoundStarts[0], 1, Math.Max(1, document.Trees.Count));
        var parallel = Math.Max(1, Number(document.TreeParameters, "num_parallel_tree") ?? 1);
        return (int)Math.Clamp((long)parallel * Groups(document, outputs), 1, Math.Max(1, document.Trees.Count));
    }

    /// <summary>Trees up to the best round when training stopped early, as XGBoost's scikit-learn predict and the owners of such files use them; else all.</summary>
    private static int UsedTrees(XGBoostDocument document, int outputs)
    {
        var all = document.Trees.Count;
        // Files before 1.4 do not tell how many trees grew in parallel, but they tell the limit: trees for each output.
        if (Number(document.Attributes, "best_ntree_limit") is > 0 and var limit) return (int)Math.Min(all, (long)limit * Groups(document, outputs));
        if (Number(document.Attributes, "best_iteration") is not { } round) return all;
        if (document.RoundStarts.Length > 0) return round < document.RoundStarts.Length - 1 ? Math.Clamp(document.RoundStarts[round + 1], 0, all) : all;
        return (int)Math.Min(all, (round + 1L) * TreesPerRound(document, outputs));
    }

    private static int Groups(XGBoostDocument document, int outputs) => document.Trees.Count > 0 && document.Trees[0].LeafSize > 1 ? 1 : outputs;

    private static int? Number(Dictionary<string, string> texts, string name) =>
        texts.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void CheckLengths(XGBoostTree tree, int t, int outputs)
    {
        var nodes = tree.LeftChildren.Length;
        Check("right_children", tree.RightChildren.Length);
        Check("split_indices", tree.SplitIndices.Length);
        Check("split_conditions", tree.SplitConditions.Length);
        Check("default_left", tree.DefaultLeft.Length);
        if (tree.SplitTypes.Length > 0) Check("split_type", tree.SplitTypes.Length);
        if (tree.LossChanges.Length > 0) Check("loss_changes", tree.LossChanges.Length);
        if (tree.SumHessians.Length > 0) Check("sum_hessian", tree.SumHessians.Length);
        if (tree.CategoryNodes.Length != tree.CategorySegments.Length || tree.CategoryNodes.Length != tree.CategorySizes.Length)
        {
            throw new ModelException($"tree {t}: categories_nodes, categories_segments and categories_sizes differ in length");
        }
        if (tree.LeafSize > 1 && tree.LeafSize != outputs) throw new ModelException($"tree {t}: leaves of {tree.LeafSize} values for {outputs} outputs");

        void Check(string name, int length)
        {
            if (length != nodes) throw new ModelException($"tree {t}: {name} has {length} entries, left_children {nodes}");
        }
    }

    private static void Add(TreeEnsembleBuilder builder, XGBoostTree tree, int t, int outputs, float weight)
    {
        var vector = tree.LeafSize > 1 ? new double[outputs] : null;
        var categoryEntry = 0;
        for (var node = 0; node < tree.LeftChildren.Length; node++)
        {
            var isCategorical = categoryEntry < tree.CategoryNodes.Length && tree.CategoryNodes[categoryEntry] == node;
            if (tree.LeftChildren[node] < 0)
            {
                if (vector is null) builder.Leaf(node, Weighted(tree.SplitConditions[node], weight));
                else builder.VectorLeaf(node, LeafVector(tree, t, node, vector, weight));
            }
            else if (isCategorical)
            {
                builder.CategoricalSplit(node, tree.SplitIndices[node], Categories(tree, t, categoryEntry), tree.LeftChildren[node], tree.RightChildren[node], tree.DefaultLeft[node] != 0);
            }
            else if (tree.SplitTypes.Length > 0 && tree.SplitTypes[node] != 0)
            {
                throw new ModelException($"tree {t}, node {node}: a categorical split without an entry in categories_nodes");
            }
            else
            {
                builder.Split(node, tree.SplitIndices[node], tree.SplitConditions[node], tree.LeftChildren[node], tree.RightChildren[node], tree.DefaultLeft[node] != 0);
            }
            if (isCategorical) categoryEntry++;
        }
        if (categoryEntry < tree.CategoryNodes.Length) throw new ModelException($"tree {t}: categories_nodes is not in ascending order, or names a node that does not exist");
    }

    private static void AddStatistics(TreeEnsembleBuilder builder, XGBoostTree tree)
    {
        if (tree.LossChanges.Length == 0 || tree.SumHessians.Length == 0) return;
        for (var node = 0; node < tree.LeftChildren.Length; node++)
        {
            builder.Statistics(node, tree.SumHessians[node], tree.LeftChildren[node] < 0 ? 0 : tree.LossChanges[node]);
        }
    }

    private static ReadOnlySpan<int> Categories(XGBoostTree tree, int t, int entry)
    {
        var (start, size) = (tree.CategorySegments[entry], tree.CategorySizes[entry]);
        if (start < 0 || size <= 0 || start > tree.Categories.Length - size)
        {
            throw new ModelException($"tree {t}, node {tree.CategoryNodes[entry]}: {size} categories from {start} on, but there are {tree.Categories.Length}");
        }
        return tree.Categories.AsSpan(start, size);
    }

    private static ReadOnlySpan<double> LeafVector(XGBoostTree tree, int t, int node, double[] vector, float weight)
    {
        var (values, index) = tree.LeafWeights.Length > 0 ? (tree.LeafWeights, tree.RightChildren[node]) : (tree.BaseWeights, node);
        if (index < 0 || (index + 1L) * vector.Length > values.Length) throw new ModelException($"tree {t}, node {node}: its leaf values are not in the file");
        for (var i = 0; i < vector.Length; i++) vector[i] = Weighted(values[(index * vector.Length) + i], weight);
        return vector;
    }

    /// <summary>XGBoost multiplies each leaf by its tree's DART weight and then adds: the product can be taken once.</summary>
    private static float Weighted(float value, float weight) => value * weight;
}
