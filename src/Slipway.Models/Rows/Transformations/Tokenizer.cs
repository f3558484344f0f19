using System.Text;

namespace Slipway.Models.Rows.Transformations;

/// <summary>Finds the words of a text. Immutable and thread-safe; allocates nothing.</summary>
internal abstract class Tokenizer
{
    /// <exception cref="Core.RecordException">It takes too long.</exception>
    public abstract void Tokenize(ReadOnlySpan<char> text, ref TokenList words);

    /// <summary>Words are what a pattern matches. Python's usual patterns for words take a short way.</summary>
    public static Tokenizer OfWords(string pattern) => pattern switch
    {
        @"\w+" or @"(?u)\w+" or @"\b\w+\b" or @"(?u)\b\w+\b" => new WordRuns(1),
        @"\w\w+" or @"(?u)\w\w+" or @"\b\w\w+\b" or @"(?u)\b\w\w+\b" => new WordRuns(2),
        _ => new MatchedWords(TextPattern.Compile(pattern, ignoreCase: false)),
    };

    /// <summary>Words are what stands between the matches of a pattern, without punctuation at either end.</summary>
    public static Tokenizer OfSeparators(string pattern) =>
        pattern is @"\s" or @"\s+" ? new BlankSeparatedWords() : new SeparatedWords(TextPattern.Compile(pattern, ignoreCase: false));

    private static void AddTrimmed(ReadOnlySpan<char> text, int start, int end, ref TokenList words)
    {
        while (start < end && char.IsPunctuation(text[start])) start++;
        while (end > start && char.IsPunctuation(text[end - 1])) end--;
        if (end > start) words.Add(start, end - start);
    }

    /// <summary>The longest runs of letters, numbers and underscores, as Python's <c>\w</c> has them.</summary>
    private sealed class WordRuns(int minimum) : Tokenizer
    {
        public override void Tokenize(ReadOnlySpan<char> text, ref TokenList words)
        {
            var (start, length) = (-1, 0);
            for (var i = 0; i < text.Length;)
            {
                var size = 1;
                bool isWord;
                if (char.IsAscii(text[i]))
                {
                    isWord = char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_';
                }
                else
                {
                    Rune.DecodeFromUtf16(text[i..], out var rune, out size);
                    isWord = Rune.IsLetter(rune) || Rune.IsNumber(rune);
                }
                if (isWord)
                {
                    if (start < 0) (start, length) = (i, 0);
                    length++;
                }
                else if (start >= 0)
                {
                    if (length >= minimum) words.Add(start, i - start);
                    start = -1;
                }
                i += size;
            }
            if (start >= 0 && length >= minimum) words.Add(start, text.Length - start);
        }
    }

    private sealed class MatchedWords(TextPattern pattern) : Tokenizer
    {
        public override void Tokenize(ReadOnlySpan<char> text, ref TokenList words)
        {
            foreach (var match in pattern.Matches(text))
            {
                if (match.Length > 0) words.Add(match.Index, match.Length);
            }
        }
    }

    private sealed class SeparatedWords(TextPattern pattern) : Tokenizer
    {
        public override void Tokenize(ReadOnlySpan<char> text, ref TokenList words)
        {
            var start = 0;
            foreach (var match in pattern.Matches(text))
            {
                AddTrimmed(text, start, match.Index, ref words);
                start = match.Index + match.Length;
            }
            AddTrimmed(text, start, text.Length, ref words);
        }
    }

    private sealed class BlankSeparatedWords : Tokenizer
    {
        public override void Tokenize(ReadOnlySpan<char> text, ref TokenList words)
        {
            for (var i = 0; i < text.Length;)
            {
                while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
                var start = i;
                while (i < text.Length && !char.IsWhiteSpace(text[i])) i++;
                AddTrimmed(text, start, i, ref words);
            }
        }
    }
}
