using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// WebP (RFC 9649): one image, lossy (VP8) or lossless (VP8L), alone or in the extended form, whose alpha is left out; of an animation the first frame,
/// on black where it does not cover the canvas. Pixels are libwebp's to the last bit.
/// </summary>
internal static class WebpDecoder
{
    private const int FrameHeader = 16;

    public static bool Recognises(ReadOnlySpan<byte> file) => file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);

    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (length < 4 || length > file.Length - 8) throw Damaged($"it says that it has {length + 8L} bytes, and {file.Length} are there");
        var chunks = new WebpChunks(file, 12, 8 + (int)length);
        (int Width, int Height)? canvas = null;
        while (chunks.Read())
        {
            if (chunks.Name.SequenceEqual("VP8X"u8))
            {
                if (chunks.Body.Length < 10) throw Damaged($"its extended header at byte {chunks.Place} has {chunks.Body.Length} bytes, 10 are expected");
                canvas = (1 + UInt24(chunks.Body[4..]), 1 + UInt24(chunks.Body[7..]));
            }
            else if (chunks.Name.SequenceEqual("ANMF"u8))
            {
                return DecodeFrame(file, chunks.Place, chunks.Body, canvas ?? throw Damaged($"the frame at byte {chunks.Place} has no canvas"));
            }
            else if (DecodePicture(chunks, canvas) is { } image) return image;
        }
        throw Damaged("it has no picture");
    }

    public static RecordException Damaged(string how) => new($"the WebP image is damaged: {how}");

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    /// <returns>Null where the chunk is no picture.</returns>
    private static DecodedImage? DecodePicture(in WebpChunks chunk, (int Width, int Height)? size)
    {
        var isLossy = chunk.Name.SequenceEqual("VP8 "u8);
        if (!isLossy && !chunk.Name.SequenceEqual("VP8L"u8)) return null;
        var data = chunk.Body.ToArray();
        var (width, height) = isLossy ? Vp8Header.ReadSize(data) : Vp8lDecoder.ReadSize(data);
        if (size is { } expected && expected != (width, height)) throw Damaged($"the picture at byte {chunk.Place} has {width} × {height} pixels, {expected.Width} × {expected.Height} are expected");
        if (isLossy)
        {
            // A macroblock of 256 pixels takes more than two bits: its modes have fixed probabilities.
            DecodedImage.RequireSize("WebP", width, height, 256L * 4 * data.Length);
            return new Vp8Decoder(data).Decode();
        }
        DecodedImage.RequireSizeOfFlatImage("WebP", width, height, data.Length);
        return new Vp8lDecoder(data).Decode();
    }

    private static DecodedImage DecodeFrame(ReadOnlySpan<byte> file, int place, ReadOnlySpan<byte> frame, (int Width, int Height) canvas)
    {
        if (frame.Length < FrameHeader) throw Damaged($"the frame at byte {place} is cut off");
        var (x, y, size) = (2 * UInt24(frame), 2 * UInt24(frame[3..]), (Width: 1 + UInt24(frame[6..]), Height: 1 + UInt24(frame[9..])));
        if (x + size.Width > canvas.Width || y + size.Height > canvas.Height) throw Damaged($"the frame at byte {place} has {size.Width} × {size.Height} pixels from ({x}, {y}), its canvas {canvas.Width} × {canvas.Height}");
        DecodedImage.RequireSizeOfFlatImage("WebP", canvas.Width, canvas.Height, frame.Length);
        var start = place + WebpChunks.Header;
        var chunks = new WebpChunks(file, start + FrameHeader, start + frame.Length);
        while (chunks.Read())
        {
            if (DecodePicture(chunks, size) is not { } image) continue;
            if (size == canvas) return image;
            var whole = DecodedImage.OfSize("WebP", canvas.Width, canvas.Height, long.MaxValue);
            for (var row = 0; row < size.Height; row++) image.Rgb.AsSpan(3 * row * size.Width, 3 * size.Width).CopyTo(whole.Rgb.AsSpan(3 * (((y + row) * canvas.Width) + x)));
            return whole;
        }
        throw Damaged($"the frame at byte {place} has no picture");
    }
}

/// <summary>The chunks of a RIFF file between two places.</summary>
internal ref struct WebpChunks(ReadOnlySpan<byte> file, int start, int end)
{
    public const int Header = 8;

    private readonly ReadOnlySpan<byte> _file = file;
    private int _next = start;

    public int Place { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    public ReadOnlySpan<byte> Body { get; private set; }

    /// <returns>False after the last chunk.</returns>
    public bool Read()
    {
        if (_next >= end) return false;
        Place = _next;
        var left = end - Place - Header;
        if (left < 0) throw WebpDecoder.Damaged($"the chunk at byte {Place} is cut off");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_file[(Place + 4)..]);
        if (length > left) throw WebpDecoder.Damaged($"the chunk at byte {Place} says that it has {length} bytes, and {left} are there");
        Name = _file.Slice(Place, 4);
        Body = _file.Slice(Place + Header, (int)length);
        _next = Place + Header + (int)(length + (length & 1));
        return true;
    }
}
