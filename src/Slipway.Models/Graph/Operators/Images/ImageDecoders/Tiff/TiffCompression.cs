using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>How the pixels of a TIFF file are packed.</summary>
internal static class TiffCompression
{
    private const int None = 1, Lzw = 5, Deflate = 8, OldDeflate = 32946, PackBits = 32773;

    /// <summary>Bytes that one byte can become, at most.</summary>
    public static long MostExpansion(long compression) => compression switch
    {
        None => 1,
        PackBits => 64,
        // A code of 12 bits for a string of 4,096 bytes.
        Lzw => 4096,
        Deflate or OldDeflate => 1032,
        _ => throw new RecordException($"TIFF images with compression {compression} cannot be decoded: none (1), LZW (5), Deflate (8) or PackBits (32773) is expected"),
    };

    /// <param name="bytes">To be filled; what is left of the data is ignored.</param>
    public static void Unpack(long compression, ReadOnlySpan<byte> data, Span<byte> bytes)
    {
        if (compression == Lzw) UnpackLzw(data, bytes);
        else if (compression == PackBits) UnpackBits(data, bytes);
        else if (compression is Deflate or OldDeflate) UnpackDeflate(data, bytes);
        else if (data.Length < bytes.Length) throw CutOff(bytes.Length, data.Length);
        else data[..bytes.Length].CopyTo(bytes);
    }

    private static RecordException CutOff(int expected, int found) => TiffDecoder.Damaged($"it is cut off: a strip or tile of {expected} bytes has {found}");

    private static void UnpackDeflate(ReadOnlySpan<byte> data, Span<byte> bytes)
    {
        using var stream = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw TiffDecoder.Damaged($"its pixels cannot be unpacked ({e.Message})");
        }
    }

    /// <summary>Runs of bytes, and of one byte (TIFF 6.0, section 9).</summary>
    private static void UnpackBits(ReadOnlySpan<byte> data, Span<byte> bytes)
    {
        for (int at = 0, to = 0; to < bytes.Length;)
        {
            var head = at < data.Length ? (sbyte)data[at++] : throw CutOff(bytes.Length, to);
            if (head == -128) continue;
            var count = Math.Min(1 + Math.Abs((int)head), bytes.Length - to);
            if ((head < 0 ? 1 : count) > data.Length - at) throw CutOff(bytes.Length, to);
            if (head < 0) bytes.Slice(to, count).Fill(data[at++]);
            else
            {
                data.Slice(at, count).CopyTo(bytes[to..]);
                at += count;
            }
            to += count;
        }
    }

    /// <summary>Strings by codes of 9 to 12 bits (TIFF 6.0, section 13). A string is a place among the bytes that are there already: each new one is the last and the byte after it.</summary>
    private static void UnpackLzw(ReadOnlySpan<byte> data, Span<byte> bytes)
    {
        const int Clear = 256, End = 257, Most = 4096;
        Span<(int Start, int Length)> strings = stackalloc (int, int)[Most];
        var (next, width, last) = (End + 1, 9, (Start: 0, Length: 0));
        var (at, to, window, available) = (0, 0, 0u, 0);
        while (to < bytes.Length)
        {
            for (; available < width; available += 8) window = window << 8 | (at < data.Length ? data[at++] : throw CutOff(bytes.Length, to));
            available -= width;
            var code = (int)(window >> available & ((1u << width) - 1));
            if (code == Clear)
            {
                (next, width, last) = (End + 1, 9, default);
                continue;
            }
            if (code == End) throw CutOff(bytes.Length, to);
            if (code > next || (code == next && last.Length == 0)) throw TiffDecoder.Damaged($"a string has code {code}, there are {next}");
            if (last.Length > 0 && next < Most) strings[next++] = (last.Start, last.Length + 1);
            var (start, length) = code < Clear ? (to, 1) : strings[code];
            if (code < Clear) bytes[to] = (byte)code;
            length = Math.Min(length, bytes.Length - to);
            // Byte by byte, as a string may reach into itself.
            for (var i = 0; i < length && code >= Clear; i++) bytes[to + i] = bytes[start + i];
            last = (to, length);
            to += length;
            // A code early, as the first writers of the format did.
            if (next + 1 >= 1 << width && width < 12) width++;
        }
    }
}
