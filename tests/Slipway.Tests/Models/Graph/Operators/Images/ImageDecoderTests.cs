using System.Buffers.Binary;
using System.IO.Compression;
using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Operators.Learning;

namespace Slipway.Tests.Models.Operators.Images;

/// <summary>What the standard's own cases do not show; small images are written here by the formats' texts.</summary>
public sealed class ImageDecoderTests
{
    [Theory]
    [InlineData("RGB", new byte[] { 255, 0, 0, 0, 0, 255 })]
    [InlineData("BGR", new byte[] { 0, 0, 255, 255, 0, 0 })]
    [InlineData("Grayscale", new byte[] { 76, 29 })]
    public void Pixels_are_in_the_order_asked_for_when_they_have_colours(string format, byte[] expected) =>
        Assert.Equal(expected, Decode([.. "P6 2 1 255\n"u8, 255, 0, 0, 0, 0, 255], format));

    [Fact]
    public void Pnm_samples_are_scaled_when_their_largest_value_is_not_255()
    {
        Assert.Equal([0, 0, 0, 128, 128, 128, 255, 255, 255], Decode([.. "P2 # grey\n3 1 4\n0 2 4\n"u8]));
        Assert.Equal([255, 255, 255, 0, 0, 0], Decode([.. "P4 2 1\n"u8, 0b0100_0000]));
        Assert.Equal([255, 255, 255], Decode([.. "P5 1 1 65535\n"u8, 0xFF, 0xFF]));
    }

    [Theory]
    [InlineData(8, 0, new byte[] { 0, 7, 200 }, new byte[] { 7, 7, 7, 200, 200, 200 })]
    [InlineData(16, 0, new byte[] { 0, 7, 99, 200, 99 }, new byte[] { 7, 7, 7, 200, 200, 200 })]
    [InlineData(2, 0, new byte[] { 0, 0b0111_0000 }, new byte[] { 85, 85, 85, 255, 255, 255 })]
    [InlineData(8, 4, new byte[] { 1, 7, 9, 1, 0 }, new byte[] { 7, 7, 7, 8, 8, 8 })]
    [InlineData(8, 6, new byte[] { 0, 1, 2, 3, 9, 4, 5, 6, 9 }, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(8, 3, new byte[] { 0, 1, 0 }, new byte[] { 40, 50, 60, 10, 20, 30 })]
    public void Png_pixels_are_right_when_they_have_a_colour_type_and_depth(byte depth, byte color, byte[] row, byte[] expected) =>
        Assert.Equal(expected, Decode(Png(2, 1, depth, color, 0, row)));

    [Fact]
    public void Png_passes_are_put_together_when_it_is_interlaced() =>
        // Of 2 × 2 pixels: pass 1 has the first, pass 6 the second, pass 7 the lower row.
        Assert.Equal([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], Decode(Png(2, 2, 8, 0, 1, [0, 1, 0, 2, 0, 3, 4])));

    [Fact]
    public void A_png_that_promises_more_pixels_than_it_can_have_is_refused_before_memory_is_taken()
    {
        var error = Assert.Throws<RecordException>(() => Decode(Png(16000, 16000, 8, 0, 0, [0, 1])));
        Assert.Contains("16000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIF", "GIF89a")]
    [InlineData("PNG, BMP, PNM, JPEG, WebP, JPEG 2000 or TIFF", "no image")]
    public void Other_formats_are_refused_by_name_when_they_come(string name, string head) =>
        Assert.Contains(name, Assert.Throws<RecordException>(() => Decode(System.Text.Encoding.ASCII.GetBytes(head))).Message, StringComparison.Ordinal);

    [Fact]
    public void Damaged_images_are_refused_or_decoded_but_never_break_the_reader()
    {
        var random = new Random(11);
        foreach (var image in Images())
        {
            for (var round = 0; round < 300; round++)
            {
                var damaged = image[..(round % 3 == 0 ? random.Next(image.Length) : image.Length)];
                for (var i = 0; i < 3 && damaged.Length > 0; i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                try
                {
                    Decode(damaged);
                }
                catch (RecordException)
                {
                }
            }
        }
    }

    private static IEnumerable<byte[]> Images()
    {
        yield return [.. "P6 2 1 255\n"u8, 255, 0, 0, 0, 0, 255];
        yield return Png(2, 2, 8, 0, 1, [0, 1, 0, 2, 0, 3, 4]);
        foreach (var name in new[] { "jpeg", "bmp" })
        {
            if (Corpus(name) is { } image) yield return image;
        }
    }

    /// <summary>An image of the standard's own cases, in which it is the raw data of a tensor; null where they are not there.</summary>
    private static byte[]? Corpus(string name)
    {
        var root = Environment.GetEnvironmentVariable("SLIPWAY_CORPORA");
        var path = root is null ? "" : Path.Combine(root, "onnx-backend", "open", "v1.22.0", "node", $"test_image_decoder_decode_{name}_rgb", "test_data_set_0", "input_0.pb");
        if (!File.Exists(path)) return null;
        var file = File.ReadAllBytes(path);
        var start = file.AsSpan().IndexOf(name == "bmp" ? "BM"u8 : [0xFF, 0xD8, 0xFF]);
        return file[start..];
    }

    private static byte[] Decode(byte[] image, string format = "RGB")
    {
        var input = TensorValue.Of<byte>(DataType.UInt8, image, image.Length);
        var model = BothEngines.Model("", "ImageDecoder", 20, [("pixel_format", format)], [input], 1) with { OperatorSets = new Dictionary<string, long> { [""] = 20 } };
        return BothEngines.Ours(model, [input])[0].AsTensor.Values<byte>().ToArray();
    }

    private static byte[] Png(int width, int height, byte depth, byte color, byte interlace, byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, color, interlace);
        Chunk("IHDR"u8, header);
        if (color == 3) Chunk("PLTE"u8, [10, 20, 30, 40, 50, 60]);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        Chunk("IDAT"u8, packed.ToArray());
        Chunk("IEND"u8, []);
        return file.ToArray();

        void Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(type);
            file.Write(data);
            file.Write(stackalloc byte[4]);
        }
    }
}
