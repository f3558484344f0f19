using System.Buffers.Binary;

namespace Slipway.Models.Graph;

/// <summary>Factors by which coefficients are multiplied, and the strength of the loop filter, of the macroblocks of one segment.</summary>
/// <param name="WholeLevel">Of macroblocks that are predicted whole.</param>
/// <param name="SplitLevel">Of those predicted in 16 blocks.</param>
internal readonly record struct Vp8Segment(int LumaDc, int LumaAc, int SecondDc, int SecondAc, int ChromaDc, int ChromaAc, int WholeLevel, int SplitLevel);

/// <summary>The header of a VP8 key frame (RFC 6386, section 9).</summary>
internal sealed class Vp8Header
{
    private const int Fixed = 10;

    public Vp8Header(byte[] data)
    {
        (Width, Height) = ReadSize(data);
        var first = Fixed + ((data[0] | data[1] << 8 | data[2] << 16) >> 5);
        if (first > data.Length) throw WebpDecoder.Damaged($"its first partition has {first - Fixed} bytes, and {data.Length - Fixed} are there");
        var bits = new Vp8BoolDecoder(data, Fixed, first);
        Modes = bits;
        // The colour space, and whether samples need no clamping: they are clamped all the same.
        bits.Bits(2);
        var (quantizers, levels, isAbsolute) = ReadSegments(bits);
        IsSimpleFilter = bits.Flag();
        var level = bits.Bits(6);
        IsFiltered = level > 0;
        Sharpness = bits.Bits(3);
        var (intra, split) = ReadFilterDeltas(bits);
        Partitions = ReadPartitions(data, first, 1 << bits.Bits(2));
        var quantizer = bits.Bits(7);
        Span<int> deltas = stackalloc int[5];
        foreach (ref var delta in deltas) delta = bits.OptionalSigned(4);
        for (var i = 0; i < Segments.Length; i++)
        {
            var of = isAbsolute ? quantizers[i] : quantizer + quantizers[i];
            var strength = (isAbsolute ? levels[i] : level + levels[i]) + intra;
            Segments[i] = Factors(of, deltas) with { WholeLevel = Math.Clamp(strength, 0, 63), SplitLevel = Math.Clamp(strength + split, 0, 63) };
        }
        // Whether probabilities are kept for the next frame, of which there is none.
        bits.Flag();
        for (var i = 0; i < Probabilities.Length; i++) Probabilities[i] = bits.Bit(Vp8Tables.CoefficientUpdates[i]) ? (byte)bits.Bits(8) : Vp8Tables.Coefficients[i];
        SkipProbability = bits.Flag() ? bits.Bits(8) : null;
    }

    public int Width { get; }

    public int Height { get; }

    public bool IsFiltered { get; }

    public bool IsSimpleFilter { get; }

    public int Sharpness { get; }

    /// <summary>Probabilities of the tree of segments; null where all macroblocks are of the first.</summary>
    public byte[]? SegmentTree { get; private set; }

    public Vp8Segment[] Segments { get; } = new Vp8Segment[4];

    /// <summary>That a macroblock has coefficients; null where all have.</summary>
    public int? SkipProbability { get; }

    /// <summary>By type of block, band, context and node of the tree of tokens.</summary>
    public byte[] Probabilities { get; } = new byte[4 * 8 * 3 * 11];

    /// <summary>The first partition after the header: how macroblocks are predicted.</summary>
    public Vp8BoolDecoder Modes { get; }

    /// <summary>Coefficients, of rows of macroblocks in turns.</summary>
    public Vp8BoolDecoder[] Partitions { get; }

    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> data)
    {
        if (data.Length < Fixed) throw WebpDecoder.Damaged($"the picture has {data.Length} bytes, its header {Fixed}");
        if ((data[0] & 1) != 0 || (data[0] >> 1 & 7) > 3 || (data[0] >> 4 & 1) == 0) throw WebpDecoder.Damaged($"a shown key frame is expected, the picture begins with {data[0]:X2}");
        if (!data[3..6].SequenceEqual<byte>([0x9D, 0x01, 0x2A])) throw WebpDecoder.Damaged("the picture has no start code 9D 01 2A at byte 3");
        return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
    }

    private (int[] Quantizers, int[] Levels, bool IsAbsolute) ReadSegments(Vp8BoolDecoder bits)
    {
        var (quantizers, levels, isAbsolute) = (new int[4], new int[4], false);
        if (!bits.Flag()) return (quantizers, levels, isAbsolute);
        var hasTree = bits.Flag();
        if (bits.Flag())
        {
            isAbsolute = bits.Flag();
            foreach (ref var quantizer in quantizers.AsSpan()) quantizer = bits.OptionalSigned(7);
            foreach (ref var level in levels.AsSpan()) level = bits.OptionalSigned(6);
        }
        if (!hasTree) return (quantizers, levels, isAbsolute);
        SegmentTree = new byte[3];
        foreach (ref var probability in SegmentTree.AsSpan()) probability = bits.Flag() ? (byte)bits.Bits(8) : (byte)255;
        return (quantizers, levels, isAbsolute);
    }

    /// <summary>What the filter's strength is changed by: of frames that need no other, and more where a macroblock is predicted in 16 blocks.</summary>
    private static (int Intra, int Split) ReadFilterDeltas(Vp8BoolDecoder bits)
    {
        var isUsed = bits.Flag();
        if (!isUsed || !bits.Flag()) return (0, 0);
        Span<int> deltas = stackalloc int[8];
        foreach (ref var delta in deltas) delta = bits.OptionalSigned(6);
        return (deltas[0], deltas[4]);
    }

    private static Vp8BoolDecoder[] ReadPartitions(byte[] data, int at, int count)
    {
        var partitions = new Vp8BoolDecoder[count];
        var start = at + (3 * (count - 1));
        if (start > data.Length) throw WebpDecoder.Damaged($"the sizes of its {count} partitions at byte {at} of the picture are cut off");
        for (var i = 0; i < count; i++, at += 3)
        {
            var left = data.Length - start;
            var length = i == count - 1 ? left : data[at] | data[at + 1] << 8 | data[at + 2] << 16;
            if (length > left || left == 0) throw WebpDecoder.Damaged($"partition {i} of {count} has {length} bytes from byte {start} of the picture, and {left} are there");
            partitions[i] = new Vp8BoolDecoder(data, start, start + length);
            start += length;
        }
        return partitions;
    }

    private static Vp8Segment Factors(int quantizer, ReadOnlySpan<int> deltas) => new()
    {
        LumaDc = Vp8Tables.DcFactors[Math.Clamp(quantizer + deltas[0], 0, 127)],
        LumaAc = Vp8Tables.AcFactors[Math.Clamp(quantizer, 0, 127)],
        SecondDc = 2 * Vp8Tables.DcFactors[Math.Clamp(quantizer + deltas[1], 0, 127)],
        SecondAc = Math.Max(8, Vp8Tables.AcFactors[Math.Clamp(quantizer + deltas[2], 0, 127)] * 155 / 100),
        ChromaDc = Vp8Tables.DcFactors[Math.Clamp(quantizer + deltas[3], 0, 117)],
        ChromaAc = Vp8Tables.AcFactors[Math.Clamp(quantizer + deltas[4], 0, 127)],
    };
}
