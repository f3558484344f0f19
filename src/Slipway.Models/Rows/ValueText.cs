using System.Globalization;

namespace Slipway.Models.Rows;

/// <summary>
/// Cells that are not texts, as text: integers without a point, floating-point numbers in the fewest digits that name them and always
/// with a point (<c>3.0</c>, <c>1.0E-5</c>, XML Schema's <c>INF</c>), booleans as words, dates and times in ISO 8601.
/// </summary>
internal static class ValueText
{
    /// <summary>The most characters that any of the texts has.</summary>
    public const int MaximumLength = TemporalText.MaximumLength;

    private const int SmallestPlainExponent = -3;
    private const int LargestPlainExponent = 6;

    /// <summary>Writes a cell of any type but <see cref="CellType.Text"/>; there must be room for <see cref="MaximumLength"/>.</summary>
    /// <returns>How many characters were written; 0 when the cell has no text.</returns>
    public static int Write(double cell, CellType type, Span<char> to)
    {
        switch (type)
        {
            case CellType.Boolean:
                return Copy(cell != 0 ? "true" : "false", to);
            case CellType.Integer when Math.Abs(cell) <= Integers.Largest:
                ((long)cell).TryFormat(to, out var length, provider: CultureInfo.InvariantCulture);
                return length;
            case CellType.Float32 when double.IsFinite(cell):
                ((float)cell).TryFormat(to, out length, "R", CultureInfo.InvariantCulture);
                return Lay(to, length);
            case CellType.Integer or CellType.Float32 or CellType.Float64:
                if (!double.IsFinite(cell)) return Copy(double.IsNaN(cell) ? "NaN" : cell > 0 ? "INF" : "-INF", to);
                cell.TryFormat(to, out length, "R", CultureInfo.InvariantCulture);
                return Lay(to, length);
            default:
                return TemporalText.Write(cell, type, to);
        }
    }

    private static int Copy(string text, Span<char> to)
    {
        text.CopyTo(to);
        return text.Length;
    }

    /// <summary>Lays the digits of <c>-12345.6E+07</c> out anew: plain from 10⁻³ to 10⁷, else one digit before the point and an exponent.</summary>
    private static int Lay(Span<char> text, int length)
    {
        Span<char> digits = stackalloc char[MaximumLength];
        var (negative, count, exponent) = Take(text[..length], digits);
        var at = 0;
        if (negative) text[at++] = '-';
        if (count == 0) return at + Copy("0.0", text[at..]);
        if (exponent is >= SmallestPlainExponent and <= LargestPlainExponent) return at + LayPlain(digits[..count], exponent, text[at..]);
        text[at++] = digits[0];
        text[at++] = '.';
        if (count == 1) text[at++] = '0';
        digits[1..count].CopyTo(text[at..]);
        at += count - 1;
        text[at++] = 'E';
        exponent.TryFormat(text[at..], out var written, provider: CultureInfo.InvariantCulture);
        return at + written;
    }

    private static int LayPlain(ReadOnlySpan<char> digits, int exponent, Span<char> to)
    {
        var at = 0;
        if (exponent < 0) to[at++] = '0';
        for (var i = 0; i <= exponent; i++) to[at++] = i < digits.Length ? digits[i] : '0';
        to[at++] = '.';
        for (var i = exponent + 1; i < 0; i++) to[at++] = '0';
        var fraction = digits[Math.Min(Math.Max(exponent + 1, 0), digits.Length)..];
        fraction.CopyTo(to[at..]);
        at += fraction.Length;
        if (fraction.IsEmpty) to[at++] = '0';
        return at;
    }

    /// <returns>The significant digits (without zeros at either end) and the power of ten of the first.</returns>
    private static (bool Negative, int Count, int Exponent) Take(ReadOnlySpan<char> text, Span<char> digits)
    {
        var negative = text[0] == '-';
        if (negative) text = text[1..];
        var scale = 0;
        var e = text.IndexOf('E');
        if (e >= 0)
        {
            scale = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.');
        var exponent = scale + (point < 0 ? text.Length : point) - 1;
        var count = 0;
        foreach (var c in text)
        {
            if (c == '.') continue;
            if (count == 0 && c == '0') exponent--;
            else digits[count++] = c;
        }
        while (count > 0 && digits[count - 1] == '0') count--;
        return (negative, count, exponent);
    }
}
