using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Slipway.Models.Rows.Trees;

/// <summary>
/// Compiles predicates into <see cref="TreeTest"/>s, from the leaves up: every call names the ways out, which exist already, and returns the way in.
/// Ways are tests (0 and up) or ~outcomes. A way that leads to a test whose answer the way itself decides is led past it: after <c>x &lt; 5</c>
/// has failed, <c>x ≥ 5</c> is not asked.
/// </summary>
internal sealed class TreeProgramBuilder
{
    /// <summary>And-or nests deeper than this are asked as one predicate: their tests double with every level.</summary>
    private const int MaxNesting = 3;

    private readonly List<TreeTest> _tests = [];
    private readonly List<ImmutableArray<double>> _sets = [];
    private readonly List<RowPredicate> _predicates = [];
    private readonly Dictionary<int, RowExpression> _derived = [];
    private readonly Dictionary<SetKey, int> _setIndex = [];

    /// <summary>The way in of a predicate with the three ways out.</summary>
    /// <param name="level">Where a surrogate's detour is noted (see <see cref="Detour"/>); -1 when nobody asks.</param>
    public int Add(RowPredicate predicate, int whenTrue, int whenFalse, int whenUnknown, int level) => Add(predicate, whenTrue, whenFalse, whenUnknown, level, 0);

    /// <summary>The way in of a comparison with a constant.</summary>
    public int Compare(RowExpression value, Comparison comparison, double constant, int whenTrue, int whenFalse, int whenUnknown)
    {
        if (SlotOf(value) is not { } slot) return AddPredicate(new ComparePredicate(value, comparison, constant), whenTrue, whenFalse, whenUnknown);
        if (double.IsNaN(constant)) return AddPredicate(new ComparePredicate(value, comparison, constant), whenTrue, whenFalse, whenUnknown);
        // There is no number above +∞.
        if (double.IsPositiveInfinity(constant) && comparison is Comparison.LessOrEqual or Comparison.Greater) return IsMissing(value, whenUnknown, comparison == Comparison.LessOrEqual ? whenTrue : whenFalse);
        return comparison switch
        {
            Comparison.Equal => AddTest(new TreeTest { Op = TreeOp.Equal, Slot = slot, Constant = constant }, whenTrue, whenFalse, whenUnknown),
            Comparison.NotEqual => AddTest(new TreeTest { Op = TreeOp.Equal, Slot = slot, Constant = constant }, whenFalse, whenTrue, whenUnknown),
            Comparison.Less => AddTest(new TreeTest { Op = TreeOp.Less, Slot = slot, Constant = constant }, whenTrue, whenFalse, whenUnknown),
            Comparison.GreaterOrEqual => AddTest(new TreeTest { Op = TreeOp.Less, Slot = slot, Constant = constant }, whenFalse, whenTrue, whenUnknown),
            Comparison.LessOrEqual => AddTest(new TreeTest { Op = TreeOp.Less, Slot = slot, Constant = double.BitIncrement(constant) }, whenTrue, whenFalse, whenUnknown),
            _ => AddTest(new TreeTest { Op = TreeOp.Less, Slot = slot, Constant = double.BitIncrement(constant) }, whenFalse, whenTrue, whenUnknown),
        };
    }

    /// <summary>The way in of a test for membership.</summary>
    public int Contains(RowExpression value, ImmutableArray<double> members, bool isIn, int whenTrue, int whenFalse, int whenUnknown)
    {
        if (SlotOf(value) is not { } slot) return AddPredicate(new SetPredicate(value, members, isIn), whenTrue, whenFalse, whenUnknown);
        var test = new TreeTest { Op = TreeOp.In, Slot = slot, Index = IndexOf(members) };
        return isIn ? AddTest(test, whenTrue, whenFalse, whenUnknown) : AddTest(test, whenFalse, whenTrue, whenUnknown);
    }

    /// <summary>The way in of a test for a missing value.</summary>
    public int IsMissing(RowExpression value, int whenTrue, int whenFalse) => SlotOf(value) is { } slot
        ? AddTest(new TreeTest { Op = TreeOp.Missing, Slot = slot }, whenTrue, whenFalse, whenTrue)
        : AddPredicate(new MissingPredicate(value, true), whenTrue, whenFalse, whenFalse);

