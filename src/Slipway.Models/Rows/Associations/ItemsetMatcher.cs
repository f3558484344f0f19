using System.Collections.Immutable;
using System.Numerics;

namespace Slipway.Models.Rows.Associations;

/// <summary>
/// Finds the itemsets that a basket contains. Every itemset is filed under its rarest item, so that a basket is compared only with those that share one of
/// its items, and of these mostly with few.
/// </summary>
internal sealed class ItemsetMatcher
{
    private readonly ImmutableArray<int> _empty;
    private readonly int[] _first;
    private readonly int[] _itemsets;
    private readonly int[] _others;
    private readonly int[] _ends;

    /// <param name="items">How many there are.</param>
    /// <param name="itemsets">Each by the numbers of its items.</param>
    public ItemsetMatcher(int items, ImmutableArray<ImmutableArray<int>> itemsets)
    {
        var frequencies = new int[items];
        foreach (var itemset in itemsets)
        {
            foreach (var item in itemset) frequencies[item]++;
        }
        _empty = [.. Enumerable.Range(0, itemsets.Length).Where(i => itemsets[i].IsEmpty)];
        var filed = Enumerable.Range(0, itemsets.Length).Where(i => !itemsets[i].IsEmpty)
            .Select(i => (Itemset: i, Items: itemsets[i].Distinct().OrderBy(item => frequencies[item]).ToArray())).OrderBy(f => f.Items[0]).ToArray();
        _first = new int[items + 1];
        foreach (var (_, its) in filed) _first[its[0] + 1]++;
        for (var i = 0; i < items; i++) _first[i + 1] += _first[i];
        _itemsets = [.. filed.Select(f => f.Itemset)];
        _others = [.. filed.SelectMany(f => f.Items.Skip(1))];
        _ends = new int[filed.Length + 1];
        for (var i = 0; i < filed.Length; i++) _ends[i + 1] = _ends[i] + filed[i].Items.Length - 1;
    }

    /// <param name="basket">The items, a bit each.</param>
    /// <param name="contained">Takes a bit for each itemset.</param>
    public void Match(ReadOnlySpan<ulong> basket, Span<ulong> contained)
    {
        contained.Clear();
        foreach (var itemset in _empty) BitSlots.Set(contained, itemset);
        for (var word = 0; word < basket.Length; word++)
        {
            for (var bits = basket[word]; bits != 0; bits &= bits - 1)
            {
                var item = (word << 6) + BitOperations.TrailingZeroCount(bits);
                for (var i = _first[item]; i < _first[item + 1]; i++)
                {
                    if (HasAll(basket, _others.AsSpan(_ends[i].._ends[i + 1]))) BitSlots.Set(contained, _itemsets[i]);
                }
            }
        }
    }

    private static bool HasAll(ReadOnlySpan<ulong> basket, ReadOnlySpan<int> items)
    {
        foreach (var item in items)
        {
            if (!BitSlots.Has(basket, item)) return false;
        }
        return true;
    }
}
