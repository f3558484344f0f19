using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Images;

/// <summary>Many small files against what Pillow 9.4 makes of them: fixtures/images.py writes the files and the digests of their pixels.</summary>
public sealed class ImageFilesTests
{
    public static TheoryData<string> Formats => ["webp", "jpeg", "jpeg2000", "tiff"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Pixels_are_pillows_to_the_last_bit_when_a_file_is_decoded(string format)
    {
        var wrong = new List<string>();
        foreach (var (name, file, width, height, digest) in Read(format))
        {
            try
            {
                var image = ImageFormats.Decode(file);
                if ((image.Width, image.Height) != (width, height)) wrong.Add($"{name}: {image.Width} × {image.Height}, {width} × {height} expected");
                else if (Convert.ToHexStringLower(SHA256.HashData(image.Rgb)) != digest) wrong.Add($"{name}: other pixels");
            }
            catch (RecordException e)
            {
                wrong.Add($"{name}: {e.Message}");
            }
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_that_is_cut_off_is_refused_wherever_it_ends(string format)
    {
        var random = new Random(7);
        foreach (var (name, file, _, _, _) in Read(format))
        {
            for (var round = 0; round < 6; round++)
            {
                var cut = Cut(file, round == 0 ? file.Length - 6 : random.Next(file.Length - 6));
                Assert.True(IsRefused(cut), $"{name} of {file.Length} bytes is decoded from {cut.Length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_is_refused_or_decoded_but_never_breaks_the_reader(string format)
    {
        var random = new Random(8);
        var refused = 0;
        foreach (var (_, file, _, _, _) in Read(format))
        {
            for (var round = 0; round < 30; round++)
            {
                var damaged = file.AsSpan().ToArray();
                // Headers are where numbers mislead most.
                for (var i = 0; i < 1 + (round % 3); i++) damaged[random.Next(round % 2 == 0 ? Math.Min(64, file.Length) : file.Length)] = (byte)random.Next(256);
                if (IsRefused(damaged)) refused++;
            }
        }
        Assert.NotEqual(0, refused);
    }

    [Theory]
    [InlineData("webp", "q55-m5-40x24", 26, new byte[] { 0xFF, 0x3F, 0xFF, 0x3F }, "16383 × 16383")]
    [InlineData("webp", "palette-1", 21, new byte[] { 0xFF, 0xFF, 0xFF, 0x0F }, "16384 × 16384")]
    [InlineData("jpeg2000", "codestream", 8, new byte[] { 0, 0x20, 0, 0 }, "2097152 × 20")]
    [InlineData("tiff", "grey4<", 18, new byte[] { 0xFF, 0xFF }, "65535 × 7")]
    public void A_file_that_promises_more_pixels_than_it_can_have_is_refused_before_memory_is_taken(string format, string name, int place, byte[] size, string said)
    {
        var file = Read(format).Single(f => f.Name == name).File;
        size.CopyTo(file, place);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<RecordException>(() => ImageFormats.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The first bytes; sizes in a WebP container are told the truth, so that the end comes within the picture.</summary>
    private static byte[] Cut(byte[] file, int length)
    {
        var cut = file[..length];
        if (length < 24 || !WebpDecoder.Recognises(cut) || cut[15] == (byte)'X') return cut;
        BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(4), length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(16), length - 20);
        return cut;
    }

    private static bool IsRefused(byte[] file)
    {
        try
        {
            ImageFormats.Decode(file);
            return false;
        }
        catch (RecordException)
        {
            return true;
        }
    }

    private static IEnumerable<(string Name, byte[] File, int Width, int Height, string Digest)> Read(string format)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Models", "Graph", "Operators", "Images", "fixtures", format + ".tsv");
        foreach (var line in File.ReadLines(path))
        {
            var cells = line.Split('\t');
            yield return (cells[0], Convert.FromBase64String(cells[1]), int.Parse(cells[2], CultureInfo.InvariantCulture), int.Parse(cells[3], CultureInfo.InvariantCulture), cells[4]);
        }
    }
}
