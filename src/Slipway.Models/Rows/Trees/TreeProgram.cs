using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows.Trees;

/// <summary>
/// A decision tree as tests with three ways out, made by <see cref="TreeProgramBuilder"/>. A row walks from the entry to an outcome, the number of a
/// tree node; what outcomes mean is the owner's. Immutable and thread-safe; a walk allocates nothing.
/// </summary>
internal sealed class TreeProgram(
    TreeTest[] tests, int entry, ImmutableArray<ImmutableArray<double>> members, ImmutableArray<RowPredicate> predicates, FrozenDictionary<int, RowExpression> derived)
{
    private readonly CellSet[] _sets = [.. members.Select(SetOf)];

    public ReadOnlySpan<TreeTest> Tests => tests;

    /// <summary>The first test, or ~outcome.</summary>
    public int Entry { get; } = entry;

    /// <summary>The highest slot that a test reads; 0 when none reads any.</summary>
    public int MaxSlot { get; } = tests.Length == 0 ? 0 : tests.Max(t => t.Slot);

    /// <summary>The cells of each set.</summary>
    public ImmutableArray<ImmutableArray<double>> Members { get; } = members;

    /// <summary>The derived fields that tests read, by slot: computed when first met.</summary>
    public FrozenDictionary<int, RowExpression> Derived { get; } = derived;

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

    private static CellSet SetOf(ImmutableArray<double> members)
    {
        var set = new CellSet();
        foreach (var member in members) set.Add(member);
        return set;
    }
}
