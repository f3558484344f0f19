using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// JPEG 2000 (ITU-T T.800), as a codestream or in a JP2 file: grey or RGB, with alpha that is left out, one sample a pixel, up to 16 bits of which the upper 8 count.
/// Pixels are OpenJPEG's: its transforms, its single precision, its rounding.
/// </summary>
internal sealed class Jpeg2000Decoder
{
    private readonly byte[] _file;
    private readonly int _end;
    private int _at;

    private Jpeg2000Decoder(byte[] file, int start, int end) => (_file, _at, _end) = (file, start, end);

    public static bool Recognises(ReadOnlySpan<byte> file) => file is [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..];

    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        var (start, end) = file[0] == 0xFF ? (0, file.Length) : FindCodestream(file);
        return new Jpeg2000Decoder(file.ToArray(), start, end).Decode();
    }

    public static RecordException Damaged(string how) => new($"the JPEG 2000 image is damaged: {how}");

    /// <summary>Of the boxes of a JP2 file (annex I), that with the codestream.</summary>
    private static (int Start, int End) FindCodestream(ReadOnlySpan<byte> file)
    {
        for (var (at, end) = (0L, (long)file.Length); ;)
        {
            if (end - at < 8) throw Damaged($"it ends at byte {at} without a codestream");
            var (length, header) = ((long)BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]), 8);
            if (length == 1 && end - at >= 16) (length, header) = (BinaryPrimitives.ReadInt64BigEndian(file[(int)(at + 8)..]), 16);
            if (length == 0) length = end - at;
            if (length < header || length > end - at) throw Damaged($"the box at byte {at} says that it has {length} bytes, and {end - at} are there");
            var type = file.Slice((int)at + 4, 4);
            if (type.SequenceEqual("jp2c"u8)) return ((int)(at + header), (int)(at + length));
            if (type.SequenceEqual("jp2h"u8)) RequirePlainColors(file.Slice((int)at + header, (int)length - header));
            at += length;
        }
    }

    private static void RequirePlainColors(ReadOnlySpan<byte> boxes)
    {
        while (boxes.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(boxes);
            if (length < 8 || length > boxes.Length) throw Damaged($"a box in its header says that it has {length} bytes, and {boxes.Length} are there");
            var isLumaChroma = boxes[4..8].SequenceEqual("colr"u8) && length >= 15 && boxes[8] == 1 && BinaryPrimitives.ReadUInt32BigEndian(boxes[11..]) == 18;
            if (isLumaChroma || boxes[4..8].SequenceEqual("pclr"u8)) throw new RecordException("JPEG 2000 images with a palette, or in luma and chroma, cannot be decoded: grey or RGB is expected");
            boxes = boxes[(int)length..];
        }
    }

    private DecodedImage Decode()
    {
        if (ReadMarker() != 0xFF4F || ReadMarker() != 0xFF51) throw Damaged("its codestream does not begin with SOC and SIZ");
        var size = Jpeg2000Size.Read(ReadSegment(out var place), place);
        var (width, height) = (size.X1 - size.X0, size.Y1 - size.Y0);
        DecodedImage.RequireSizeOfFlatImage("JPEG 2000", width, height, _end);
        var parameters = new Jpeg2000Parameters(size.Components.Length);
        var tiles = new Jpeg2000TileData?[size.TilesAcross * size.TilesDown];
        while (_end - _at >= 2 && ReadMarker() is var marker and not 0xFFD9)
        {
            if (marker == 0xFF90) ReadTilePart(tiles, parameters);
            else parameters.Read(marker, ReadSegment(out place), place);
        }
        if (Array.IndexOf(tiles, null) is var absent and >= 0) throw Damaged($"it is cut off at byte {_at}: tile {absent} of {tiles.Length} is missing");
        var image = DecodedImage.OfSize("JPEG 2000", width, height, long.MaxValue);
        for (var i = 0; i < tiles.Length; i++) new Jpeg2000Tile(size, tiles[i]!, i).Decode(image);
        return image;
    }

    private int ReadMarker()
    {
        if (_end - _at < 2) throw Damaged($"it ends at byte {_end}, where a marker is expected");
        var marker = BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(_at));
        if (marker < 0xFF30) throw Damaged($"a marker is expected at byte {_at}, {marker:X4} is found");
        _at += 2;
        return marker;
    }

    /// <param name="place">Where it begins.</param>
    private ReadOnlySpan<byte> ReadSegment(out int place)
    {
        place = _at;
        if (_end - _at < 2) throw Damaged($"it ends at byte {_end} within a segment");
        var length = BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(_at));
        if (length < 2 || length > _end - _at) throw Damaged($"the segment at byte {_at} says that it has {length} bytes, and {_end - _at} are there");
        var segment = _file.AsSpan(_at + 2, length - 2);
        _at += length;
        return segment;
    }

    private void ReadTilePart(Jpeg2000TileData?[] tiles, Jpeg2000Parameters parameters)
    {
        var start = _at - 2;
        var segment = ReadSegment(out _);
        Jpeg2000Parameters.Require(segment, 8, "SOT", start);
        var (index, length) = (BinaryPrimitives.ReadUInt16BigEndian(segment), (long)BinaryPrimitives.ReadUInt32BigEndian(segment[2..]));
        if (length == 0) length = _end - start;
        if (index >= tiles.Length) throw Damaged($"the tile-part at byte {start} is of tile {index}, there are {tiles.Length}");
        if (length < 14 || length > _end - start) throw Damaged($"the tile-part at byte {start} says that it has {length} bytes, and {_end - start} are there");
        var tile = tiles[index] ??= new Jpeg2000TileData(new Jpeg2000Parameters(parameters));
        var end = start + (int)length;
        while (ReadMarker() is var marker and not 0xFF93)
        {
            tile.Parameters.Read(marker, ReadSegment(out var place), place);
            if (_at > end) throw Damaged($"the tile-part at byte {start} ends within its header");
        }
        if (_at > end) throw Damaged($"the tile-part at byte {start} ends within its header");
        tile.Packets.Write(_file, _at, end - _at);
        _at = end;
    }
}

/// <summary>What the file has of a tile: the packets of all its parts.</summary>
internal sealed record Jpeg2000TileData(Jpeg2000Parameters Parameters)
{
    public MemoryStream Packets { get; } = new();
}
