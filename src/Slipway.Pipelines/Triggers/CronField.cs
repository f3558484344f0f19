using System.Globalization;
using System.Numerics;

namespace Slipway.Pipelines.Triggers;

/// <summary>One of the five fields: the values it allows as bits, and whether it was written with a leading <c>*</c>.</summary>
internal readonly record struct CronField(ulong Bits, bool Starred)
{
    public bool Allows(int value) => (Bits >> value & 1) != 0;

    /// <summary>The smallest allowed value that is at least <paramref name="value"/>; -1 when there is none.</summary>
    public int AtLeast(int value)
    {
        if (value > 63) return -1;
        var rest = Bits & (ulong.MaxValue << value);
        return rest == 0 ? -1 : BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>Reads <c>*</c>, <c>7</c>, <c>1-5</c>, <c>*/15</c>, <c>10-40/10</c>, <c>MON-FRI</c> and comma-separated lists of them.</summary>
    /// <param name="names">Three-letter names of the values from <paramref name="first"/> on; empty when the field has none.</param>
    /// <exception cref="FormatException">Anything else, or a value out of range.</exception>
    public static CronField Parse(string text, string what, int first, int last, ReadOnlySpan<string> names)
    {
        ulong bits = 0;
        foreach (var range in text.AsSpan().Split(','))
        {
            bits |= Item(text.AsSpan(range), text, what, first, last, names);
        }
        return new CronField(bits, text.StartsWith('*'));
    }

    private static ulong Item(ReadOnlySpan<char> item, string text, string what, int first, int last, ReadOnlySpan<string> names)
    {
        var step = 1;
        var slash = item.IndexOf('/');
        var range = slash < 0 ? item : item[..slash];
        if (slash >= 0 && (!int.TryParse(item[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1 || step > last))
        {
            throw new FormatException($"{what} '{text}': the step after '/' must be a whole number from 1 to {last}");
        }
        int from, to;
        var dash = range.IndexOf('-');
        if (range is "*")
        {
            (from, to) = (first, last);
        }
        else if (dash >= 0)
        {
            (from, to) = (Value(range[..dash], text, what, first, last, names), Value(range[(dash + 1)..], text, what, first, last, names));
            if (from > to) throw new FormatException($"{what} '{text}': the range {range} runs backwards; write two ranges, separated by a comma");
        }
        else
        {
            if (slash >= 0) throw new FormatException($"{what} '{text}': a step needs a range; write {range}-{last}/{step}");
            from = to = Value(range, text, what, first, last, names);
        }
        ulong bits = 0;
        for (var value = from; value <= to; value += step) bits |= 1UL << value;
        return bits;
    }

    private static int Value(ReadOnlySpan<char> word, string text, string what, int first, int last, ReadOnlySpan<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (word.Equals(names[i], StringComparison.OrdinalIgnoreCase)) return first + i;
        }
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= first && value <= last) return value;
        var named = names.IsEmpty ? "" : $" or a name ({names[0]} to {names[^1]})";
        throw new FormatException($"{what} '{text}': '{word}' is not a number from {first} to {last}{named}");
    }
}
