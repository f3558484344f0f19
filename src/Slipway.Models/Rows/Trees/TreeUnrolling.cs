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
    private readonly Stack<(int Node, int Way, Known? Known)> _open = new();
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
        Add(program.Entry, null);
        while (_open.TryPop(out var next))
        {
            var way = PastKnown(next.Way, next.Known, program);
            if (way < 0) _nodes[next.Node] = new Node(Kind.Leaf, ~way);
            else if (_nodes.Count > budget || !TryAddTest(next.Node, program, program.Tests[way], way, next.Known)) return false;
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

    private int Add(int way, Known? known)
    {
        _nodes.Add(default);
        _open.Push((_nodes.Count - 1, way, known));
        return _nodes.Count - 1;
    }

    private bool TryAddTest(int node, TreeProgram program, in TreeTest test, int way, Known? known)
    {
        if (test.Op > TreeOp.Missing) return false;
        var slot = test.Slot;
        Slots.Add(slot);
        if (test.Op == TreeOp.Missing)
        {
            _nodes[node] = new Node(Kind.Missing, 0, slot) { WhenTrue = Add(test.WhenTrue, new Known(slot, true, known)), WhenFalse = Add(test.WhenFalse, new Known(slot, false, known)) };
            return true;
        }
        var isPresent = IsMissing(slot, known) == false;
        var missingIsTrue = !isPresent && WhenMissing(test.WhenTrue, slot, program) == test.WhenUnknown;
        var isThird = !isPresent && !missingIsTrue && WhenMissing(test.WhenFalse, slot, program) != test.WhenUnknown;
        if (isThird && asksForMissing)
        {
            _nodes[node] = new Node(Kind.Missing, 0, slot) { WhenTrue = Add(test.WhenUnknown, new Known(slot, true, known)), WhenFalse = Add(way, new Known(slot, false, known)) };
            return true;
        }
        NeedsCompleteRows |= isThird;
        var present = isPresent ? known : new Known(slot, false, known);
        var (whenTrue, whenFalse) = missingIsTrue ? (known, present) : (present, isThird ? present : known);
        switch (test.Op)
        {
            case TreeOp.Less:
                AddSplit(node, new Node(Kind.Less, 0, slot, test.Constant, missingIsTrue), test, whenTrue, whenFalse);
                return true;
            case TreeOp.In:
                if (!program.Members[test.Index].All(IsCategory)) return false;
                CategorySlots.Add(slot);
                AddSplit(node, new Node(Kind.Set, test.Index, slot, 0, missingIsTrue), test, whenTrue, whenFalse);
                return true;
            case TreeOp.Equal when IsCategory(test.Constant):
                CategorySlots.Add(slot);
                AddSplit(node, new Node(Kind.Category, 0, slot, test.Constant, missingIsTrue), test, whenTrue, whenFalse);
                return true;
            default:
                AddEquality(node, test, missingIsTrue, whenTrue, whenFalse, present);
                return true;
        }
    }

    private void AddSplit(int node, Node split, in TreeTest test, Known? whenTrue, Known? whenFalse) =>
        _nodes[node] = split with { WhenTrue = Add(test.WhenTrue, whenTrue), WhenFalse = Add(test.WhenFalse, whenFalse) };

    /// <summary>x = c is not x &lt; c, and below the next number. Missing goes where it does not hold at the first of these, or where it does at the second.</summary>
    private void AddEquality(int node, in TreeTest test, bool missingIsTrue, Known? whenTrue, Known? whenFalse, Known? present)
    {
        _nodes.Add(default);
        var upper = _nodes.Count - 1;
        _nodes[node] = new Node(Kind.Less, 0, test.Slot, test.Constant, !missingIsTrue) { WhenTrue = Add(test.WhenFalse, whenFalse), WhenFalse = upper };
        _nodes[upper] = new Node(Kind.Less, 0, test.Slot, double.BitIncrement(test.Constant), missingIsTrue) { WhenTrue = Add(test.WhenTrue, whenTrue), WhenFalse = Add(test.WhenFalse, present) };
    }

    /// <summary>Leads a way past the tests of which it is known that they find nothing, or something.</summary>
    private static int PastKnown(int way, Known? known, TreeProgram program)
    {
        while (way >= 0 && program.Tests[way] is { Op: <= TreeOp.Missing } test && IsMissing(test.Slot, known) is { } isMissing)
        {
            if (isMissing) way = test.Op == TreeOp.Missing ? test.WhenTrue : test.WhenUnknown;
            else if (test.Op == TreeOp.Missing) way = test.WhenFalse;
            else break;
        }
        return way;
    }

    /// <summary>Where a way ends for a row in which the slot is missing.</summary>
    private static int WhenMissing(int way, int slot, TreeProgram program) => PastKnown(way, new Known(slot, true, null), program);

    /// <returns>Null when it is not known.</returns>
    private static bool? IsMissing(int slot, Known? known)
    {
        for (; known is not null; known = known.Before)
        {
            if (known.Slot == slot) return known.IsMissing;
        }
        return null;
    }

    private static bool IsCategory(double cell) => cell >= 0 && cell < MaxCategory && Math.Truncate(cell) == cell;

    /// <param name="Index">A leaf's outcome, or a set.</param>
    private readonly record struct Node(Kind Kind, int Index, int Slot = -1, double Constant = 0, bool MissingIsTrue = false)
    {
        public int WhenTrue { get; init; }

        public int WhenFalse { get; init; }
    }

    /// <summary>What the way to a node says about a slot.</summary>
    private sealed record Known(int Slot, bool IsMissing, Known? Before);
}
