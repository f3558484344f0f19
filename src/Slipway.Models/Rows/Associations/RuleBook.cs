using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows.Associations;

/// <summary>A numerical property of a rule.</summary>
internal enum RuleMeasure : byte
{
    Confidence,
    Support,
    Lift,
    Leverage,
    Affinity,
}

/// <summary>An if–then rule over facts about a group of records: which itemsets it contains, which sequences happened in it.</summary>
/// <param name="Id">A symbol.</param>
/// <param name="Antecedent">The fact that must hold for the rule to apply.</param>
/// <param name="Fulfilment">The fact that holds when what the rule says has come true already.</param>
/// <param name="AntecedentText">The antecedent, for people: a symbol.</param>
/// <param name="ConsequentText">The consequent, for people: a symbol.</param>
/// <param name="RuleText">Both: a symbol.</param>
/// <param name="Measures">By <see cref="RuleMeasure"/>; missing where it is not known.</param>
internal sealed record InferenceRule(
    double Id, int Antecedent, int Fulfilment, double AntecedentText, double ConsequentText, double RuleText, ImmutableArray<double> Measures);

/// <summary>Which of the rules whose antecedent holds are selected.</summary>
internal enum RuleSelector : byte
{
    /// <summary>All.</summary>
    Recommendation,

    /// <summary>Those whose consequent does not hold yet.</summary>
    ExclusiveRecommendation,

    /// <summary>Those whose consequent holds, too.</summary>
    RuleAssociation,
}

/// <summary>Rules, and where a row says which facts hold: a bit for each, in the row's own cells.</summary>
internal sealed class RuleBook(ImmutableArray<InferenceRule> rules, BitSlots facts)
{
    public ImmutableArray<InferenceRule> Rules { get; } = rules;

    public BitSlots Facts { get; } = facts;

    /// <returns>The rules by a measure; the first in the file of equals.</returns>
    public ImmutableArray<int> Rank(RuleMeasure basis, bool ascending)
    {
        var sign = ascending ? 1 : -1;
        return [.. Enumerable.Range(0, Rules.Length).OrderBy(r => sign * Rules[r].Measures[(int)basis])];
    }

    /// <param name="facts">The bits of the facts that hold.</param>
    public bool IsSelected(int rule, RuleSelector selector, ReadOnlySpan<ulong> facts)
    {
        var it = Rules[rule];
        return BitSlots.Has(facts, it.Antecedent)
            && (selector == RuleSelector.Recommendation || BitSlots.Has(facts, it.Fulfilment) == (selector == RuleSelector.RuleAssociation));
    }
}

/// <summary>A set of small numbers kept in a row's cells, 64 to a cell.</summary>
internal readonly record struct BitSlots(int First, int Count)
{
    public static int CellsFor(int count) => (count + 63) >> 6;

    public Span<ulong> Of(in Row row) => MemoryMarshal.Cast<double, ulong>(row.Cells.Slice(First, CellsFor(Count)));

    public static bool Has(ReadOnlySpan<ulong> bits, int index) => (bits[index >> 6] >> (index & 63) & 1) != 0;

    public static void Set(Span<ulong> bits, int index) => bits[index >> 6] |= 1UL << (index & 63);
}
