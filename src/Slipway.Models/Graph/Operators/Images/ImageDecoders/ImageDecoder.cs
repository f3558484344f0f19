using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// ImageDecoder (ai.onnx 20): an encoded image as pixels [height, width, channels]. PNG, BMP, PNM, JPEG (baseline and progressive), WebP, JPEG 2000 and TIFF;
/// other formats are refused. Alpha is left out.
/// </summary>
internal sealed class ImageDecoder : Operator
{
    private readonly PixelFormat _format;

    public ImageDecoder(NodeInfo node)
    {
        _format = node.Text("pixel_format", "RGB") switch
        {
            "RGB" => PixelFormat.Rgb,
            "BGR" => PixelFormat.Bgr,
            "Grayscale" => PixelFormat.Grayscale,
            var other => throw node.Wrong($"attribute 'pixel_format': '{other}' is unknown: RGB, BGR or Grayscale is expected"),
        };
    }

    private enum PixelFormat
    {
        Rgb,
        Bgr,
        Grayscale,
    }

    private int Channels => _format == PixelFormat.Grayscale ? 1 : 3;

    public override void Infer(InferenceContext context)
    {
        if (context.Element(0) is not (DataType.Undefined or DataType.UInt8)) throw new ModelException($"the bytes of an image are expected (uint8), {context.Element(0).Text} is given");
        if (context.Shape(0) is { Rank: not 1 } shape) throw new ModelException($"the bytes of an image are expected, a tensor {shape} is given");
        context.SetOutput(0, DataType.UInt8, context.NewSymbol(), context.NewSymbol(), Channels);
    }

    public override void Run(RunContext context)
    {
        var image = ImageFormats.Decode(context.Input(0).Values<byte>());
        var pixels = context.Allocate(0, DataType.UInt8, image.Height, image.Width, Channels).Values<byte>();
        var rgb = image.Rgb;
        switch (_format)
        {
            case PixelFormat.Rgb:
                rgb.AsSpan().CopyTo(pixels);
                break;
            case PixelFormat.Bgr:
                for (var i = 0; i < rgb.Length; i += 3)
                {
                    pixels[i] = rgb[i + 2];
                    pixels[i + 1] = rgb[i + 1];
                    pixels[i + 2] = rgb[i];
                }
                break;
            default:
                // ITU-R BT.601 luma in 16 fraction bits, rounded.
                for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)((rgb[3 * i] * 19595 + rgb[(3 * i) + 1] * 38470 + rgb[(3 * i) + 2] * 7471 + 0x8000) >> 16);
                break;
        }
    }
}

/// <param name="Rgb">Three bytes a pixel, rows from the top.</param>
internal readonly record struct DecodedImage(int Width, int Height, byte[] Rgb)
{
    private const long MostPixels = 1 << 28, PixelsForFree = 1 << 24, PixelsOfByte = 1024;

    /// <param name="most">Pixels that an image of so many bytes can have.</param>
    /// <exception cref="RecordException">There is no such image.</exception>
    public static DecodedImage OfSize(string format, long width, long height, long most)
    {
        RequireSize(format, width, height, most);
        return new DecodedImage((int)width, (int)height, new byte[3 * width * height]);
    }

    /// <summary>For formats that spend no bits on an area of one colour.</summary>
    /// <param name="bytes">Of the file: a larger image needs one for so many pixels.</param>
    /// <exception cref="RecordException">There is no such image.</exception>
    public static void RequireSizeOfFlatImage(string format, long width, long height, long bytes)
    {
        RequireSize(format, width, height, long.MaxValue);
        if (width * height > Math.Max(PixelsForFree, PixelsOfByte * bytes)) throw new RecordException($"the {format} image says that it has {width} × {height} pixels in {bytes} bytes: at most {PixelsForFree} pixels, or {PixelsOfByte} of each byte, are decoded");
    }

    /// <inheritdoc cref="OfSize"/>
    public static void RequireSize(string format, long width, long height, long most)
    {
        if (width <= 0 || height <= 0 || width > MostPixels || height > MostPixels || width * height > MostPixels) throw new RecordException($"a {format} image of {width} × {height} pixels cannot be decoded: from 1 to {MostPixels} pixels are expected");
        if (width * height > most) throw new RecordException($"the {format} image is cut off: it has too few bytes for {width} × {height} pixels");
    }
}

/// <summary>Which decoder an image is for, by its first bytes.</summary>
internal static class ImageFormats
{
    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngDecoder.Signature)) return PngDecoder.Decode(file);
        if (file.StartsWith("BM"u8)) return BmpDecoder.Decode(file);
        if (file is [0xFF, 0xD8, 0xFF, ..]) return JpegDecoder.Decode(file);
        if (file is [(byte)'P', >= (byte)'1' and <= (byte)'6', ..]) return PnmDecoder.Decode(file);
        if (WebpDecoder.Recognises(file)) return WebpDecoder.Decode(file);
        if (Jpeg2000Decoder.Recognises(file)) return Jpeg2000Decoder.Decode(file);
        if (TiffDecoder.Recognises(file)) return TiffDecoder.Decode(file);
        throw new RecordException($"{(file.StartsWith("GIF8"u8) ? "GIF images cannot be decoded" : "the bytes are no image that is known")}: PNG, BMP, PNM, JPEG, WebP, JPEG 2000 or TIFF is expected");
    }
}
