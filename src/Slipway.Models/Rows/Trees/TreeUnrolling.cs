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

    /// <summary>Nothing is known.</summary>
    private const int Nothing = -1;

    private Node[] _nodes = new Node[64];
    private int _nodeCount;
    private Open[] _open = new Open[16];
    private int _openCount;
    private Known[] _known = new Known[64];
    private int _knownCount;

    /// <summary>For each set of the tree: its number in the ensemble, or one of these.</summary>
    private int[] _sets = [];
    private bool[] _reads = [];
    private bool[] _readsCategories = [];

    private const int NotAsked = -1;
    private const int OfCategories = -2;

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

    /// <summary>The slots that the trees read, ascending.</summary>
    public int[] Slots => Numbers(_reads);

    /// <summary>The slots that are compared with categories: their cells must be whole numbers. Ascending.</summary>
    public int[] CategorySlots => Numbers(_readsCategories);

    /// <returns>False when the program asks something that the shared representation has no node for, or its ways meet too often.</returns>
    public bool TryUnroll(TreeProgram program)
    {
        (_nodeCount, _openCount, _knownCount) = (0, 0, 0);
        if (_sets.Length < program.Members.Length) _sets = new int[program.Members.Length];
        _sets.AsSpan(0, program.Members.Length).Fill(NotAsked);
        if (_reads.Length <= program.MaxSlot)
        {
            Array.Resize(ref _reads, program.MaxSlot + 1);
            Array.Resize(ref _readsCategories, program.MaxSlot + 1);
        }
        var budget = (4 * program.Tests.Length) + 64;
        Add(program.Entry, Nothing);
        while (_openCount > 0)
        {
            var next = _open[--_openCount];
            var way = PastKnown(next.Way, next.Known, program);
            if (way < 0) _nodes[next.Node] = new Node { Kind = Kind.Leaf, Index = ~way };
            else if (_nodeCount > budget || !TryAddTest(next.Node, program, program.Tests[way], way, next.Known)) return false;
        }
        return true;
    }

    /// <summary>Writes the tree that was unrolled last.</summary>
    /// <param name="addLeaf">Writes the leaf of an outcome as the node given.</param>
    public void Write(TreeProgram program, TreeEnsembleBuilder builder, Action<int, int> addLeaf)
    {
        builder.BeginTree(_nodeCount);
        for (var i = 0; i < _nodeCount; i++)
        {
            ref readonly var node = ref _nodes[i];
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
                    var set = node.Kind == Kind.Category ? builder.CategorySet(i, [(int)node.Constant]) : SetOf(program, node.Index, i, builder);
                    builder.CategoricalSplit(i, node.Slot, set, node.WhenFalse, node.WhenTrue, !node.MissingIsTrue);
                    break;
            }
        }
        builder.EndTree();
    }

    private static int[] Numbers(bool[] marks)
    {
        var numbers = new List<int>();
        for (var i = 0; i < marks.Length; i++)
        {
            if (marks[i]) numbers.Add(i);
        }
        return [.. numbers];
    }

    private int SetOf(TreeProgram program, int index, int node, TreeEnsembleBuilder builder)
    {
        if (_sets[index] >= 0) return _sets[index];
        var members = program.Members[index];
        var categories = new int[members.Length];
        for (var i = 0; i < categories.Length; i++) categories[i] = (int)members[i];
        return _sets[index] = builder.CategorySet(node, categories);
    }

    private int Add(int way, int known)
    {
        if (_openCount == _open.Length) Array.Resize(ref _open, 2 * _openCount);
        _open[_openCount++] = new Open { Node = NewNode(), Way = way, Known = known };
        return _nodeCount - 1;
    }

    private int NewNode()
    {
        if (_nodeCount == _nodes.Length) Array.Resize(ref _nodes, 2 * _nodeCount);
        return _nodeCount++;
    }

    private int Know(int slot, bool isMissing, int before)
    {
        if (_knownCount == _known.Length) Array.Resize(ref _known, 2 * _knownCount);
        _known[_knownCount] = new Known { Slot = slot, IsMissing = isMissing, Before = before };
        return _knownCount++;
    }

    private bool TryAddTest(int node, TreeProgram program, in TreeTest test, int way, int known)
    {
        if (test.Op > TreeOp.Missing) return false;
        var slot = test.Slot;
        _reads[slot] = true;
        if (test.Op == TreeOp.Missing)
        {
            AddMissing(node, slot, Add(test.WhenTrue, Know(slot, true, known)), Add(test.WhenFalse, Know(slot, false, known)));
            return true;
        }
        var isPresent = IsMissing(slot, known) == Truth.False;
        var missingIsTrue = !isPresent && WhenMissing(test.WhenTrue, slot, program) == test.WhenUnknown;
        var isThird = !isPresent && !missingIsTrue && WhenMissing(test.WhenFalse, slot, program) != test.WhenUnknown;
        if (isThird && asksForMissing)
        {
            AddMissing(node, slot, Add(test.WhenUnknown, Know(slot, true, known)), Add(way, Know(slot, false, known)));
            return true;
        }
        NeedsCompleteRows |= isThird;
        var present = isPresent ? known : Know(slot, false, known);
        var (whenTrue, whenFalse) = missingIsTrue ? (known, present) : (present, isThird ? present : known);
        switch (test.Op)
        {
            case TreeOp.Less:
                AddSplit(node, Kind.Less, 0, test, missingIsTrue, whenTrue, whenFalse);
                return true;
            case TreeOp.In:
                if (!HasOnlyCategories(program, test.Index)) return false;
                _readsCategories[slot] = true;
                AddSplit(node, Kind.Set, test.Index, test, missingIsTrue, whenTrue, whenFalse);
                return true;
            case TreeOp.Equal when IsCategory(test.Constant):
                _readsCategories[slot] = true;
                AddSplit(node, Kind.Category, 0, test, missingIsTrue, whenTrue, whenFalse);
                return true;
            default:
                AddEquality(node, test, missingIsTrue, whenTrue, whenFalse, present);
                return true;
        }
    }

    // What is added may move the nodes: children first.
    private void AddMissing(int node, int slot, int whenTrue, int whenFalse) =>
        _nodes[node] = new Node { Kind = Kind.Missing, Slot = slot, WhenTrue = whenTrue, WhenFalse = whenFalse };

    private void AddSplit(int node, Kind kind, int index, in TreeTest test, bool missingIsTrue, int whenTrue, int whenFalse)
    {
        var (left, right) = (Add(test.WhenTrue, whenTrue), Add(test.WhenFalse, whenFalse));
        _nodes[node] = new Node { Kind = kind, Index = index, Slot = test.Slot, Constant = test.Constant, MissingIsTrue = missingIsTrue, WhenTrue = left, WhenFalse = right };
    }

    /// <summary>x = c is not x &lt; c, and below the next number. Missing goes where it does not hold at the first of these, or where it does at the second.</summary>
    private void AddEquality(int node, in TreeTest test, bool missingIsTrue, int whenTrue, int whenFalse, int present)
    {
        var upper = NewNode();
        var (below, equal, above) = (Add(test.WhenFalse, whenFalse), Add(test.WhenTrue, whenTrue), Add(test.WhenFalse, present));
        _nodes[node] = new Node { Kind = Kind.Less, Slot = test.Slot, Constant = test.Constant, MissingIsTrue = !missingIsTrue, WhenTrue = below, WhenFalse = upper };
        _nodes[upper] = new Node { Kind = Kind.Less, Slot = test.Slot, Constant = double.BitIncrement(test.Constant), MissingIsTrue = missingIsTrue, WhenTrue = equal, WhenFalse = above };
    }

    private bool HasOnlyCategories(TreeProgram program, int set)
    {
        if (_sets[set] != NotAsked) return true;
        foreach (var member in program.Members[set])
        {
            if (!IsCategory(member)) return false;
        }
        _sets[set] = OfCategories;
        return true;
    }

    /// <summary>Leads a way past the tests of which it is known that they find nothing, or something.</summary>
    private int PastKnown(int way, int known, TreeProgram program)
    {
        if (known == Nothing) return way;
        var tests = program.Tests;
        while (way >= 0)
        {
            ref readonly var test = ref tests[way];
            if (test.Op > TreeOp.Missing) break;
            var isMissing = IsMissing(test.Slot, known);
            if (isMissing == Truth.True) way = test.Op == TreeOp.Missing ? test.WhenTrue : test.WhenUnknown;
            else if (isMissing == Truth.False && test.Op == TreeOp.Missing) way = test.WhenFalse;
            else break;
        }
        return way;
    }

    /// <summary>Where a way ends for a row in which the slot is missing.</summary>
    private static int WhenMissing(int way, int slot, TreeProgram program)
    {
        var tests = program.Tests;
        while (way >= 0)
        {
            ref readonly var test = ref tests[way];
            if (test.Op > TreeOp.Missing || test.Slot != slot) break;
            way = test.Op == TreeOp.Missing ? test.WhenTrue : test.WhenUnknown;
        }
        return way;
    }

    private Truth IsMissing(int slot, int known)
    {
        for (; known != Nothing; known = _known[known].Before)
        {
            if (_known[known].Slot == slot) return _known[known].IsMissing ? Truth.True : Truth.False;
        }
        return Truth.Unknown;
    }

    private static bool IsCategory(double cell) => cell >= 0 && cell < MaxCategory && Math.Truncate(cell) == cell;

    private struct Node
    {
        public double Constant;

        /// <summary>A leaf's outcome, or a set.</summary>
        public int Index;
        public int Slot;
        public int WhenTrue;
        public int WhenFalse;
        public Kind Kind;
        public bool MissingIsTrue;
    }

    /// <summary>A node whose question is still to be found.</summary>
    private struct Open
    {
        public int Node;
        public int Way;
        public int Known;
    }

    /// <summary>What the way to a node says about a slot.</summary>
    private struct Known
    {
        public int Slot;
        public bool IsMissing;
        public int Before;
    }
}
