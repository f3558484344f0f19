using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Rows.Transformations;

/// <summary>Something in a text becomes something else.</summary>
internal abstract class TextReplacement
{
    /// <summary>Characters that a text may have afterwards.</summary>
    protected const int MaxLength = 1 << 24;

    /// <returns>The text itself when there is nothing to replace.</returns>
    /// <exception cref="RecordException">It takes too long, or the text becomes too long.</exception>
    public abstract string Apply(string text);

    protected static void Append(ref TextBuffer buffer, ReadOnlySpan<char> text)
    {
        if (buffer.Text.Length + (long)text.Length > MaxLength) throw new RecordException($"the normalised text would have more than {MaxLength} characters");
        buffer.Append(text);
    }
}

/// <summary>What a pattern matches becomes a text.</summary>
/// <param name="hasGroups">The replacement refers to groups of the match in .NET's way; else it is taken as it is.</param>
internal sealed class PatternReplacement(TextPattern pattern, string replacement, bool hasGroups) : TextReplacement
{
    public override string Apply(string text)
    {
        if (hasGroups) return pattern.Replace(text, replacement, MaxLength);
        var buffer = new TextBuffer([]);
        try
        {
            var end = 0;
            var found = false;
            foreach (var match in pattern.Matches(text))
            {
                found = true;
                Append(ref buffer, text.AsSpan(end..match.Index));
                Append(ref buffer, replacement);
                end = match.Index + match.Length;
            }
            if (!found) return text;
            Append(ref buffer, text.AsSpan(end));
            return buffer.Text.ToString();
        }
        finally
        {
            buffer.Dispose();
        }
    }
}

/// <summary>Words become a text, also when a few of their characters differ.</summary>
internal sealed class FuzzyReplacement(Tokenizer tokenizer, Term term, string replacement, int distance, bool ignoreCase) : TextReplacement
{
    public override string Apply(string text)
    {
        var words = new TokenList();
        var buffer = new TextBuffer([]);
        try
        {
            tokenizer.Tokenize(text, ref words);
            var end = 0;
            for (var i = 0; i + term.Words.Length <= words.Count;)
            {
                if (term.DistanceAt(text, words, i, distance, ignoreCase) < 0)
                {
                    i++;
                    continue;
                }
                Append(ref buffer, text.AsSpan(end..words[i].Start));
                Append(ref buffer, replacement);
                i += term.Words.Length;
                end = words[i - 1].Start + words[i - 1].Length;
            }
            if (end == 0) return text;
            Append(ref buffer, text.AsSpan(end));
            return buffer.Text.ToString();
        }
        finally
        {
            words.Dispose();
            buffer.Dispose();
        }
    }
}

/// <summary>One or more words that are looked for next to each other.</summary>
internal sealed record Term(ImmutableArray<string> Words)
{
    public static Term Of(string text, Tokenizer tokenizer)
    {
        var tokens = new TokenList();
        try
        {
            tokenizer.Tokenize(text, ref tokens);
            var words = ImmutableArray.CreateBuilder<string>(tokens.Count);
            for (var i = 0; i < tokens.Count; i++) words.Add(text.Substring(tokens[i].Start, tokens[i].Length));
            return new Term(words.DrainToImmutable());
        }
        finally
        {
            tokens.Dispose();
        }
    }

    /// <returns>How many characters differ between the term and the words of the text from the first on, which must be as many; -1 when more than the limit.</returns>
    public int DistanceAt(ReadOnlySpan<char> text, in TokenList words, int first, int limit, bool ignoreCase)
    {
        var sum = 0;
        for (var i = 0; i < Words.Length; i++)
        {
            var word = words[first + i];
            var distance = Levenshtein.Distance(text.Slice(word.Start, word.Length), Words[i], limit - sum, ignoreCase);
            if (distance < 0) return -1;
            sum += distance;
        }
        return sum;
    }

    /// <summary>How often the term occurs among the words of a text.</summary>
    /// <param name="bestOnly">Only the occurrences with the fewest differences count.</param>
    public int Count(ReadOnlySpan<char> text, in TokenList words, int limit, bool ignoreCase, bool bestOnly)
    {
        var (count, best) = (0, limit);
        if (Words.IsEmpty) return 0;
        for (var i = 0; i + Words.Length <= words.Count; i++)
        {
            var distance = DistanceAt(text, words, i, best, ignoreCase);
            if (distance < 0) continue;
            if (bestOnly && distance < best) (count, best) = (0, distance);
            count++;
        }
        return count;
    }
}
