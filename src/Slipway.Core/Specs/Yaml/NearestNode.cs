using System.Globalization;

namespace Slipway.Core.Specs.Yaml;

/// <summary>Follows a written path (<c>prepare[0].one-hot.column</c>) as far as the file goes.</summary>
internal static class NearestNode
{
    public static SpecNode Of(SpecNode root, string path)
    {
        var node = root;
        var rest = path.AsSpan();
        while (Step(node, ref rest) is { } next) node = next;
        return node;
    }

    private static SpecNode? Step(SpecNode node, ref ReadOnlySpan<char> rest) => node switch
    {
        MappingNode mapping => Step(mapping, ref rest),
        SequenceNode sequence => Step(sequence, ref rest),
        _ => null,
    };

    /// <summary>Keys may hold dots and brackets themselves: the longest key that fits is taken.</summary>
    private static SpecNode? Step(MappingNode mapping, ref ReadOnlySpan<char> rest)
    {
        var path = rest.StartsWith('.') ? rest[1..] : rest;
        SpecNode? next = null;
        foreach (var (key, _, value) in mapping.Entries)
        {
            if (!path.StartsWith(key, StringComparison.Ordinal)) continue;
            var behind = path[key.Length..];
            if (!behind.IsEmpty && behind[0] is not ('.' or '[')) continue;
            if (next is not null && behind.Length >= rest.Length) continue;
            next = value;
            rest = behind;
        }
        return next;
    }

    private static SpecNode? Step(SequenceNode sequence, ref ReadOnlySpan<char> rest)
    {
        var close = rest.IndexOf(']');
        if (close < 2 || rest[0] != '[') return null;
        if (!int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= sequence.Items.Count) return null;
        rest = rest[(close + 1)..];
        return sequence.Items[index];
    }
}
