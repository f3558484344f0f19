namespace Slipway.Core.Specs;

/// <summary>Did-you-mean: the nearest of the words that would have been right.</summary>
public static class Suggestion
{
    /// <summary>
    /// The candidate with the fewest typing slips (a letter added, dropped, changed, or two neighbours swapped: the optimal string alignment form
    /// of the Damerau–Levenshtein distance), upper case, <c>_</c> and spaces taken for their kebab-case forms. Null when none is within a third of its length; one letter is never a slip for another.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var folded = Fold(word);
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var allowed = Math.Min(least - 1, candidate.Length < 2 ? 0 : Math.Max(candidate.Length, 3) / 3);
            var slips = Distance(folded, Fold(candidate), allowed);
            if (slips > allowed) continue;
            (nearest, least) = (candidate, slips);
        }
        return nearest;
    }

    /// <returns>The distance, or any number above <paramref name="limit"/> when it is above.</returns>
    private static int Distance(string from, string to, int limit)
    {
        if (Math.Abs(from.Length - to.Length) > limit) return limit + 1;
        var (before, last, row) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var j = 0; j <= to.Length; j++) last[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var slips = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) slips = Math.Min(slips, before[j - 2] + 1);
                row[j] = slips;
                least = Math.Min(least, slips);
            }
            if (least > limit + 1) return limit + 1;
            (before, last, row) = (last, row, before);
        }
        return last[to.Length];
    }

    private static string Fold(string word) => word.Replace('_', '-').Replace(' ', '-').ToLowerInvariant();
}
