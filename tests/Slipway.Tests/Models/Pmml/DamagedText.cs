using System.Text;

namespace Slipway.Tests.Models.Pmml;

/// <summary>A file with some of its bytes changed, cut or repeated, attributes swapped and numbers replaced.</summary>
internal static class DamagedText
{
    public static byte[] Of(byte[] document, Random random)
    {
        var bytes = new List<byte>(document);
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            switch (random.Next(7))
            {
                case 0: bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8)); break;
                case 1: Cut(bytes, random, random.Next(1, 200)); break;
                case 2: Repeat(bytes, random); break;
                case 3: SwapAttributes(bytes, random); break;
                case 4 or 5: ChangeNumber(bytes, random); break;
                default: CutElement(bytes, random); break;
            }
        }
        return [.. bytes];
    }

    private static void Cut(List<byte> bytes, Random random, int length)
    {
        var at = random.Next(bytes.Count);
        bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
    }

    private static void Repeat(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var end = bytes.IndexOf((byte)'>', at);
        if (end < 0) end = bytes.Count - 1;
        bytes.InsertRange(end + 1, bytes.GetRange(at, end + 1 - at));
    }

    /// <summary>Removes an element that has no children: what remains is well-formed.</summary>
    private static void CutElement(List<byte> bytes, Random random)
    {
        var end = Find(bytes, "/>", random.Next(bytes.Count));
        if (end < 0) return;
        var start = bytes.LastIndexOf((byte)'<', end);
        if (start >= 0) bytes.RemoveRange(start, end + 2 - start);
    }

    /// <summary>Two attributes of one element change their values.</summary>
    private static void SwapAttributes(List<byte> bytes, Random random)
    {
        var first = Value(bytes, random.Next(bytes.Count));
        if (first is not var (start, length)) return;
        if (Value(bytes, start + length + 1) is not var (otherStart, otherLength)) return;
        var (one, other) = (bytes.GetRange(start, length), bytes.GetRange(otherStart, otherLength));
        bytes.RemoveRange(otherStart, otherLength);
        bytes.InsertRange(otherStart, one);
        bytes.RemoveRange(start, length);
        bytes.InsertRange(start, other);
    }

    private static void ChangeNumber(List<byte> bytes, Random random)
    {
        if (bytes.FindIndex(random.Next(bytes.Count), b => b is >= (byte)'0' and <= (byte)'9') is var start and >= 0)
        {
            var end = bytes.FindIndex(start, b => b is not (>= (byte)'0' and <= (byte)'9' or (byte)'.'));
            bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
            bytes.InsertRange(start, Encoding.ASCII.GetBytes(random.GetItems(["0", "-1", "1", "2147483647", "-2147483648", "9999999999999", "1e308", "NaN", "-INF", "0.5", "", "x"], 1)[0]));
        }
    }

    private static (int Start, int Length)? Value(List<byte> bytes, int from)
    {
        var start = Find(bytes, "=\"", from);
        if (start < 0) return null;
        var end = bytes.IndexOf((byte)'"', start + 2);
        return end < 0 ? null : (start + 2, end - start - 2);
    }

    private static int Find(List<byte> bytes, string two, int from)
    {
        for (var i = from; i + 1 < bytes.Count; i++)
        {
            if (bytes[i] == two[0] && bytes[i + 1] == two[1]) return i;
        }
        return -1;
    }
}
