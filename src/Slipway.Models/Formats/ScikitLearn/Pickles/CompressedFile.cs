using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Undoes what joblib's <c>compress</c> does, and gzip.</summary>
internal static class CompressedFile
{
    /// <summary>A file may unpack to this much, or to <see cref="MaxRatio"/> times its size: forests pack 3 to 20 times.</summary>
    private const long MaxFloor = 64 << 20;
    private const int MaxRatio = 64;

    public static bool IsZlib(ReadOnlySpan<byte> head) => head is [0x78, var flags, ..] && ((0x78 << 8) | flags) % 31 == 0;

    public static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, 8, ..];

    /// <summary>The name of a packing that joblib can write and .NET cannot read; null when it is none.</summary>
    public static string? OtherPacking(ReadOnlySpan<byte> head) =>
        head.StartsWith("BZh"u8) ? "bz2"
        : head.StartsWith("\xfd7zXZ"u8) || head is [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] ? "xz"
        : head is [0x5D, 0, 0, ..] ? "lzma"
        : head is [0x04, 0x22, 0x4D, 0x18, ..] ? "lz4"
        : head.StartsWith("ZF0x"u8) ? "joblib before 0.10"
        : null;

    /// <summary>The first bytes; fewer, or none, when the head does not hold them. Never throws.</summary>
    public static ReadOnlySpan<byte> UnpackHead(ReadOnlySpan<byte> head, Span<byte> room)
    {
        var count = 0;
        try
        {
            using var stream = Open(head);
            while (count < room.Length && stream.Read(room[count..]) is > 0 and var read) count += read;
        }
        catch (InvalidDataException)
        {
            // A head is cut off: what came before counts.
        }
        return room[..count];
    }

    /// <exception cref="ModelException">It is damaged, or grows beyond all measure.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlySpan<byte> file)
    {
        var limit = Math.Min(Array.MaxLength, Math.Max(MaxFloor, (long)MaxRatio * file.Length));
        var unpacked = new byte[Math.Min(limit, Math.Max(4096, 4L * file.Length))];
        var count = 0;
        try
        {
            using var stream = Open(file);
            while (stream.Read(unpacked.AsSpan(count)) is > 0 and var read)
            {
                count += read;
                if (count < unpacked.Length) continue;
                if (count == limit) throw new ModelException($"the file unpacks to more than {limit} bytes: no model is packed that tightly");
                Array.Resize(ref unpacked, (int)Math.Min(limit, 2L * count));
            }
        }
        catch (InvalidDataException e)
        {
            throw new ModelException($"the packed file is damaged after {count} bytes of its content: {e.Message}", e);
        }
        return unpacked.AsMemory(0, count);
    }

    private static Stream Open(ReadOnlySpan<byte> file)
    {
        var packed = new MemoryStream(file.ToArray());
        return IsGzip(file) ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
    }
}
