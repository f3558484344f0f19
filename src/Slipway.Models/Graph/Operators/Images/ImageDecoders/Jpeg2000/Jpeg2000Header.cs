using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>How a component is coded (ITU-T T.800, A.6.1 and A.6.2).</summary>
/// <param name="Levels">Decompositions: resolutions less one.</param>
/// <param name="BlockWidth">The logarithm.</param>
/// <param name="Style">Of code blocks: 2 contexts are reset with each pass, 32 a mark ends each plane.</param>
/// <param name="Precincts">Logarithms of width (lower four bits) and height, by resolution.</param>
internal sealed record Jpeg2000Coding(int Levels, int BlockWidth, int BlockHeight, int Style, bool IsReversible, byte[] Precincts);

/// <summary>The sizes of quantizer steps (A.6.4): exponent in the upper five bits, eleven bits of mantissa, by band; a single one is that of the lowest band.</summary>
internal sealed record Jpeg2000Quantization(int GuardBits, bool IsDerived, ushort[] Steps);

/// <summary>How components are coded, in the whole file or in a tile.</summary>
internal sealed class Jpeg2000Parameters
{
    private readonly bool[] _hasOwnCoding, _hasOwnQuantization;

    public Jpeg2000Parameters(int components)
    {
        (Codings, Quantizations) = (new Jpeg2000Coding?[components], new Jpeg2000Quantization?[components]);
        (_hasOwnCoding, _hasOwnQuantization) = (new bool[components], new bool[components]);
    }

    /// <summary>A tile's parameters, to begin with those of the file.</summary>
    public Jpeg2000Parameters(Jpeg2000Parameters of)
        : this(of.Codings.Length)
    {
        of.Codings.CopyTo(Codings, 0);
        of.Quantizations.CopyTo(Quantizations, 0);
        (Progression, Layers, MixesComponents, HasPacketMarks, HasHeaderMarks) = (of.Progression, of.Layers, of.MixesComponents, of.HasPacketMarks, of.HasHeaderMarks);
    }

    public Jpeg2000Coding?[] Codings { get; }

    public Jpeg2000Quantization?[] Quantizations { get; }

    public Jpeg2000Progression Progression { get; private set; }

    public int Layers { get; private set; }

    /// <summary>Whether the first three components are luma and chroma.</summary>
    public bool MixesComponents { get; private set; }

    /// <summary>Whether a packet may begin with a marker.</summary>
    public bool HasPacketMarks { get; private set; }

    /// <summary>Whether a packet's header ends with a marker.</summary>
    public bool HasHeaderMarks { get; private set; }

    /// <param name="place">Of the segment in the codestream.</param>
    /// <returns>False where the marker is not one of parameters.</returns>
    public bool Read(int marker, ReadOnlySpan<byte> segment, int place)
    {
        var wide = Codings.Length > 256 ? 2 : 1;
        switch (marker)
        {
            case 0xFF52:
                Require(segment, 10, "COD", place);
                if (segment[1] > 4) throw Jpeg2000Decoder.Damaged($"its progression order at byte {place} is {segment[1]}, at most 4 is expected");
                (Progression, Layers, MixesComponents) = ((Jpeg2000Progression)segment[1], BinaryPrimitives.ReadUInt16BigEndian(segment[2..]), segment[4] != 0);
                (HasPacketMarks, HasHeaderMarks) = ((segment[0] & 2) != 0, (segment[0] & 4) != 0);
                SetAll(Codings, _hasOwnCoding, ReadCoding(segment[5..], (segment[0] & 1) != 0, place));
                return true;
            case 0xFF53:
                Require(segment, wide + 6, "COC", place);
                SetOne(Codings, _hasOwnCoding, Component(segment, wide, place), ReadCoding(segment[(wide + 1)..], (segment[wide] & 1) != 0, place));
                return true;
            case 0xFF5C:
                SetAll(Quantizations, _hasOwnQuantization, ReadQuantization(segment, place));
                return true;
            case 0xFF5D:
                Require(segment, wide + 1, "QCC", place);
                SetOne(Quantizations, _hasOwnQuantization, Component(segment, wide, place), ReadQuantization(segment[wide..], place));
                return true;
            case 0xFF5E or 0xFF5F or 0xFF60 or 0xFF61:
                throw new RecordException($"JPEG 2000 images with regions of interest, changes of progression or packed headers (marker {marker:X4} at byte {place}) cannot be decoded");
            default: return false;
        }
    }

    public static void Require(ReadOnlySpan<byte> segment, int length, string name, int place)
    {
        if (segment.Length < length) throw Jpeg2000Decoder.Damaged($"the segment {name} at byte {place} has {segment.Length} bytes, {length} are expected");
    }

    private static void SetAll<T>(T?[] of, bool[] hasOwn, T value)
        where T : class
    {
        for (var i = 0; i < of.Length; i++)
        {
            if (!hasOwn[i]) of[i] = value;
        }
    }

    private static void SetOne<T>(T?[] of, bool[] hasOwn, int component, T value)
        where T : class => (of[component], hasOwn[component]) = (value, true);

    private int Component(ReadOnlySpan<byte> segment, int wide, int place)
    {
        int component = wide == 1 ? segment[0] : BinaryPrimitives.ReadUInt16BigEndian(segment);
        return component < Codings.Length ? component : throw Jpeg2000Decoder.Damaged($"the segment at byte {place} is of component {component}, there are {Codings.Length}");
    }