    /// <summary>The way in of a note that a missing value was got around.</summary>
    /// <param name="level">Several notes of the same level in a row count once; -1 for no note.</param>
    public int Detour(int level, int way)
    {
        if (level < 0) return way;
        _tests.Add(new TreeTest { Op = TreeOp.Detour, Index = level, WhenTrue = way, WhenFalse = way, WhenUnknown = way });
        return _tests.Count - 1;
    }

    /// <summary>Lays the tests out in the order of walks that hold, and numbers the outcomes that can be reached.</summary>
    /// <param name="entry">The way into the tree.</param>
    /// <param name="outcomeCount">All outcomes there may be.</param>
    /// <param name="outcomes">The reachable ones, in the order of their new numbers.</param>
    public TreeProgram Build(int entry, int outcomeCount, out ImmutableArray<int> outcomes)
    {
        var order = new List<int>();
        var reached = ImmutableArray.CreateBuilder<int>();
        var testPlaces = new int[_tests.Count];
        var outcomePlaces = new int[outcomeCount];
        var stack = new Stack<int>();
        stack.Push(entry);
        while (stack.TryPop(out var way))
        {
            ref var place = ref (way < 0 ? ref outcomePlaces[~way] : ref testPlaces[way]);
            if (place != 0) continue;
            if (way < 0)
            {
                reached.Add(~way);
                place = ~(reached.Count - 1);
                continue;
            }
            order.Add(way);
            place = order.Count;
            stack.Push(_tests[way].WhenUnknown);
            stack.Push(_tests[way].WhenFalse);
            stack.Push(_tests[way].WhenTrue);
        }
        var tests = new TreeTest[order.Count];
        for (var i = 0; i < tests.Length; i++)
        {
            var test = _tests[order[i]];
            test.WhenTrue = Place(test.WhenTrue);
            test.WhenFalse = Place(test.WhenFalse);
            test.WhenUnknown = Place(test.WhenUnknown);
            tests[i] = test;
        }
        outcomes = reached.DrainToImmutable();
        return new TreeProgram(tests, Place(entry), [.. _sets], [.. _predicates], _derived.ToFrozenDictionary());

        // Tests are numbered from 1 while 0 stands for none yet.
        int Place(int way) => way < 0 ? outcomePlaces[~way] : testPlaces[way] - 1;
    }

    private int Add(RowPredicate predicate, int whenTrue, int whenFalse, int whenUnknown, int level, int nesting)
    {
        switch (predicate)
        {
            case ConstantPredicate constant:
                return constant.Value switch { Truth.True => whenTrue, Truth.False => whenFalse, _ => whenUnknown };
            case ComparePredicate compare:
                return Compare(compare.Value, compare.Comparison, compare.Constant, whenTrue, whenFalse, whenUnknown);
            case SetPredicate set:
                return Contains(set.Value, set.Members, set.IsIn, whenTrue, whenFalse, whenUnknown);
            case MissingPredicate missing:
                return missing.WhenMissing ? IsMissing(missing.Value, whenTrue, whenFalse) : IsMissing(missing.Value, whenFalse, whenTrue);
            case CompoundPredicate { Junction: Junction.Surrogate } surrogate:
                return AddSurrogate(surrogate, whenTrue, whenFalse, whenUnknown, level, nesting);
            case CompoundPredicate { Junction: Junction.And } conjunction when nesting < MaxNesting:
                return AddDeciding(conjunction, false, whenTrue, whenFalse, whenUnknown, level, nesting + 1);
            case CompoundPredicate { Junction: Junction.Or } disjunction when nesting < MaxNesting:
                return AddDeciding(disjunction, true, whenTrue, whenFalse, whenUnknown, level, nesting + 1);
            default:
                return AddPredicate(predicate, whenTrue, whenFalse, whenUnknown);
        }
    }

