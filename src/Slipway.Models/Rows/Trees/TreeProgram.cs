using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows.Trees;

/// <summary>
/// A decision tree as tests with three ways out, made by <see cref="TreeProgramBuilder"/>. A row walks from the entry to an outcome, the number of a
/// tree node; what outcomes mean is the owner's. Immutable and thread-safe; a walk allocates nothing.
/// </summary>
internal sealed class TreeProgram(
    TreeTest[] tests, int entry, double[][] members, ImmutableArray<RowPredicate> predicates, DerivedSlots derived)
{
    private readonly CellSet[] _sets = SetsOf(members);

    /// <summary>Not to be changed: an array, because code over spans of this program's own types is not compiled ahead of time.</summary>
    public TreeTest[] Tests => tests;

    /// <summary>The first test, or ~outcome.</summary>
    public int Entry { get; } = entry;

    /// <summary>The highest slot that a test reads; 0 when none reads any.</summary>
    public int MaxSlot { get; } = MaxSlotOf(tests);

    /// <summary>The cells of each set, ascending.</summary>
    public ReadOnlySpan<double[]> Members => members;

    /// <summary>The derived fields that tests read, by slot: computed when first met.</summary>
    public DerivedSlots Derived { get; } = derived;

    /// <param name="detours">Levels of the tree at which a missing value was got around.</param>
    /// <returns>The outcome.</returns>
    [SkipLocalsInit]
    public int Find(in Row row, out int detours)
    {
        detours = 0;
        var lastLevel = -1;
        var cells = row.Cells;
        var at = Entry;
        while (at >= 0)
        {
            ref var test = ref tests[at];
            if (test.Op <= TreeOp.In)
            {
                var x = cells[test.Slot];
                if (double.IsNaN(x))
                {
                    x = ReadSpecial(row, test.Slot);
                    if (Cell.IsMissing(x))
                    {
                        at = test.WhenUnknown;
                        continue;
                    }
                }
                var holds = test.Op == TreeOp.Less ? x < test.Constant : test.Op == TreeOp.Equal ? x == test.Constant : _sets[test.Index].Contains(x);
                at = Unsafe.Add(ref test.WhenFalse, holds ? 1 : 0);
                continue;
            }
            switch (test.Op)
            {
                case TreeOp.Missing:
                    at = Cell.IsMissing(ReadSpecial(row, test.Slot)) ? test.WhenTrue : test.WhenFalse;
                    break;
                case TreeOp.Predicate:
                    at = predicates[test.Index].Evaluate(row) switch { Truth.True => test.WhenTrue, Truth.False => test.WhenFalse, _ => test.WhenUnknown };
                    break;
                default:
                    if (test.Index != lastLevel) detours++;
                    lastLevel = test.Index;
                    at = test.WhenTrue;
                    break;
            }
        }
        return ~at;
    }

    /// <summary>A cell that may be pending or refused.</summary>
    private double ReadSpecial(in Row row, int slot) => Cell.IsPending(row[slot]) ? Derived[slot].Evaluate(row) : row.Read(slot);

    private static CellSet[] SetsOf(double[][] members)
    {
        var sets = new CellSet[members.Length];
        for (var i = 0; i < sets.Length; i++)
        {
            sets[i] = new CellSet();
            // The largest first: the set grows once.
            for (var at = members[i].Length - 1; at >= 0; at--) sets[i].Add(members[i][at]);
        }
        return sets;
    }

    private static int MaxSlotOf(TreeTest[] tests)
    {
        var max = 0;
        for (var i = 0; i < tests.Length; i++) max = Math.Max(max, tests[i].Slot);
        return max;
    }
}

/// <summary>Derived fields by their slots.</summary>
internal sealed class DerivedSlots
{
    private readonly int[] _slots;
    private readonly RowExpression[] _expressions;

    public DerivedSlots(Dictionary<int, RowExpression> expressions)
    {
        _slots = [.. expressions.Keys];
        _expressions = [.. expressions.Values];
        Array.Sort(_slots, _expressions);
    }

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Slots => _slots;

    public RowExpression this[int slot] => _expressions[_slots.AsSpan().BinarySearch(slot)];
}
