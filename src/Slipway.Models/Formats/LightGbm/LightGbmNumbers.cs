using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>Numbers between spaces, as LightGBM's text writes them.</summary>
internal static class LightGbmNumbers
{
    /// <summary>Digits of which any number fits an <see cref="int"/>.</summary>
    private const int ShortDigits = 9;

    /// <summary>Of a set of categories: their bits are numbered by an <see cref="int"/>.</summary>
    private const int MaxWords = 1 << 26;

    private const int MaxShown = 32;

    /// <exception cref="ModelException">A word is not a number.</exception>
    public static void ReadDoubles(ReadOnlySpan<byte> text, GrowingArray<double> values)
    {
        for (var at = 0; ;)
        {
            if (TryShortInteger(text, ref at, out var integer)) values.Add(integer);
            else if (TryWord(text, ref at, out var word)) values.Add(ParseDouble(word));
            else break;
        }
    }

    /// <inheritdoc cref="ReadDoubles"/>
    public static void ReadIntegers(ReadOnlySpan<byte> text, GrowingArray<int> values)
    {
        for (var at = 0; ;)
        {
            if (TryShortInteger(text, ref at, out var integer)) values.Add(integer);
            else if (TryWord(text, ref at, out var word)) values.Add(ParseInteger(word));
            else break;
        }
    }

    /// <summary>Sets of categories as the bits of 32-bit words, lowest first.</summary>
    /// <param name="boundaries">The first word of each set, and after the last set the number of words.</param>
    /// <param name="starts">Receives the first category of each set, and after the last set their number.</param>
    /// <exception cref="ModelException">A word is not a number, or the boundaries do not fit.</exception>
    public static void ReadBitSets(ReadOnlySpan<byte> text, ReadOnlySpan<int> boundaries, GrowingArray<int> starts, GrowingArray<int> categories)
    {
        var at = 0;
        for (var set = 0; set < boundaries.Length; set++)
        {
            starts.Add(categories.Count);
            if (set == boundaries.Length - 1) break;
            var words = boundaries[set + 1] - (long)boundaries[set];
            if (words is < 0 or > MaxWords || boundaries[0] != 0) throw new ModelException($"cat_boundaries go from {boundaries[set]} to {boundaries[set + 1]}");
            for (var word = 0; word < words; word++)
            {
                for (var bits = ReadWord(text, ref at, boundaries[^1]); bits != 0; bits &= bits - 1) categories.Add((word * 32) + BitOperations.TrailingZeroCount(bits));
            }
        }
        if (TryWord(text, ref at, out _)) throw new ModelException("there are more words than cat_boundaries announce");
    }

    public static int ParseInteger(ReadOnlySpan<byte> word) =>
        int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ModelException($"'{Shown(word)}' is not a 32-bit integer");

    public static double ParseDouble(ReadOnlySpan<byte> word)
    {
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        // As C prints them.
        var unsigned = word.TrimStart("+-"u8);
        if (unsigned.SequenceEqual("inf"u8)) return word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (unsigned.SequenceEqual("nan"u8)) return double.NaN;
        throw NotANumber(word);
    }

    /// <summary>Takes the next word off the text; false when there is none.</summary>
    public static bool NextWord(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        var at = 0;
        var found = TryWord(text, ref at, out word);
        text = text[at..];
        return found;
    }

    private static bool TryWord(ReadOnlySpan<byte> text, scoped ref int at, out ReadOnlySpan<byte> word)
    {
        SkipSpaces(text, ref at);
        var rest = text[at..];
        var length = rest.IndexOf((byte)' ');
        word = length < 0 ? rest : rest[..length];
        at += word.Length;
        return word.Length > 0;
    }

    private static uint ReadWord(ReadOnlySpan<byte> text, scoped ref int at, int announced)
    {
        SkipSpaces(text, ref at);
        // Sets of large categories are mostly zeros.
        if (at + 1 < text.Length && text[at] == '0' && text[at + 1] == ' ')
        {
            at += 2;
            return 0;
        }
        if (!TryWord(text, ref at, out var word)) throw new ModelException($"there are fewer than the {announced} words that cat_boundaries announce");
        return uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits : throw NotANumber(word);
    }

    /// <summary>Moves behind a word of so few digits; false, and behind the spaces before it, for every other word, <c>-0</c> among them.</summary>
    private static bool TryShortInteger(ReadOnlySpan<byte> text, scoped ref int at, out int value)
    {
        SkipSpaces(text, ref at);
        value = 0;
        var i = at;
        var negative = i < text.Length && text[i] == '-';
        if (negative) i++;
        var first = i;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
        {
            if (i - first == ShortDigits) return false;
            value = (value * 10) + (text[i] - '0');
        }
        if (i == first || (i < text.Length && text[i] != ' ') || (negative && value == 0)) return false;
        if (negative) value = -value;
        at = i;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SkipSpaces(ReadOnlySpan<byte> text, scoped ref int at)
    {
        while (at < text.Length && text[at] == ' ') at++;
    }

    private static ModelException NotANumber(ReadOnlySpan<byte> word) => new($"'{Shown(word)}' is not a number");

    private static string Shown(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word[..Math.Min(word.Length, MaxShown)]);
}