    private static Jpeg2000Coding ReadCoding(ReadOnlySpan<byte> of, bool hasPrecincts, int place)
    {
        var (levels, width, height, style) = (of[0], (of[1] & 15) + 2, (of[2] & 15) + 2, of[3]);
        if (levels > 32 || width > 10 || height > 10 || width + height > 12 || of[4] > 1) throw Jpeg2000Decoder.Damaged($"the segment at byte {place} says {levels} decompositions, blocks of 2^{width} × 2^{height} samples, transform {of[4]}");
        if ((style & ~0b110010) != 0) throw new RecordException($"JPEG 2000 images of code blocks with style {style:X2} (raw bits, passes that end by themselves, or stripes that do not see the next one) cannot be decoded");
        var precincts = new byte[levels + 1];
        if (!hasPrecincts) precincts.AsSpan().Fill(0xFF);
        else
        {
            Require(of, 5 + precincts.Length, "of coding styles", place);
            of.Slice(5, precincts.Length).CopyTo(precincts);
            for (var r = 1; r < precincts.Length; r++)
            {
                if ((precincts[r] & 15) == 0 || precincts[r] >> 4 == 0) throw Jpeg2000Decoder.Damaged($"the segment at byte {place} says precincts of one sample");
            }
        }
        return new Jpeg2000Coding(levels, width, height, style, of[4] == 1, precincts);
    }

    private static Jpeg2000Quantization ReadQuantization(ReadOnlySpan<byte> of, int place)
    {
        Require(of, 2, "of quantization", place);
        var style = of[0] & 31;
        var steps = new ushort[style == 0 ? of.Length - 1 : (of.Length - 1) / 2];
        if (style > 2 || steps.Length == 0) throw Jpeg2000Decoder.Damaged($"the segment at byte {place} says quantization {style} of {steps.Length} bands");
        for (var i = 0; i < steps.Length; i++) steps[i] = style == 0 ? (ushort)(of[1 + i] << 8) : BinaryPrimitives.ReadUInt16BigEndian(of[(1 + (2 * i))..]);
        return new Jpeg2000Quantization(of[0] >> 5, style == 1, steps);
    }
}

/// <summary>The order of packets: layer, resolution, component, place.</summary>
internal enum Jpeg2000Progression
{
    LayerResolutionComponentPlace,
    ResolutionLayerComponentPlace,
    ResolutionPlaceComponentLayer,
    PlaceComponentResolutionLayer,
    ComponentPlaceResolutionLayer,
}

/// <summary>The image and its tiles on the reference grid (A.5.1).</summary>
internal sealed record Jpeg2000Size(long X0, long Y0, long X1, long Y1, long TileX, long TileY, long TileWidth, long TileHeight, (int Depth, bool IsSigned)[] Components)
{
    public long TilesAcross => (X1 - TileX + TileWidth - 1) / TileWidth;

    public long TilesDown => (Y1 - TileY + TileHeight - 1) / TileHeight;

    public static Jpeg2000Size Read(ReadOnlySpan<byte> segment, int place)
    {
        Jpeg2000Parameters.Require(segment, 36, "SIZ", place);
        var components = new (int Depth, bool IsSigned)[BinaryPrimitives.ReadUInt16BigEndian(segment[34..])];
        Jpeg2000Parameters.Require(segment, 36 + (3 * components.Length), "SIZ", place);
        if (components.Length is < 1 or > 4) throw new RecordException($"JPEG 2000 images of {components.Length} components cannot be decoded: one to four are expected");
        for (var i = 0; i < components.Length; i++)
        {
            var of = segment.Slice(36 + (3 * i), 3);
            components[i] = ((of[0] & 127) + 1, of[0] >> 7 != 0);
            if (components[i].Depth > 16) throw new RecordException($"JPEG 2000 images of {components[i].Depth} bits a sample cannot be decoded: at most 16 are expected");
            if (of[1] != 1 || of[2] != 1) throw new RecordException($"JPEG 2000 images with a component of {of[1]} × {of[2]} pixels a sample cannot be decoded: one sample a pixel is expected");
        }
        var size = new Jpeg2000Size(Number(segment, 2), Number(segment, 3), Number(segment, 0), Number(segment, 1), Number(segment, 6), Number(segment, 7), Number(segment, 4), Number(segment, 5), components);
        var fits = size.TileWidth > 0 && size.TileHeight > 0 && size.TileX <= size.X0 && size.TileY <= size.Y0 && size.TileX + size.TileWidth > size.X0 && size.TileY + size.TileHeight > size.Y0;
        if (!fits || size.X1 > int.MaxValue || size.Y1 > int.MaxValue || size.TilesAcross * size.TilesDown > 65535) throw Jpeg2000Decoder.Damaged($"its image ({size.X0}, {size.Y0}) to ({size.X1}, {size.Y1}) and tiles of {size.TileWidth} × {size.TileHeight} from ({size.TileX}, {size.TileY}) do not fit");
        return size;

        static long Number(ReadOnlySpan<byte> segment, int i) => BinaryPrimitives.ReadUInt32BigEndian(segment[(2 + (4 * i))..]);
    }
}
