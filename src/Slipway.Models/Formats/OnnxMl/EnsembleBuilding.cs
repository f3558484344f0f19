using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What leaves hold.</summary>
internal enum LeafForm
{
    /// <summary>One value for the tree's only target.</summary>
    Scalar,

    /// <summary>A value for every target.</summary>
    Vector,

    /// <summary>Nothing: leaves are numbered, and their weights looked up.</summary>
    Number,
}

/// <summary>Makes a <see cref="TreeEnsemble"/> of the nodes of an ONNX operator.</summary>
/// <param name="nodes">Of all trees.</param>
/// <param name="categories">Of the same nodes.</param>
/// <param name="features">Values in a row of inputs.</param>
/// <param name="targets">Sums of a row.</param>
/// <param name="form">Of leaves.</param>
internal sealed class EnsembleBuilding(TreeNodes nodes, CategoryFeatures categories, int features, int targets, LeafForm form)
{
    private readonly Stack<(int Node, int Draft)> _open = new();
    private readonly List<Draft> _drafts = [];
    private readonly List<int> _members = [];
    private readonly double[] _vector = new double[form == LeafForm.Vector ? targets : 0];

    /// <summary>Nodes that may still be laid out: a node that several lead to is laid out for each.</summary>
    private long _left = (2L * nodes.Count) + 64;

    /// <param name="Node">In the file.</param>
    /// <param name="True">Drafts.</param>
    /// <param name="Set">The first of the categories of an equality, and their number.</param>
    private readonly record struct Draft(int Node, int True, int False, bool MissingIsTrue, (int First, int Count) Set);

    /// <exception cref="ModelException">The nodes are no trees.</exception>
    public TreeEnsemble Build(TreeArithmetic arithmetic, bool forScores)
    {
        var builder = new TreeEnsembleBuilder(features + categories.Count, form == LeafForm.Number ? 1 : targets, arithmetic).ForScores(forScores).Expect(nodes.Count);
        foreach (var root in nodes.Roots) BuildTree(builder, root);
        return builder.Build();
    }

    private void BuildTree(TreeEnsembleBuilder builder, int root)
    {
        _drafts.Clear();
        _members.Clear();
        _drafts.Add(default);
        _open.Push((root, 0));
        while (_open.TryPop(out var next)) Lay(next.Node, next.Draft);
        builder.BeginTree(_drafts.Count, form == LeafForm.Scalar ? TargetOf(root) : 0);
        for (var draft = 0; draft < _drafts.Count; draft++) Write(builder, draft, _drafts[draft]);
        builder.EndTree();
    }

    private int TargetOf(int root)
    {
        var node = root;
        while (nodes.Modes[node] != NodeMode.Leaf) node = nodes.Trues[node];
        return nodes.TargetsOf(node) is [var target, ..] ? target : 0;
    }

    private void Lay(int node, int draft)
    {
        if (--_left < 0) throw new ModelException($"node {nodes.Numbers[node]}: more nodes are reached than there are: the nodes are no trees");
        if (nodes.Modes[node] == NodeMode.Leaf)
        {
            _drafts[draft] = new Draft(node, -1, -1, false, default);
            return;
        }
        var (missingIsTrue, no, set) = (nodes.IsMissingTrue(node), nodes.Falses[node], (_members.Count, 0));
        switch (nodes.Modes[node])
        {
            case NodeMode.Member:
                foreach (var member in nodes.Members[node]) AddMember(node, member);
                break;
            case NodeMode.NotEqual:
                AddMember(node, nodes.Values[node]);
                break;
            case NodeMode.Equal:
                AddMember(node, nodes.Values[node]);
                // Converters write a set as a chain of equalities that all lead to one node.
                for (var links = 0; links < nodes.Count && IsLink(node, no); links++)
                {
                    AddMember(no, nodes.Values[no]);
                    missingIsTrue |= nodes.IsMissingTrue(no);
                    no = nodes.Falses[no];
                }
                break;
        }
        set.Item2 = _members.Count - set.Item1;
        var child = _drafts.Count;
        _drafts.Add(default);
        _drafts.Add(default);
        _drafts[draft] = new Draft(node, child, child + 1, missingIsTrue, set);
        _open.Push((no, child + 1));
        _open.Push((nodes.Trues[node], child));
    }

    private bool IsLink(int node, int no) =>
        nodes.Modes[no] == NodeMode.Equal && nodes.Features[no] == nodes.Features[node] && nodes.Trues[no] == nodes.Trues[node];

    private void AddMember(int node, double value)
    {
        if (!double.IsNaN(value)) _members.Add(categories.PlaceOf(nodes.Features[node], Truncates(node), value));
    }

    private void Write(TreeEnsembleBuilder builder, int draft, in Draft of)
    {
        var node = of.Node;
        if (of.True < 0)
        {
            WriteLeaf(builder, draft, node);
            return;
        }
        var (feature, value, missing) = (nodes.Features[node], nodes.Values[node], of.MissingIsTrue);
        var isNumeric = nodes.Modes[node] is not (NodeMode.Equal or NodeMode.NotEqual or NodeMode.Member);
        if (isNumeric && double.IsNaN(value))
        {
            // No comparison with NaN holds; nothing is below -∞ either.
            builder.Split(draft, feature, double.NegativeInfinity, of.True, of.False, missing);
            return;
        }
        switch (nodes.Modes[node])
        {
            case NodeMode.AtMost: builder.SplitAtMost(draft, feature, value, of.True, of.False, missing); break;
            case NodeMode.Less: builder.Split(draft, feature, value, of.True, of.False, missing); break;
            case NodeMode.AtLeast: builder.Split(draft, feature, value, of.False, of.True, !missing); break;
            case NodeMode.Greater: builder.SplitAtMost(draft, feature, value, of.False, of.True, !missing); break;
            // NaN is not equal to anything.
            case NodeMode.NotEqual: builder.CategoricalSplit(draft, ColumnOf(node), SetOf(of), of.True, of.False, defaultLeft: true); break;
            default: builder.CategoricalSplit(draft, ColumnOf(node), SetOf(of), of.False, of.True, !missing); break;
        }
    }

    private int ColumnOf(int node) =>
        nodes.Features[node] < features ? categories.ColumnOf(nodes.Features[node], Truncates(node))
            : throw new ModelException($"node {nodes.Numbers[node]}: it tests feature {nodes.Features[node]}, but there are {features}");

    private bool Truncates(int node) => nodes.Members.TryGetValue(node, out var members) && CategoryFeatures.Truncates(members);

    private ReadOnlySpan<int> SetOf(in Draft of) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_members).Slice(of.Set.First, of.Set.Count);

    private void WriteLeaf(TreeEnsembleBuilder builder, int draft, int leaf)
    {
        var weights = nodes.WeightsOf(leaf);
        switch (form)
        {
            case LeafForm.Scalar:
                builder.Leaf(draft, weights.IsEmpty ? nodes.Values[leaf] : weights[0], nodes.Numbers[leaf]);
                break;
            case LeafForm.Number:
                builder.Leaf(draft, 0, leaf);
                break;
            default:
                _vector.AsSpan().Clear();
                var targetsOf = nodes.TargetsOf(leaf);
                for (var i = 0; i < weights.Length; i++) _vector[targetsOf[i]] = weights[i];
                builder.VectorLeaf(draft, _vector, nodes.Numbers[leaf]);
                break;
        }
    }
}
