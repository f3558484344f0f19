using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Models.Rows.Transformations;

/// <summary>A regular expression as text models write it, in Python's or Perl's way; letters are Unicode's. Stopped after <see cref="Timeout"/>.</summary>
internal sealed class TextPattern
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    private TextPattern(Regex regex) => _regex = regex;

    /// <exception cref="ModelException">The pattern is wrong or not supported; the message lacks the place.</exception>
    public static TextPattern Compile(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new TextPattern(new Regex(Translate(pattern), options, Timeout));
        }
        catch (RegexParseException e)
        {
            throw new ModelException($"the regular expression '{Shown(pattern)}' is wrong: {e.Error} at {e.Offset + 1}", e);
        }
    }

    /// <summary>A text as it is.</summary>
    public static TextPattern Literal(string text, bool ignoreCase) => Compile(Regex.Escape(text), ignoreCase);

    /// <exception cref="RecordException">Advancing takes too long.</exception>
    public MatchEnumerator Matches(ReadOnlySpan<char> text) => new(_regex.EnumerateMatches(text));

    /// <param name="replacement">With references to groups in .NET's way.</param>
    /// <exception cref="RecordException">It takes too long, or the text becomes longer than the limit.</exception>
    public string Replace(string text, string replacement, int maxLength)
    {
        var references = replacement.AsSpan().Count('$');
        var length = (long)text.Length;
        try
        {
            return _regex.Replace(text, match =>
            {
                length += replacement.Length + ((long)match.Length * references);
                return length <= maxLength ? match.Result(replacement) : throw new RecordException($"the normalised text would have more than {maxLength} characters");
            });
        }
        catch (RegexMatchTimeoutException e)
        {
            throw TooSlow(e);
        }
    }

    private static RecordException TooSlow(RegexMatchTimeoutException e) =>
        new($"the regular expression '{Shown(e.Pattern)}' takes more than {Timeout.TotalSeconds} s on this record's text", e);

    private static string Shown(string pattern) => pattern.Length > 80 ? string.Concat(pattern.AsSpan(0, 80), "…") : pattern;

    /// <summary>Python's group for Unicode, which is always on here, and its named groups.</summary>
    private static string Translate(string pattern) => pattern
        .Replace("(?u)", "", StringComparison.Ordinal).Replace("(?U)", "", StringComparison.Ordinal).Replace("(?P<", "(?<", StringComparison.Ordinal);

    public ref struct MatchEnumerator(Regex.ValueMatchEnumerator matches)
    {
        private Regex.ValueMatchEnumerator _matches = matches;

        public readonly ValueMatch Current => _matches.Current;

        public readonly MatchEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            try
            {
                return _matches.MoveNext();
            }
            catch (RegexMatchTimeoutException e)
            {
                throw TooSlow(e);
            }
        }
    }
}
