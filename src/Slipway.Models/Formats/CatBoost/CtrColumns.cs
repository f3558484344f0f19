using System.Collections.Immutable;
using System.Numerics;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>The CTRs that count by one projection: the row is hashed once for all of them.</summary>
internal sealed class CtrColumns(ImmutableArray<int> categories, ImmutableArray<NumberTest> numbers, ImmutableArray<CategoryTest> tests, ImmutableArray<CtrGroup> groups)
{
    public int Count { get; } = groups.Sum(g => g.Features.Length);

    /// <param name="hashes">Of all categories: <paramref name="count"/> for each input.</param>
    /// <param name="rows">Whose numbers are there already.</param>
    public void Encode<T>(ReadOnlySpan<int> hashes, Span<T> rows, int count, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * stride, stride);
            var hash = 0ul;
            foreach (var category in categories) hash = CtrHash.Combine(hash, hashes[(category * count) + row]);
            foreach (var number in numbers) hash = CtrHash.Combine(hash, number.Holds(values[number.Column]) ? 1 : 0);
            foreach (var test in tests) hash = CtrHash.Combine(hash, hashes[(test.Category * count) + row] == test.Hash ? 1 : 0);
            foreach (var group in groups)
            {
                var bucket = group.Table.Find(hash);
                foreach (var (feature, column) in group.Features) values[column] = T.CreateTruncating(feature.Value(group.Table, bucket));
            }
        }
    }
}

/// <summary>CTRs that share a table, each with its column.</summary>
internal sealed record CtrGroup(CtrTable Table, ImmutableArray<(CtrFeature Feature, int Column)> Features);

/// <summary>Whether a number is above a border.</summary>
internal readonly record struct NumberTest(int Column, float Border, bool NanIsAbove)
{
    public bool Holds<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(value) ? NanIsAbove && Border < float.PositiveInfinity : value > T.CreateTruncating(Border);
}

/// <summary>Whether a category has a hash.</summary>
internal readonly record struct CategoryTest(int Category, int Hash);
