using Slipway.Core;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Reads the nodes of TreeEnsembleRegressor and TreeEnsembleClassifier (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleClassifier.html).</summary>
internal static class TreeEnsembleReader
{
    /// <param name="weights">How the attributes with weights begin: <c>class</c> or <c>target</c>.</param>
    /// <param name="targets">Classes or targets.</param>
    /// <exception cref="ModelException">The attributes do not fit together.</exception>
    public static TreeNodes Read(OnnxAttributes attributes, string weights, int targets)
    {
        var modes = attributes.Modes("nodes_modes");
        var count = modes.Length;
        if (count == 0) throw attributes.Fault("nodes_modes", "there are no nodes");
        var trees = Sized(attributes, "nodes_treeids", count);
        var numbers = Sized(attributes, "nodes_nodeids", count);
        var trues = Sized(attributes, "nodes_truenodeids", count);
        var falses = Sized(attributes, "nodes_falsenodeids", count);
        var (roots, places) = FindTrees(attributes, trees, numbers);
        Resolve(attributes, places, modes, trees, trues, "nodes_truenodeids");
        Resolve(attributes, places, modes, trees, falses, "nodes_falsenodeids");
        var (starts, owners, values) = ReadWeights(attributes, weights, targets, places, modes);
        return new TreeNodes
        {
            Modes = modes,
            Features = Sized(attributes, "nodes_featureids", count),
            Values = Numbers(attributes, "nodes_values", count),
            Trues = trues,
            Falses = falses,
            MissingIsTrue = Flags(attributes, "nodes_missing_value_tracks_true", count),
            Roots = roots,
            Numbers = numbers,
            WeightStarts = starts,
            WeightTargets = owners,
            Weights = values,
        };
    }

    /// <summary>Numbers that are given as floats or as a tensor.</summary>
    /// <param name="count">-1: as many as there are.</param>
    public static double[] Numbers(OnnxAttributes attributes, string name, int count)
    {
        var values = attributes.Tensor(name + "_as_tensor", out _);
        if (values is not { Length: > 0 })
        {
            var floats = attributes.Numbers(name, Math.Max(0, count));
            values = new double[floats.Length];
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, double>(floats, values);
        }
        if (count >= 0 && values.Length != count) throw attributes.Fault(name, $"{values.Length} values, {count} expected");
        return values;
    }

    /// <summary>Whether a node's test holds for NaN; empty when none does.</summary>
    public static bool[] Flags(OnnxAttributes attributes, string name, int count)
    {
        var flags = attributes.Indices(name, count);
        if (flags.Length > count) throw attributes.Fault(name, $"{flags.Length} values, {count} expected");
        if (!flags.AsSpan().Contains(1)) return [];
        var set = new bool[count];
        for (var i = 0; i < flags.Length; i++) set[i] = flags[i] == 1;
        return set;
    }

    public static int[] Sized(OnnxAttributes attributes, string name, int count)
    {
        var values = attributes.Indices(name, count);
        return values.Length == count ? values : throw attributes.Fault(name, $"{values.Length} values, {count} expected");
    }

    /// <summary>Every run of nodes with one tree number is a tree, and its first node the root.</summary>
    private static (int[] Roots, NodePlaces Places) FindTrees(OnnxAttributes attributes, int[] trees, int[] numbers)
    {
        var roots = new List<int>();
        var inOrder = true;
        for (var i = 0; i < trees.Length; i++)
        {
            if (i == 0 || trees[i] != trees[i - 1])
            {
                inOrder &= i == 0 || trees[i] > trees[i - 1];
                roots.Add(i);
            }
            inOrder &= numbers[i] == i - roots[^1];
        }
        return ([.. roots], inOrder ? new NodePlaces(trees, roots) : new NodePlaces(attributes, trees, numbers));
    }

