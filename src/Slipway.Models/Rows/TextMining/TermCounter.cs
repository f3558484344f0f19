using System.Collections.Immutable;

namespace Slipway.Models.Rows.TextMining;

/// <summary>Counts the terms of a dictionary in a text: words are runs of letters and digits, case does not matter, a term of several words is a run of words.</summary>
internal sealed class TermCounter
{
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _byFirstWord;
    private readonly ImmutableArray<string[]> _terms;

    public TermCounter(ImmutableArray<string> terms)
    {
        _terms = [.. terms.Select(Words)];
        _byFirstWord = Enumerable.Range(0, _terms.Length).Where(t => _terms[t].Length > 0).GroupBy(t => _terms[t][0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="counts">By term.</param>
    public void Count(ReadOnlySpan<char> text, Span<double> counts)
    {
        counts.Clear();
        while (TryTake(ref text, out var word))
        {
            if (!_byFirstWord.TryGetValue(word, out var terms)) continue;
            foreach (var term in terms)
            {
                if (GoesOn(text, _terms[term])) counts[term]++;
            }
        }
    }

    private static bool GoesOn(ReadOnlySpan<char> text, string[] words)
    {
        for (var i = 1; i < words.Length; i++)
        {
            if (!TryTake(ref text, out var word) || !word.Equals(words[i], StringComparison.OrdinalIgnoreCase)) return false;
        }
        return true;
    }

    private static string[] Words(string term)
    {
        var words = new List<string>();
        var text = term.AsSpan();
        while (TryTake(ref text, out var word)) words.Add(word.ToString());
        return [.. words];
    }

    private static bool TryTake(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> word)
    {
        var start = 0;
        while (start < text.Length && !char.IsLetterOrDigit(text[start])) start++;
        var end = start;
        while (end < text.Length && char.IsLetterOrDigit(text[end])) end++;
        word = text[start..end];
        text = text[end..];
        return word.Length > 0;
    }
}
