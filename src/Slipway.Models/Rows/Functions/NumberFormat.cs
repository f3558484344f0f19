using System.Buffers;
using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>A printf pattern with one conversion, as C writes it, and Java's flags <c>,</c> (groups of thousands) and <c>(</c> (negative numbers in parentheses). The culture is invariant.</summary>
internal sealed class NumberFormat
{
    private const int MaximumWidth = 1_000;
    private const int MaximumPrecision = 340;
    private const int NumberLength = 1_024;

    private static readonly SearchValues<char> AllFlags = SearchValues.Create("-+ 0#,('");

    private readonly string _before;
    private readonly string _after;
    private readonly string _flags;
    private readonly int _width;
    private readonly int? _precision;
    private readonly char _conversion;

    private NumberFormat(string before, string after, string flags, int width, int? precision, char conversion)
    {
        _before = before;
        _after = after;
        _flags = flags;
        _width = width;
        _precision = precision;
        _conversion = conversion;
    }

    /// <exception cref="ModelException">The pattern has no conversion, more than one, or one that numbers do not have.</exception>
    public static NumberFormat Parse(string pattern)
    {
        var literal = new StringBuilder();
        string? before = null;
        var (flags, width, precision, conversion) = ("", 0, (int?)null, '\0');
        for (var at = 0; at < pattern.Length;)
        {
            var c = pattern[at++];
            if (c == '%' && at < pattern.Length && pattern[at] == '%') at++;
            else if (c == '%')
            {
                if (before is not null) throw Fault(pattern, "has more than one conversion");
                before = literal.ToString();
                literal.Clear();
                (flags, width, precision, conversion) = ReadConversion(pattern, ref at);
                continue;
            }
            literal.Append(c);
        }
        return new NumberFormat(before ?? throw Fault(pattern, "has no conversion"), literal.ToString(), flags, width, precision, conversion);
    }

    /// <returns>False when the conversion is for integers and the number is none.</returns>
    public bool TryWrite(double value, CellType type, ref TextBuffer buffer)
    {
        Span<char> text = stackalloc char[NumberLength];
        var length = WriteMagnitude(value, type, text);
        if (length < 0) return false;
        var magnitude = text[..length];
        var isNegative = _conversion is not ('s' or 'x' or 'X' or 'o') && double.IsNegative(value) && !double.IsNaN(value);
        var isSigned = _conversion is not ('s' or 'x' or 'X' or 'o' or 'u');
        var sign = isNegative ? Has('(') ? "(" : "-" : !isSigned ? "" : Has('+') ? "+" : Has(' ') ? " " : "";
        var close = isNegative && Has('(') ? ")" : "";
        var padding = _width - sign.Length - length - close.Length;
        var isZeroed = Has('0') && !Has('-') && double.IsFinite(value) && !(_precision is not null && IsInteger);
        buffer.Append(_before);
        if (!Has('-') && !isZeroed) buffer.Append(' ', padding);
        buffer.Append(sign);
        if (isZeroed) buffer.Append('0', padding);
        buffer.Append(magnitude);
        buffer.Append(close);
        if (Has('-')) buffer.Append(' ', padding);
        buffer.Append(_after);
        return true;
    }

    private bool IsInteger => _conversion is 'd' or 'i' or 'u' or 'x' or 'X' or 'o';

    private static (string Flags, int Width, int? Precision, char Conversion) ReadConversion(string pattern, ref int at)
    {
        var rest = pattern.AsSpan(at);
        if (rest.StartsWith("1$")) rest = rest[2..];
        var flags = rest[..(rest.IndexOfAnyExcept(AllFlags) is var end and >= 0 ? end : rest.Length)];
        rest = rest[flags.Length..];
        var width = ReadCount(pattern, ref rest, MaximumWidth) ?? 0;
        int? precision = null;
        if (rest.StartsWith('.'))
        {
            rest = rest[1..];
            precision = ReadCount(pattern, ref rest, MaximumPrecision) ?? 0;
        }
        rest = rest.TrimStart("hlLqjzt");
        if (rest.IsEmpty || !"diuxXofFeEgGs".Contains(rest[0])) throw Fault(pattern, "has no conversion that numbers have (d, i, u, x, o, f, e, g or s)");
        at = pattern.Length - rest.Length + 1;
        return (flags.ToString(), width, precision, rest[0]);
    }

