using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>
/// A compiled regular expression that ends. Whether a text matches takes time linear in the text where the pattern's kind allows (no
/// look-around, no references, no atomic groups); everything else is stopped after <see cref="Timeout"/>.
/// </summary>
internal sealed class Pattern
{
    private const double LargestExpansion = 1_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly Regex _backtracking;
    private readonly Regex _linear;

    private Pattern(PatternTranslation translation)
    {
        _backtracking = new Regex(translation.Pattern, RegexOptions.CultureInvariant, Timeout);
        _linear = CompileLinear(translation) ?? _backtracking;
        GroupCount = translation.GroupCount;
        GroupNames = translation.GroupNames;
    }

    public int GroupCount { get; }

    public IReadOnlyDictionary<string, int> GroupNames { get; }

    /// <exception cref="ModelException">The pattern is wrong or not supported.</exception>
    public static Pattern Compile(string text)
    {
        var translation = PatternTranslation.Of(text);
        try
        {
            return new Pattern(translation);
        }
        catch (RegexParseException exception)
        {
            throw new ModelException($"pattern '{text}': {exception.Error}", exception);
        }
    }

    /// <returns>Whether any part of the text matches; invalid when that takes too long.</returns>
    public double IsMatch(string text)
    {
        try
        {
            return Cell.Of(_linear.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return Cell.Invalid;
        }
    }

    /// <summary>Writes the text with every match replaced.</summary>
    /// <returns>False when that takes too long, or when .NET finds matches that cannot be.</returns>
    public bool TryReplace(string text, ReplacementTemplate template, ref TextBuffer buffer)
    {
        try
        {
            // The linear engine is no help: it may find another end of a match than the order of the alternatives asks for.
            return template.HasGroups ? TryReplaceGroups(text, template, ref buffer) : TryReplacePlain(text, template, ref buffer);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private bool TryReplacePlain(string text, ReplacementTemplate template, ref TextBuffer buffer)
    {
        var end = 0;
        foreach (var match in _backtracking.EnumerateMatches(text))
        {
            if (!IsBehind(end, match.Index, match.Length, text)) return false;
            buffer.Append(text.AsSpan(end..match.Index));
            template.WriteTo(ref buffer);
            end = match.Index + match.Length;
        }
        buffer.Append(text.AsSpan(end));
        return true;
    }

    private bool TryReplaceGroups(string text, ReplacementTemplate template, ref TextBuffer buffer)
    {
        var end = 0;
        for (var match = _backtracking.Match(text); match.Success; match = match.NextMatch())
        {
            if (!IsBehind(end, match.Index, match.Length, text)) return false;
            buffer.Append(text.AsSpan(end..match.Index));
            if (!template.TryWriteTo(ref buffer, match, text)) return false;
            end = match.Index + match.Length;
        }
        buffer.Append(text.AsSpan(end));
        return true;
    }

    private static bool IsBehind(int end, int index, int length, string text) => index >= end && length >= 0 && index + length <= text.Length;

    private static Regex? CompileLinear(PatternTranslation translation)
    {
        if (translation.Expansion > LargestExpansion) return null;
        try
        {
            return new Regex(translation.Pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