    private static void Resolve(OnnxAttributes attributes, NodePlaces places, NodeMode[] modes, int[] trees, int[] children, string name)
    {
        for (var i = 0; i < modes.Length; i++)
        {
            if (modes[i] == NodeMode.Leaf) continue;
            var place = places.Find(trees[i], children[i]);
            if (place < 0) throw attributes.Fault(name, $"tree {trees[i]} has no node {children[i]}");
            children[i] = place;
        }
    }

    private static (int[] Starts, int[] Targets, double[] Weights) ReadWeights(OnnxAttributes attributes, string kind, int targets, NodePlaces places, NodeMode[] modes)
    {
        var ids = attributes.Indices($"{kind}_ids");
        var trees = Sized(attributes, $"{kind}_treeids", ids.Length);
        var numbers = Sized(attributes, $"{kind}_nodeids", ids.Length);
        var weights = Numbers(attributes, $"{kind}_weights", ids.Length);
        var starts = new int[modes.Length + 1];
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] >= targets) throw attributes.Fault($"{kind}_ids", $"weight {i} is for {kind} {ids[i]}, but there are {targets}");
            var place = places.Find(trees[i], numbers[i]);
            if (place < 0) throw attributes.Fault($"{kind}_nodeids", $"weight {i}: tree {trees[i]} has no node {numbers[i]}");
            // A weight at a split counts for nothing, as in ONNX Runtime.
            numbers[i] = modes[place] == NodeMode.Leaf ? place : -1;
            if (numbers[i] >= 0) starts[place + 1]++;
        }
        for (var i = 0; i < modes.Length; i++) starts[i + 1] += starts[i];
        // Converters give them leaf by leaf, in the order of the nodes.
        if (numbers.AsSpan().IndexOf(-1) < 0 && IsAscending(numbers)) return (starts, ids, weights);
        var (owners, values) = (new int[starts[^1]], new double[starts[^1]]);
        var next = starts.AsSpan(0, modes.Length).ToArray();
        for (var i = 0; i < ids.Length; i++)
        {
            if (numbers[i] < 0) continue;
            var at = next[numbers[i]]++;
            owners[at] = ids[i];
            values[at] = weights[i];
        }
        return (starts, owners, values);
    }

    private static bool IsAscending(ReadOnlySpan<int> numbers)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] < numbers[i - 1]) return false;
        }
        return true;
    }

    /// <summary>Where a node of a tree stands.</summary>
    private sealed class NodePlaces
    {
        private readonly int[] _trees;

        /// <summary>The first node of every tree, by its number; null when nodes are not in order.</summary>
        private readonly Dictionary<int, int>? _starts;
        private readonly Dictionary<(int, int), int> _places = [];

        /// <summary>The tree that was asked for last, and its first node.</summary>
        private int _tree = -1;
        private int _start;

        /// <summary>For trees in order of their numbers, with nodes numbered from 0.</summary>
        public NodePlaces(int[] trees, List<int> roots)
        {
            _trees = trees;
            _starts = new Dictionary<int, int>(roots.Count);
            foreach (var root in roots) _starts.Add(trees[root], root);
        }

        public NodePlaces(OnnxAttributes attributes, int[] trees, int[] numbers)
        {
            _trees = trees;
            _places.EnsureCapacity(trees.Length);
            for (var i = 0; i < trees.Length; i++)
            {
                if (!_places.TryAdd((trees[i], numbers[i]), i)) throw attributes.Fault("nodes_nodeids", $"tree {trees[i]} has node {numbers[i]} twice");
            }
        }

        /// <returns>-1 when there is no such node.</returns>
        public int Find(int tree, int number)
        {
            if (_starts is null) return _places.GetValueOrDefault((tree, number), -1);
            if (tree != _tree)
            {
                if (!_starts.TryGetValue(tree, out _start)) return -1;
                _tree = tree;
            }
            var place = _start + (long)number;
            return place < _trees.Length && _trees[place] == tree ? (int)place : -1;
        }
    }
}
