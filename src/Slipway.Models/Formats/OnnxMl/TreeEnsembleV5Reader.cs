using Slipway.Core;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Reads the nodes of TreeEnsemble (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html), where leaves are lists of their own.</summary>
internal static class TreeEnsembleV5Reader
{
    /// <exception cref="ModelException">The attributes do not fit together.</exception>
    public static TreeNodes Read(OnnxAttributes attributes, int targets)
    {
        var splits = Required(attributes, "nodes_splits");
        var weights = Required(attributes, "leaf_weights");
        var targetOf = TreeEnsembleReader.Sized(attributes, "leaf_targetids", weights.Length);
        var (inner, leaves) = (splits.Length, weights.Length);
        if (leaves == 0) throw attributes.Fault("leaf_weights", "there are no leaves");
        foreach (var target in targetOf)
        {
            if (target >= targets) throw attributes.Fault("leaf_targetids", $"a leaf is for target {target}, but there are {targets}");
        }
        // Leaves stand after the splits.
        var count = inner + leaves;
        var modes = new NodeMode[count];
        ReadModes(attributes, modes.AsSpan(0, inner));
        modes.AsSpan(inner).Fill(NodeMode.Leaf);
        var trues = Children(attributes, "nodes_truenodeids", "nodes_trueleafs", inner, leaves);
        var falses = Children(attributes, "nodes_falsenodeids", "nodes_falseleafs", inner, leaves);
        var (values, features, numbers) = (new double[count], new int[count], new int[count]);
        splits.CopyTo(values.AsSpan());
        TreeEnsembleReader.Sized(attributes, "nodes_featureids", inner).CopyTo(features.AsSpan());
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = i < inner ? i : i - inner;
            starts[i + 1] = i < inner ? 0 : i - inner + 1;
        }
        return new TreeNodes
        {
            Modes = modes,
            Features = features,
            Values = values,
            Trues = trues,
            Falses = falses,
            MissingIsTrue = Widen(TreeEnsembleReader.Flags(attributes, "nodes_missing_value_tracks_true", inner), count),
            Roots = Roots(attributes, inner, trues, falses),
            Numbers = numbers,
            WeightStarts = starts,
            WeightTargets = targetOf,
            Weights = weights,
            Members = ReadMembers(attributes, modes),
        };
    }

    private static double[] Required(OnnxAttributes attributes, string name) =>
        attributes.Tensor(name, out _) ?? throw attributes.Fault(name, "a tensor of one dimension is expected");

    private static void ReadModes(OnnxAttributes attributes, Span<NodeMode> modes)
    {
        var given = Required(attributes, "nodes_modes");
        if (given.Length != modes.Length) throw attributes.Fault("nodes_modes", $"{given.Length} values, {modes.Length} expected");
        for (var i = 0; i < modes.Length; i++)
        {
            modes[i] = given[i] is >= 0 and <= (double)NodeMode.Member ? (NodeMode)given[i] : throw attributes.Fault("nodes_modes", $"node {i} has mode {given[i]}, 0 to 6 expected");
        }
    }

    private static int[] Children(OnnxAttributes attributes, string name, string leafName, int inner, int leaves)
    {
        var ids = TreeEnsembleReader.Sized(attributes, name, inner);
        var isLeaf = TreeEnsembleReader.Sized(attributes, leafName, inner);
        for (var i = 0; i < inner; i++)
        {
            var limit = isLeaf[i] != 0 ? leaves : inner;
            if (ids[i] >= limit) throw attributes.Fault(name, $"node {i} leads to {(isLeaf[i] != 0 ? "leaf" : "node")} {ids[i]}, but there are {limit}");
            if (isLeaf[i] != 0) ids[i] += inner;
        }
        return ids;
    }

    /// <summary>A root both of whose children are the same leaf is a tree of that leaf alone.</summary>
    private static int[] Roots(OnnxAttributes attributes, int inner, int[] trues, int[] falses)
    {
        var roots = attributes.Indices("tree_roots");
        if (roots.Length == 0) throw attributes.Fault("tree_roots", "there are no trees");
        for (var tree = 0; tree < roots.Length; tree++)
        {
            var root = roots[tree];
            if (root >= inner) throw attributes.Fault("tree_roots", $"tree {tree} begins at node {root}, but there are {inner}");
            if (trues[root] == falses[root] && trues[root] >= inner) roots[tree] = trues[root];
        }
        return roots;
    }

    private static Dictionary<int, double[]> ReadMembers(OnnxAttributes attributes, NodeMode[] modes)
    {
        var sets = new Dictionary<int, double[]>();
        double[] values = attributes.Tensor("membership_values", out _) ?? [];
        var at = 0;
        for (var node = 0; node < modes.Length; node++)
        {
            if (modes[node] != NodeMode.Member) continue;
            // One set after the other, each ended by NaN.
            var rest = values.AsSpan(Math.Min(at, values.Length));
            var length = 0;
            while (length < rest.Length && !double.IsNaN(rest[length])) length++;
            if (length == 0) throw attributes.Fault("membership_values", $"node {node} has no members");
            sets.Add(node, rest[..length].ToArray());
            at += length + 1;
        }
        return sets;
    }

    private static bool[] Widen(bool[] flags, int count)
    {
        if (flags.Length > 0) Array.Resize(ref flags, count);
        return flags;
    }
}
