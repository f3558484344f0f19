namespace Slipway.Models.Rows.Transformations;

/// <summary>The number of characters to insert, delete or replace to make one word of another.</summary>
internal static class Levenshtein
{
    private const int MaxOnStack = 256;

    /// <returns>-1 when the distance is greater than the limit.</returns>
    public static int Distance(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int limit, bool ignoreCase)
    {
        if (one.Equals(other, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return 0;
        if (limit <= 0 || Math.Abs(one.Length - other.Length) > limit) return -1;
        return other.Length < MaxOnStack
            ? Distance(one, other, limit, ignoreCase, stackalloc int[other.Length + 1])
            : Distance(one, other, limit, ignoreCase, new int[other.Length + 1]);
    }

    /// <summary>Only what lies within the limit of the diagonal is computed; all other costs stay above it.</summary>
    private static int Distance(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int limit, bool ignoreCase, Span<int> costs)
    {
        for (var j = 0; j < costs.Length; j++) costs[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            var first = Math.Max(1, i - limit);
            var last = (int)Math.Min(other.Length, i + (long)limit);
            var diagonal = costs[first - 1];
            var least = costs[first - 1] = first == 1 ? i : limit + 1;
            for (var j = first; j <= last; j++)
            {
                var cost = Same(one[i - 1], other[j - 1], ignoreCase) ? diagonal : 1 + Math.Min(diagonal, Math.Min(costs[j], costs[j - 1]));
                diagonal = costs[j];
                costs[j] = cost;
                least = Math.Min(least, cost);
            }
            if (least > limit) return -1;
        }
        return costs[^1] <= limit ? costs[^1] : -1;
    }

    private static bool Same(char one, char other, bool ignoreCase) =>
        one == other || (ignoreCase && char.ToUpperInvariant(one) == char.ToUpperInvariant(other));
}