    private int AddSurrogate(CompoundPredicate surrogate, int whenTrue, int whenFalse, int whenUnknown, int level, int nesting)
    {
        var way = whenUnknown;
        for (var i = surrogate.Parts.Length - 1; i >= 0; i--)
        {
            way = Add(surrogate.Parts[i], whenTrue, whenFalse, way, level, nesting);
            if (i > 0) way = Detour(level, way);
        }
        return way;
    }

    /// <summary>And, or: one part that is <paramref name="deciding"/> decides; once a part was unknown, the others can only decide or leave it so.</summary>
    private int AddDeciding(CompoundPredicate compound, bool deciding, int whenTrue, int whenFalse, int whenUnknown, int level, int nesting)
    {
        var (decided, undecided) = deciding ? (whenTrue, whenFalse) : (whenFalse, whenTrue);
        var (known, unknown) = (undecided, whenUnknown);
        for (var i = compound.Parts.Length - 1; i >= 0; i--)
        {
            var part = compound.Parts[i];
            // Where unknown leads to one of the other ways anyway, the parts behind an unknown one need no tests of their own.
            var behind = decided == whenUnknown ? decided : undecided == whenUnknown ? known : unknown;
            var before = deciding
                ? Add(part, decided, known, behind, level, nesting)
                : Add(part, known, decided, behind, level, nesting);
            if (decided != whenUnknown && undecided != whenUnknown && i > 0)
            {
                unknown = deciding
                    ? Add(part, decided, unknown, unknown, level, nesting)
                    : Add(part, unknown, decided, unknown, level, nesting);
            }
            known = before;
        }
        return known;
    }

    private int AddPredicate(RowPredicate predicate, int whenTrue, int whenFalse, int whenUnknown)
    {
        _predicates.Add(predicate);
        _tests.Add(new TreeTest { Op = TreeOp.Predicate, Index = _predicates.Count - 1, WhenTrue = whenTrue, WhenFalse = whenFalse, WhenUnknown = whenUnknown });
        return _tests.Count - 1;
    }

    private int AddTest(TreeTest test, int whenTrue, int whenFalse, int whenUnknown)
    {
        test.WhenTrue = Past(whenTrue, test, Truth.True);
        test.WhenFalse = Past(whenFalse, test, Truth.False);
        test.WhenUnknown = Past(whenUnknown, test, Truth.Unknown);
        if (test.WhenTrue == test.WhenFalse && test.WhenFalse == test.WhenUnknown) return test.WhenTrue;
        _tests.Add(test);
        return _tests.Count - 1;
    }

    /// <summary>Leads a way past the tests that the answer to <paramref name="asked"/> decides.</summary>
    private int Past(int way, in TreeTest asked, Truth answer)
    {
        while (way >= 0)
        {
            var next = _tests[way];
            if (next.Op > TreeOp.Missing || next.Slot != asked.Slot) return way;
            var isMissing = asked.Op == TreeOp.Missing ? answer == Truth.True : answer == Truth.Unknown;
            if (isMissing) way = next.Op == TreeOp.Missing ? next.WhenTrue : next.WhenUnknown;
            else if (next.Op == TreeOp.Missing) way = next.WhenFalse;
            else if (next.Op == asked.Op && next.Constant.Equals(asked.Constant) && next.Index == asked.Index) way = answer == Truth.True ? next.WhenTrue : next.WhenFalse;
            else return way;
        }
        return way;
    }

    private int? SlotOf(RowExpression value)
    {
        switch (value)
        {
            case SlotExpression slot:
                return slot.Slot;
            case DerivedExpression derived:
                _derived.TryAdd(derived.Slot, derived);
                return derived.Slot;
            default:
                return null;
        }
    }

    private int IndexOf(ImmutableArray<double> members)
    {
        var key = new SetKey([.. members.Order()]);
        if (_setIndex.TryGetValue(key, out var index)) return index;
        _sets.Add(key.Members);
        _setIndex.Add(key, _sets.Count - 1);
        return _sets.Count - 1;
    }

    private readonly record struct SetKey(ImmutableArray<double> Members)
    {
        public bool Equals(SetKey other) => Members.AsSpan().SequenceEqual(other.Members.AsSpan());

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var member in Members) hash.Add(member);
            return hash.ToHashCode();
        }
    }
}