    private static int? ReadCount(string pattern, ref ReadOnlySpan<char> rest, int maximum)
    {
        var digits = rest[..(rest.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : rest.Length)];
        if (digits.IsEmpty) return null;
        rest = rest[digits.Length..];
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= maximum) return count;
        throw Fault(pattern, $"asks for {digits} characters, {maximum} are supported");
    }

    private bool Has(char flag) => _flags.Contains(flag, StringComparison.Ordinal);

    /// <returns>How many characters were written; -1 when the number is no integer and must be one.</returns>
    private int WriteMagnitude(double value, CellType type, Span<char> to)
    {
        if (_conversion == 's')
        {
            var length = ValueText.Write(value, type, to);
            return _precision is { } most ? Math.Min(length, most) : length;
        }
        if (IsInteger) return WriteInteger(value, to);
        if (!double.IsFinite(value))
        {
            var word = double.IsNaN(value) ? "nan" : "inf";
            (char.IsAsciiLetterUpper(_conversion) ? word.ToUpperInvariant() : word).CopyTo(to);
            return word.Length;
        }
        var magnitude = Math.Abs(value);
        return _conversion switch
        {
            'f' or 'F' => Grouped(to, WriteFixed(magnitude, _precision ?? 6, to)),
            'e' or 'E' => WriteExponent(magnitude, _precision ?? 6, to),
            _ => WriteShorter(magnitude, to),
        };
    }

    private int WriteInteger(double value, Span<char> to)
    {
        if (Cell.IsInvalid(Integers.Of(value))) return -1;
        var number = (long)value;
        var bits = number is >= int.MinValue and <= int.MaxValue ? (uint)(int)number : (ulong)number;
        int length;
        switch (_conversion)
        {
            case 'x' or 'X':
                bits.TryFormat(to, out length, _conversion == 'x' ? "x" : "X", CultureInfo.InvariantCulture);
                break;
            case 'o':
                var octal = Convert.ToString((long)bits, 8);
                octal.CopyTo(to);
                length = octal.Length;
                break;
            default:
                Math.Abs(number).TryFormat(to, out length, provider: CultureInfo.InvariantCulture);
                length = Grouped(to, length);
                break;
        }
        return _precision is { } digits && length < digits ? PadLeft(to, length, digits) : length;
    }

    private static int PadLeft(Span<char> text, int length, int digits)
    {
        text[..length].CopyTo(text[(digits - length)..]);
        text[..(digits - length)].Fill('0');
        return digits;
    }

    private int WriteFixed(double magnitude, int precision, Span<char> to)
    {
        var length = Write(magnitude, 'F', precision, to);
        if (precision == 0 && Has('#')) to[length++] = '.';
        return length;
    }

    /// <summary>C's exponent has a sign and at least two digits.</summary>
    private int WriteExponent(double magnitude, int precision, Span<char> to)
    {
        var length = Write(magnitude, 'E', precision, to);
        var e = to[..length].IndexOf('E');
        var exponent = int.Parse(to[(e + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return e + AppendExponent(to[e..], exponent);
    }

    private static int Write(double magnitude, char format, int precision, Span<char> to)
    {
        Span<char> specifier = [format, '\0', '\0', '\0'];
        precision.TryFormat(specifier[1..], out var digits, provider: CultureInfo.InvariantCulture);
        magnitude.TryFormat(to, out var length, specifier[..(1 + digits)], CultureInfo.InvariantCulture);
        return length;
    }

    private int AppendExponent(Span<char> to, int exponent)
    {
        to[0] = char.IsAsciiLetterUpper(_conversion) ? 'E' : 'e';
        to[1] = exponent < 0 ? '-' : '+';
        Math.Abs(exponent).TryFormat(to[2..], out var digits, "00", CultureInfo.InvariantCulture);
        return 2 + digits;
    }

    /// <summary>%g: fixed for numbers of a usual size, else with an exponent; zeros at the end are left out.</summary>
    private int WriteShorter(double magnitude, Span<char> to)
    {
        var digits = Math.Max(_precision ?? 6, 1);
        var length = WriteExponent(magnitude, digits - 1, to);
        var e = to[..length].IndexOfAny('e', 'E');
        var exponent = int.Parse(to[(e + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < digits) return Grouped(to, TrimZeros(to, WriteFixed(magnitude, digits - 1 - exponent, to)));
        var mantissa = TrimZeros(to, e);
        return mantissa + AppendExponent(to[mantissa..], exponent);
    }

    private int TrimZeros(Span<char> text, int length) =>
        Has('#') || !text[..length].Contains('.') ? length : text[..length].TrimEnd('0').TrimEnd('.').Length;

    /// <summary>Puts a comma before every three digits of the whole part.</summary>
    private int Grouped(Span<char> text, int length)
    {
        if (!Has(',') && !Has('\'')) return length;
        var whole = text[..length].IndexOf('.') is var point and >= 0 ? point : length;
        for (var at = whole - 3; at > 0; at -= 3)
        {
            text[at..length++].CopyTo(text[(at + 1)..]);
            text[at] = ',';
        }
        return length;
    }

    private static ModelException Fault(string pattern, string problem) => new($"pattern '{pattern}' {problem}");
}
