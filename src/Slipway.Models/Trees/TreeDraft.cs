using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Models.Trees;

/// <summary>
/// The nodes of one tree as a <see cref="TreeEnsembleBuilder"/> is given them, by their ids and in any order. One tree after the other uses it. What runs
/// per node is compiled optimized at once: a model is loaded before the runtime would come to it.
/// </summary>
internal sealed class TreeDraft
{
    private Node[] _nodes = [];
    private int _room;

    /// <summary>After the last node that is given: there may be room for many more.</summary>
    private int _end;
    private int _given;

    /// <summary>By node; empty until the first are given.</summary>
    private (double Cover, double Gain)[] _statistics = [];

    /// <summary>The nodes that were laid out last, in their order.</summary>
    private int[] _queue = [];
    private int _reached;

    /// <summary>Of the ensemble's trees, for messages.</summary>
    public int Tree { get; private set; }

    private enum Kind : byte
    {
        Absent,
        Split,
        Leaf,
    }

    /// <summary>Begins a tree, of at most <paramref name="nodes"/> nodes.</summary>
    public void Begin(int tree, int nodes)
    {
        if (_nodes.Length < nodes) _nodes = new Node[Math.Max(nodes, 2 * _nodes.Length)];
        else _nodes.AsSpan(0, _end).Clear();
        (Tree, _room, _end, _given) = (tree, nodes, 0, 0);
        if (_statistics.Length > 0) ClearStatistics();
    }

    /// <param name="set">That it splits by; -1: by the threshold.</param>
    public void Split(int node, int feature, double threshold, int set, int left, int right, bool defaultLeft) =>
        Add(node, new Node { Kind = Kind.Split, Feature = feature, Value = threshold, Left = left, Right = right, DefaultLeft = defaultLeft, Payload = set });

    /// <param name="payload">Its first vector value, or one more than its linear model; -1 for neither.</param>
    /// <param name="id">Its number.</param>
    public void Leaf(int node, double value, int payload, int id) => Add(node, new Node { Kind = Kind.Leaf, Value = value, Payload = payload, Id = id });

    public void Statistics(int node, double cover, double gain)
    {
        CheckRoom(node);
        if (_statistics.Length < _room) ClearStatistics();
        _statistics[node] = (cover, gain);
    }

    /// <summary>Checks that every path from node 0 ends in a leaf and reaches no node twice, and adds the nodes breadth first.</summary>
    /// <returns>Edges from the root to the deepest leaf.</returns>
    public int LayOut(NodeColumns columns)
    {
        if (_nodes[0].Kind == Kind.Absent) throw new ModelException($"tree {Tree} has no root (node 0)");
        var start = columns.Count;
        columns.Reserve(_given);
        var depth = Place(columns, start);
        columns.Count = start + _reached;
        if (_statistics.Length > 0) PlaceStatistics(columns, start);
        return depth;
    }

    public ModelException At(int node, string problem) => new($"tree {Tree}, node {node}: {problem}");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Place(NodeColumns columns, int start)
    {
        if (_queue.Length < _room) _queue = new int[_nodes.Length];
        _queue[0] = 0;
        _reached = 1;
        _nodes[0].Reached = true;
        var (levelEnd, depth) = (1, 0);
        for (var i = 0; i < _reached; i++)
        {
            if (i == levelEnd) (depth, levelEnd) = (depth + 1, _reached);
            var id = _queue[i];
            var at = start + i;
            ref readonly var node = ref _nodes[id];
            columns.Thresholds[at] = node.Value;
            columns.DefaultLeft[at] = node.DefaultLeft;
            if (node.Kind == Kind.Leaf)
            {
                if (columns.HasIds) columns.Ids[at] = node.Id;
                columns.Features[at] = -1;
                columns.LeftChildren[at] = node.Payload < 0 ? -1 : ~node.Payload;
                columns.CategorySets[at] = -1;
                continue;
            }
            if (columns.HasIds) columns.Ids[at] = id;
            columns.Features[at] = node.Feature;
            columns.LeftChildren[at] = start + _reached;
            columns.CategorySets[at] = node.Payload;
            Reach(id, node.Left, "left");
            Reach(id, node.Right, "right");
        }
        return depth;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reach(int parent, int child, string side)
    {
        if ((uint)child >= (uint)_room || _nodes[child].Kind == Kind.Absent || _nodes[child].Reached) throw NotATree(parent, child, side);
        _nodes[child].Reached = true;
        _queue[_reached++] = child;
    }

    private ModelException NotATree(int parent, int child, string side) =>
        At(parent, $"the {side} child {child} {((uint)child >= (uint)_room || _nodes[child].Kind == Kind.Absent ? $"does not exist (the tree has {_room} nodes)" : "is reached twice: not a tree")}");

    private void PlaceStatistics(NodeColumns columns, int start)
    {
        Span<double> covers = columns.GrowCovers(start), gains = columns.GrowGains(start);
        for (var i = 0; i < covers.Length; i++) (covers[i], gains[i]) = _statistics[_queue[i]];
    }

    private void Add(int node, in Node given)
    {
        CheckRoom(node);
        if (_nodes[node].Kind != Kind.Absent) throw At(node, "the node is given twice");
        _nodes[node] = given;
        _end = Math.Max(_end, node + 1);
        _given++;
    }

    private void CheckRoom(int node)
    {
        if ((uint)node >= (uint)_room) throw At(node, $"the tree has {_room} nodes");
    }

    private void ClearStatistics()
    {
        if (_statistics.Length < _room) _statistics = new (double, double)[_nodes.Length];
        _statistics.AsSpan(0, _room).Fill((double.NaN, double.NaN));
    }

    /// <summary>One that is given. See <see cref="Split"/> and <see cref="Leaf"/>.</summary>
    private struct Node
    {
        public Kind Kind;
        public bool DefaultLeft;
        public bool Reached;
        public int Feature;
        public double Value;
        public int Left;
        public int Right;
        public int Payload;
        public int Id;
    }
}
