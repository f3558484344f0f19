using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Models.Trees;

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

    private readonly List<double[]> _sets = [];
    private readonly List<RowPredicate> _predicates = [];
    private readonly Dictionary<int, RowExpression> _derived = [];

    /// <summary>By their sorted cells.</summary>
    private readonly ByteKeyIndex _setIndex = new();
    private TreeTest[] _tests = new TreeTest[16];
    private int _testCount;

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
        return Append(new TreeTest { Op = TreeOp.Detour, Index = level, WhenTrue = way, WhenFalse = way, WhenUnknown = way });
    }

    /// <summary>Lays the tests out in the order of walks that hold, and numbers the outcomes that can be reached.</summary>
    /// <param name="entry">The way into the tree.</param>
    /// <param name="outcomeCount">All outcomes there may be.</param>
    /// <param name="outcomes">The reachable ones, in the order of their new numbers.</param>
    public TreeProgram Build(int entry, int outcomeCount, out int[] outcomes)
    {
        var order = new int[_testCount];
        var reached = new int[outcomeCount];
        var testPlaces = new int[_testCount];
        var outcomePlaces = new int[outcomeCount];
        // A test leaves at most two ways more on the stack than it takes.
        var stack = new int[(2 * _testCount) + 1];
        stack[0] = entry;
        var (tests, ends) = (0, 0);
        for (var top = 1; top > 0;)
        {
            var way = stack[--top];
            ref var place = ref (way < 0 ? ref outcomePlaces[~way] : ref testPlaces[way]);
            if (place != 0) continue;
            if (way < 0)
            {
                place = ~ends;
                reached[ends++] = ~way;
                continue;
            }
            order[tests++] = way;
            place = tests;
            ref readonly var test = ref _tests[way];
            stack[top++] = test.WhenUnknown;
            stack[top++] = test.WhenFalse;
            stack[top++] = test.WhenTrue;
        }
        var laidOut = new TreeTest[tests];
        for (var i = 0; i < laidOut.Length; i++)
        {
            ref var test = ref laidOut[i];
            test = _tests[order[i]];
            test.WhenTrue = Place(test.WhenTrue, testPlaces, outcomePlaces);
            test.WhenFalse = Place(test.WhenFalse, testPlaces, outcomePlaces);
            test.WhenUnknown = Place(test.WhenUnknown, testPlaces, outcomePlaces);
        }
        outcomes = reached.AsSpan(0, ends).ToArray();
        return new TreeProgram(laidOut, Place(entry, testPlaces, outcomePlaces), [.. _sets], [.. _predicates], new DerivedSlots(_derived));
    }

    /// <summary>Tests are numbered from 1 while 0 stands for none yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(int way, int[] testPlaces, int[] outcomePlaces) => way < 0 ? outcomePlaces[~way] : testPlaces[way] - 1;

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
        return Append(new TreeTest { Op = TreeOp.Predicate, Index = _predicates.Count - 1, WhenTrue = whenTrue, WhenFalse = whenFalse, WhenUnknown = whenUnknown });
    }

    private int AddTest(TreeTest test, int whenTrue, int whenFalse, int whenUnknown)
    {
        test.WhenTrue = Past(whenTrue, test, Truth.True);
        test.WhenFalse = Past(whenFalse, test, Truth.False);
        test.WhenUnknown = Past(whenUnknown, test, Truth.Unknown);
        return test.WhenTrue == test.WhenFalse && test.WhenFalse == test.WhenUnknown ? test.WhenTrue : Append(test);
    }

    private int Append(in TreeTest test)
    {
        if (_testCount == _tests.Length) Array.Resize(ref _tests, 2 * _testCount);
        _tests[_testCount] = test;
        return _testCount++;
    }

    /// <summary>Leads a way past the tests that the answer to <paramref name="asked"/> decides.</summary>
    private int Past(int way, in TreeTest asked, Truth answer)
    {
        while (way >= 0)
        {
            ref readonly var next = ref _tests[way];
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
        var sorted = members.AsSpan().ToArray();
        NumberSort.Sort(sorted);
        var key = MemoryMarshal.AsBytes<double>(sorted);
        var index = _setIndex.Find(key);
        if (index >= 0) return index;
        _sets.Add(sorted);
        _setIndex.Add(key.ToArray());
        return _sets.Count - 1;
    }
}
