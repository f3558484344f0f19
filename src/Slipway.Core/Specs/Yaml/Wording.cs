using System.Text;
using System.Text.Json;

namespace Slipway.Core.Specs.Yaml;

/// <summary>How names and values appear in messages and in YAML.</summary>
internal static class Wording
{
    /// <summary><c>MaxIncrease</c> → <c>max-increase</c>.</summary>
    public static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary><c>ModelReference</c> → <c>model reference</c>.</summary>
    public static string Words(Type type) => type == typeof(char) ? "character" : Kebab(type.Name).Replace('-', ' ');

    /// <summary><c>ModelReference</c> → <c>a model reference</c>.</summary>
    public static string Noun(Type type)
    {
        var words = Words(type);
        return (words[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + words;
    }

    public static string Quote(string text) => $"'{Shorten(text)}'";

    /// <summary>One line of at most <paramref name="length"/> characters.</summary>
    public static string Shorten(string text, int length = 60)
    {
        var shown = new StringBuilder(Math.Min(text.Length, length) + 1);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, length))) shown.Append(char.IsControl(c) ? ' ' : c);
        if (text.Length > length) shown.Append('…');
        return shown.ToString();
    }

    /// <summary>The end of a message about a word that is not among <paramref name="allowed"/>.</summary>
    public static string InsteadOf(string word, IReadOnlyCollection<string> allowed) =>
        Suggestion.Nearest(word, allowed) is { } near ? $"did you mean {near}?"
        : allowed.Count == 0 ? "nothing is allowed here"
        : $"allowed: {string.Join(", ", allowed)}";
}
