using System.Text;

namespace Slipway.Core;

/// <summary>
/// Strings for the names that requests repeat, so that reading one does not allocate. A fixed number of slots, each overwritten by the latest
/// name that falls on it: a sender of many different names costs an allocation each and nothing more.
/// </summary>
internal static class KnownNames
{
    private const int LongestKept = 64;

    private static readonly string?[] Slots = new string?[1024];

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept) return Encoding.UTF8.GetString(utf8);
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref Slots[hash.ToHashCode() & (Slots.Length - 1)];
        if (slot is { } known && Same(known, utf8)) return known;
        return slot = Encoding.UTF8.GetString(utf8);
    }

    private static bool Same(string known, ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[LongestKept];
        return Encoding.UTF8.TryGetChars(utf8, text, out var length) && text[..length].SequenceEqual(known);
    }
}
