using System.Buffers;
using System.Globalization;
using System.Text;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Python's ways to write texts and bytes as lines (protocol 0). Escapes that are no escapes stand for themselves.</summary>
internal static class PickleText
{
    public static string DecodeUnicode(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf((byte)'\\') < 0) return Encoding.Latin1.GetString(raw);
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length;)
        {
            var rune = NextRune(raw, ref at);
            if (Rune.IsValid(rune)) text.Append(new Rune(rune).ToString());
            else text.Append((char)rune);
        }
        return text.ToString();
    }

    public static bool TryNarrowUnicode(ReadOnlySpan<byte> raw, out ReadOnlyMemory<byte> bytes)
    {
        var narrow = new ArrayBufferWriter<byte>(Math.Max(1, raw.Length));
        var fits = true;
        for (var at = 0; at < raw.Length;)
        {
            if (raw[at] != '\\')
            {
                var run = raw[at..].IndexOf((byte)'\\') is >= 0 and var next ? next : raw.Length - at;
                narrow.Write(raw.Slice(at, run));
                at += run;
                continue;
            }
            var rune = NextRune(raw, ref at);
            fits &= rune <= byte.MaxValue;
            narrow.Write([(byte)rune]);
        }
        bytes = narrow.WrittenMemory;
        return fits;
    }

    public static bool TryNarrowUtf8(ReadOnlySpan<byte> raw, out ReadOnlyMemory<byte> bytes)
    {
        var narrow = new byte[raw.Length];
        var count = 0;
        var fits = true;
        for (var at = 0; at < raw.Length; at++)
        {
            var first = raw[at];
            if (first < 0x80)
            {
                narrow[count++] = first;
            }
            else if ((first & 0xFE) == 0xC2 && at + 1 < raw.Length && (raw[at + 1] & 0xC0) == 0x80)
            {
                narrow[count++] = (byte)((first << 6) | (raw[++at] & 0x3F));
            }
            else
            {
                fits = false;
            }
        }
        bytes = narrow.AsMemory(0, count);
        return fits;
    }

    /// <summary>The content of a string literal of Python 2, without its quotes.</summary>
    public static byte[] DecodeLiteral(ReadOnlySpan<byte> raw)
    {
        var bytes = new List<byte>(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\' || at + 1 == raw.Length)
            {
                bytes.Add(raw[at]);
                continue;
            }
            var escape = raw[++at];
            switch ((char)escape)
            {
                case 'n': bytes.Add((byte)'\n'); break;
                case 't': bytes.Add((byte)'\t'); break;
                case 'r': bytes.Add((byte)'\r'); break;
                case 'a': bytes.Add(7); break;
                case 'b': bytes.Add(8); break;
                case 'v': bytes.Add(11); break;
                case 'f': bytes.Add(12); break;
                case '\\' or '\'' or '"': bytes.Add(escape); break;
                case 'x' when TryHex(raw, at + 1, 2, out var value):
                    bytes.Add((byte)value);
                    at += 2;
                    break;
                case >= '0' and <= '7':
                    var octal = 0;
                    var end = Math.Min(raw.Length, at + 3);
                    for (; at < end && raw[at] is >= (byte)'0' and <= (byte)'7'; at++) octal = (octal * 8) + raw[at] - '0';
                    at--;
                    bytes.Add((byte)octal);
                    break;
                default:
                    bytes.Add((byte)'\\');
                    bytes.Add(escape);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary><c>\uXXXX</c>, <c>\UXXXXXXXX</c> or one byte.</summary>
    private static int NextRune(ReadOnlySpan<byte> raw, ref int at)
    {
        if (raw[at] == '\\' && at + 1 < raw.Length)
        {
            var digits = raw[at + 1] switch { (byte)'u' => 4, (byte)'U' => 8, _ => 0 };
            if (digits > 0 && TryHex(raw, at + 2, digits, out var value) && value <= 0x10FFFF)
            {
                at += 2 + digits;
                return (int)value;
            }
        }
        return raw[at++];
    }

    private static bool TryHex(ReadOnlySpan<byte> raw, int at, int digits, out uint value)
    {
        value = 0;
        return at + digits <= raw.Length && uint.TryParse(raw.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
