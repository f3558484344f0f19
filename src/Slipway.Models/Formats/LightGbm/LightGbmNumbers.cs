using System.Globalization;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>Numbers between spaces, as LightGBM's text writes them.</summary>
internal static class LightGbmNumbers
{
    /// <summary>Digits of which any number fits an <see cref="int"/>.</summary>
    private const int ShortDigits = 9;

    /// <summary>Of a set of categories: their bits are numbered by an <see cref="int"/>.</summary>
    private const int MaxWords = 1 << 26;

    /// <exception cref="ModelException">A word is not a number.</exception>
    public static void ReadDoubles(ReadOnlySpan<byte> text, List<double> values)
    {
        while (NextWord(ref text, out var word))
        {
            if (TryShortInteger(word, out var integer)) values.Add(integer);
            else values.Add(ParseDouble(word));
        }
    }

    /// <inheritdoc cref="ReadDoubles"/>
    public static void ReadIntegers(ReadOnlySpan<byte> text, List<int> values)
    {
        while (NextWord(ref text, out var word)) values.Add(ParseInteger(word));
    }

    /// <summary>Sets of categories as the bits of 32-bit words, lowest first.</summary>
    /// <param name="boundaries">The first word of each set, and after the last set the number of words.</param>
    /// <param name="starts">Receives the first category of each set, and after the last set their number.</param>
    /// <exception cref="ModelException">A word is not a number, or the boundaries do not fit.</exception>
    public static void ReadBitSets(ReadOnlySpan<byte> text, ReadOnlySpan<int> boundaries, List<int> starts, List<int> categories)
    {
        for (var set = 0; set < boundaries.Length; set++)
        {
            starts.Add(categories.Count);
            if (set == boundaries.Length - 1) break;
            var words = boundaries[set + 1] - (long)boundaries[set];
            if (words is < 0 or > MaxWords || boundaries[0] != 0) throw new ModelException($"cat_boundaries go from {boundaries[set]} to {boundaries[set + 1]}");
            for (var word = 0; word < words; word++)
            {
                if (!NextWord(ref text, out var number)) throw new ModelException($"there are fewer than the {boundaries[^1]} words that cat_boundaries announce");
                if (!uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)) throw NotANumber(number);
                for (; bits != 0; bits &= bits - 1) categories.Add((word * 32) + BitOperations.TrailingZeroCount(bits));
            }
        }
        if (NextWord(ref text, out _)) throw new ModelException("there are more words than cat_boundaries announce");
    }

    public static int ParseInteger(ReadOnlySpan<byte> word)
    {
        if (TryShortInteger(word, out var value)) return value;
        return int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            ? value
            : throw new ModelException($"'{Shown(word)}' is not a 32-bit integer");
    }

    public static double ParseDouble(ReadOnlySpan<byte> word)
    {
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        // As C prints them.
        var unsigned = word.TrimStart("+-"u8);
        if (unsigned.SequenceEqual("inf"u8)) return word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (unsigned.SequenceEqual("nan"u8)) return double.NaN;
        throw NotANumber(word);
    }

    public static bool NextWord(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        var from = 0;
        while (from < text.Length && text[from] == ' ') from++;
        var rest = text[from..];
        var length = rest.IndexOf((byte)' ');
        word = length < 0 ? rest : rest[..length];
        text = rest[word.Length..];
        return word.Length > 0;
    }

    private static bool TryShortInteger(ReadOnlySpan<byte> word, out int value)
    {
        value = 0;
        var negative = word[0] == '-';
        if (negative) word = word[1..];
        if (word.Length is 0 or > ShortDigits) return false;
        foreach (var digit in word)
        {
            if ((uint)(digit - '0') > 9) return false;
            value = (value * 10) + (digit - '0');
        }
        if (!negative) return true;
        value = -value;
        return value != 0;
    }

    private static ModelException NotANumber(ReadOnlySpan<byte> word) => new($"'{Shown(word)}' is not a number");

    /// <summary>The word for a message.</summary>
    public static string Shown(ReadOnlySpan<byte> word) => System.Text.Encoding.UTF8.GetString(word[..Math.Min(word.Length, 32)]);
}
