using System.Buffers;
using System.Buffers.Binary;

namespace Slipway.Models.Formats.Treelite;

/// <summary>What the first bytes of every checkpoint must look like, by Treelite's "Notes on serialization".</summary>
internal static class TreeliteHeader
{
    private const int MaxPart = 1000;
    private const int MaxTargets = 1 << 20;

    /// <summary>The types of thresholds and leaves.</summary>
    public const byte UInt32 = 1;
    public const byte Float32 = 2;
    public const byte Float64 = 3;

    /// <summary>In version 3 a field of this size holds the name of the postprocessor.</summary>
    public const int NameBytes = 256;

    private static readonly SearchValues<byte> NameCharacters = SearchValues.Create("_abcdefghijklmnopqrstuvwxyz"u8);

    public static bool Matches(ReadOnlySpan<byte> head)
    {
        if (head.Length < 40) return false;
        var major = Int32(head);
        if (major is not (3 or 4) || Int32(head[4..]) is < 0 or > MaxPart || Int32(head[8..]) is < 0 or > MaxPart) return false;
        if (head[12] is not (Float32 or Float64) || head[13] is not (UInt32 or Float32 or Float64)) return false;
        if (BinaryPrimitives.ReadUInt64LittleEndian(head[14..]) > int.MaxValue || Int32(head[22..]) < 0 || head[26] > 4 || head[27] > 1) return false;
        return major == 4 ? MatchesTargets(head[28..]) : MatchesTask(head[28..]);
    }

    /// <summary>A number of targets, and an array of as many numbers of classes.</summary>
    private static bool MatchesTargets(ReadOnlySpan<byte> rest) =>
        Int32(rest) is >= 1 and <= MaxTargets && BinaryPrimitives.ReadUInt64LittleEndian(rest[4..]) == (ulong)Int32(rest);

    /// <summary>Two flags and two counts, and the name of the postprocessor.</summary>
    private static bool MatchesTask(ReadOnlySpan<byte> rest)
    {
        if (rest[0] > 1 || rest[1] > 1 || Int32(rest[4..]) < 1 || Int32(rest[8..]) < 1 || rest.Length < 12 + NameBytes) return false;
        var name = rest.Slice(12, NameBytes);
        var end = name.IndexOf((byte)0);
        return end > 0 && name[..end].IndexOfAnyExcept(NameCharacters) < 0;
    }

    private static int Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
