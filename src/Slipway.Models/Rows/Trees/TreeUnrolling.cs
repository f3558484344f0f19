using Slipway.Models.Trees;

namespace Slipway.Models.Rows.Trees;

/// <summary>
/// Turns a <see cref="TreeProgram"/> into a tree of the shared representation, whose nodes have two ways and a default one. Tests that several ways
/// lead to are repeated; where missing leads a third way it is either asked for first, or left to whoever scores the row.
/// </summary>
/// <param name="asksForMissing">Missing is asked for where it leads a third way; else it goes right, and <see cref="NeedsCompleteRows"/> is set.</param>
internal sealed class TreeUnrolling(bool asksForMissing)
{
    private const int MaxCategory = 1 << 24;

    private readonly List<Node> _nodes = [];
    private readonly Stack<(int Node, int Way, bool Asked)> _open = new();
    private readonly List<int> _categories = [];

    private enum Kind : byte
    {
        Leaf,
        Less,
        Category,
        Set,
        Missing,
    }

    /// <summary>Right answers only for rows in which no cell that the trees read is missing.</summary>
    public bool NeedsCompleteRows { get; private set; }

    /// <summary>The slots that the trees read.</summary>
    public SortedSet<int> Slots { get; } = [];

    /// <summary>The slots that are compared with categories: their cells must be whole numbers.</summary>
    public SortedSet<int> CategorySlots { get; } = [];

    /// <returns>False when the program asks something that the shared representation has no node for, or its ways meet too often.</returns>
    public bool TryUnroll(TreeProgram program)
    {
        _nodes.Clear();
        _open.Clear();
        var budget = (4 * program.Tests.Length) + 64;
        Add(program.Entry, asked: false);
        while (_open.TryPop(out var next))
        {
            if (next.Way < 0)
            {
                _nodes[next.Node] = new Node(Kind.Leaf, ~next.Way);
                continue;
            }
            if (_nodes.Count > budget || !TryAddTest(next.Node, program, program.Tests[next.Way], next.Way, next.Asked)) return false;
        }
        return true;
    }

    /// <summary>Writes the tree that was unrolled last.</summary>
    /// <param name="addLeaf">Writes the leaf of an outcome as the node given.</param>
    public void Write(TreeProgram program, TreeEnsembleBuilder builder, Action<int, int> addLeaf)
    {
        builder.BeginTree(_nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            switch (node.Kind)
            {
                case Kind.Leaf:
                    addLeaf(i, node.Index);
                    break;
                case Kind.Missing:
                    builder.Split(i, node.Slot, double.NegativeInfinity, node.WhenTrue, node.WhenFalse, defaultLeft: true);
                    break;
                case Kind.Less:
                    builder.Split(i, node.Slot, node.Constant, node.WhenTrue, node.WhenFalse, node.MissingIsTrue);
                    break;
                default:
                    _categories.Clear();
                    if (node.Kind == Kind.Category) _categories.Add((int)node.Constant);
                    else foreach (var member in program.Members[node.Index]) _categories.Add((int)member);
                    builder.CategoricalSplit(i, node.Slot, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_categories), node.WhenFalse, node.WhenTrue, !node.MissingIsTrue);
                    break;
            }
        }
        builder.EndTree();
    }

    private int Add(int way, bool asked)
    {
        _nodes.Add(default);
        _open.Push((_nodes.Count - 1, way, asked));
        return _nodes.Count - 1;
    }

    /// <param name="asked">It was asked already whether the cell is missing.</param>
    private bool TryAddTest(int node, TreeProgram program, in TreeTest test, int way, bool asked)
    {
        if (test.Op > TreeOp.Missing) return false;
        Slots.Add(test.Slot);
        if (test.Op == TreeOp.Missing)
        {
            _nodes[node] = new Node(Kind.Missing, 0, test.Slot) { WhenTrue = Add(test.WhenTrue, false), WhenFalse = Add(test.WhenFalse, false) };
            return true;
        }
        var isThird = !asked && test.WhenUnknown != test.WhenTrue && test.WhenUnknown != test.WhenFalse;
        if (isThird && asksForMissing)
        {
            _nodes[node] = new Node(Kind.Missing, 0, test.Slot) { WhenTrue = Add(test.WhenUnknown, false), WhenFalse = Add(way, true) };
            return true;
        }
        NeedsCompleteRows |= isThird;
        var missingIsTrue = test.WhenUnknown == test.WhenTrue;
        switch (test.Op)
        {
            case TreeOp.Less:
                AddSplit(node, new Node(Kind.Less, 0, test.Slot, test.Constant, missingIsTrue), test);
                return true;
            case TreeOp.In:
                if (!program.Members[test.Index].All(IsCategory)) return false;
                CategorySlots.Add(test.Slot);
                AddSplit(node, new Node(Kind.Set, test.Index, test.Slot, 0, missingIsTrue), test);
                return true;
            case TreeOp.Equal when IsCategory(test.Constant):
                CategorySlots.Add(test.Slot);
                AddSplit(node, new Node(Kind.Category, 0, test.Slot, test.Constant, missingIsTrue), test);
                return true;
            default:
                AddEquality(node, test, missingIsTrue);
                return true;
        }
    }

    private void AddSplit(int node, Node split, in TreeTest test) =>
        _nodes[node] = split with { WhenTrue = Add(test.WhenTrue, false), WhenFalse = Add(test.WhenFalse, false) };

    /// <summary>x = c is not x &lt; c, and below the next number.</summary>
    private void AddEquality(int node, in TreeTest test, bool missingIsTrue)
    {
        _nodes.Add(default);
        var upper = _nodes.Count - 1;
        _nodes[node] = new Node(Kind.Less, 0, test.Slot, test.Constant, !missingIsTrue) { WhenTrue = Add(test.WhenFalse, false), WhenFalse = upper };
        _nodes[upper] = new Node(Kind.Less, 0, test.Slot, double.BitIncrement(test.Constant), missingIsTrue) { WhenTrue = Add(test.WhenTrue, false), WhenFalse = Add(test.WhenFalse, false) };
    }

    private static bool IsCategory(double cell) => cell >= 0 && cell < MaxCategory && Math.Truncate(cell) == cell;

    /// <param name="Index">A leaf's outcome, or a set.</param>
    private readonly record struct Node(Kind Kind, int Index, int Slot = -1, double Constant = 0, bool MissingIsTrue = false)
    {
        public int WhenTrue { get; init; }

        public int WhenFalse { get; init; }
    }
}
