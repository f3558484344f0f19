using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>
/// Makes rows of a column for every feature: the numbers, rounded to float32; then for each one-hot feature the place of the category among its values;
/// then the CTRs.
/// </summary>
internal sealed class CatBoostEncoder(
    ImmutableArray<string> numbers, ImmutableArray<CategoryInput> categories, ImmutableArray<OneHotColumn> oneHots, ImmutableArray<CtrColumns> ctrs)
    : FeatureEncoder(WidthOf(numbers, oneHots, ctrs))
{
    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        var count = rows.Length / Features;
        for (var n = 0; n < numbers.Length; n++) Encode(inputs[numbers[n]], first, rows[n..]);
        var rented = ArrayPool<int>.Shared.Rent(count * categories.Length);
        var hashes = rented.AsSpan(0, count * categories.Length);
        for (var c = 0; c < categories.Length; c++) CategoryHashes.Of(inputs[categories[c].Name], first, categories[c].MissingHash, hashes.Slice(c * count, count));
        var column = numbers.Length;
        foreach (var oneHot in oneHots) oneHot.Encode(hashes.Slice(oneHot.Category * count, count), rows[column++..], Features);
        foreach (var ctr in ctrs) ctr.Encode(hashes, rows, count, Features);
        // A model without features has one column all the same.
        if (numbers.Length + oneHots.Length + ctrs.Length == 0) rows.Fill(T.NaN);
        ArrayPool<int>.Shared.Return(rented);
    }

    private void Encode<T>(Tensor column, int first, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var doubles = column.Values<double>();
        var hasMissing = column.HasMissing;
        for (int at = 0, row = first; at < values.Length; at += Features, row++)
        {
            values[at] = hasMissing && column.IsMissing(row) ? T.NaN : T.CreateTruncating((float)doubles[row]);
        }
    }

    private static int WidthOf(ImmutableArray<string> numbers, ImmutableArray<OneHotColumn> oneHots, ImmutableArray<CtrColumns> ctrs) =>
        Math.Max(1, numbers.Length + oneHots.Length + ctrs.Sum(c => c.Count));
}

/// <param name="MissingHash">What stands for a missing category.</param>
internal sealed record CategoryInput(string Name, int MissingHash);

/// <summary>A category's place among the values that splits ask for; NaN when it is none of them.</summary>
/// <param name="category">Its number among the inputs.</param>
/// <param name="values">Hashes; of equal ones the first counts.</param>
internal sealed class OneHotColumn(int category, int[] values)
{
    private readonly int[] _sorted = [.. values.Distinct().Order()];
    private readonly int[] _placeOf = PlacesOf(values);

    public int Category => category;

    /// <summary>The place of a hash; -1 when it is not among the values.</summary>
    public int PlaceOf(int hash) => Array.BinarySearch(_sorted, hash) is >= 0 and var at ? _placeOf[at] : -1;

    public void Encode<T>(ReadOnlySpan<int> hashes, Span<T> values, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < hashes.Length; row++) values[row * stride] = PlaceOf(hashes[row]) is >= 0 and var place ? T.CreateTruncating(place) : T.NaN;
    }

    private static int[] PlacesOf(int[] values)
    {
        var places = new int[values.Length];
        for (var i = 0; i < places.Length; i++) places[i] = i;
        // A stable order, so that the first of equal values comes first.
        return [.. places.OrderBy(i => values[i]).DistinctBy(i => values[i])];
    }
}
