using System.Buffers.Binary;
using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>PNG (https://www.w3.org/TR/png-3/): all colour types, bit depths and interlacing. Of 16-bit samples the upper 8 bits count.</summary>
internal static class PngDecoder
{
    /// <summary>Deflate makes at most so many bytes of one.</summary>
    private const long MostExpansion = 1032;

    private static readonly int[] PassX = [0, 4, 0, 2, 0, 1, 0], PassY = [0, 0, 4, 0, 2, 0, 1], StepX = [8, 8, 4, 4, 2, 2, 1], StepY = [8, 8, 8, 4, 4, 2, 2];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <param name="Channels">Samples a pixel.</param>
    private readonly record struct Header(int Width, int Height, int Depth, int Color, bool IsInterlaced)
    {
        public int Channels => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

        public int RowBytes(int width) => (int)((((long)width * Channels * Depth) + 7) / 8);
    }

    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        Header? header = null;
        ReadOnlySpan<byte> palette = default;
        using var data = new MemoryStream();
        for (var at = Signature.Length; ;)
        {
            if (file.Length - at < 12) throw Damaged("it ends before its last chunk");
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12) throw Damaged($"a chunk at byte {at} says that it has {length} bytes");
            var type = file.Slice(at + 4, 4);
            var chunk = file.Slice(at + 8, (int)length);
            if (type.SequenceEqual("IHDR"u8)) header = ReadHeader(chunk);
            else if (type.SequenceEqual("PLTE"u8)) palette = chunk;
            else if (type.SequenceEqual("IDAT"u8)) data.Write(chunk);
            else if (type.SequenceEqual("IEND"u8)) break;
            at += 12 + (int)length;
        }
        if (header is not { } known) throw Damaged("it has no header");
        if (known.Color == 3 && palette.IsEmpty) throw Damaged("it has no palette");
        var most = data.Length * MostExpansion * 8;
        var image = DecodedImage.OfSize("PNG", known.Width, known.Height, most);
        data.Position = 0;
        using var rows = new ZLibStream(data, CompressionMode.Decompress);
        try
        {
            for (var pass = 0; pass < (known.IsInterlaced ? 7 : 1); pass++) ReadPass(rows, known, palette, image, known.IsInterlaced ? pass : -1);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new RecordException($"the PNG image is damaged: its pixels cannot be unpacked ({e.Message})");
        }
        return image;
    }

    private static Header ReadHeader(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != 13) throw Damaged($"its header has {chunk.Length} bytes, 13 are expected");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(chunk), BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        var (depth, color) = (chunk[8], chunk[9]);
        var fits = color switch { 0 => depth is 1 or 2 or 4 or 8 or 16, 3 => depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => depth is 8 or 16, _ => false };
        if (!fits || width > int.MaxValue || height > int.MaxValue || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1) throw Damaged($"its header has colour type {color}, depth {depth}, compression {chunk[10]}, filter {chunk[11]}, interlacing {chunk[12]}");
        return new Header((int)width, (int)height, depth, color, chunk[12] == 1);
    }

    private static void ReadPass(Stream data, Header header, ReadOnlySpan<byte> palette, DecodedImage image, int pass)
    {
        var (x0, y0, dx, dy) = pass < 0 ? (0, 0, 1, 1) : (PassX[pass], PassY[pass], StepX[pass], StepY[pass]);
        var width = (header.Width - x0 + dx - 1) / dx;
        var height = (header.Height - y0 + dy - 1) / dy;
        if (width <= 0 || height <= 0) return;
        var (row, above) = (new byte[header.RowBytes(width) + 1], new byte[header.RowBytes(width) + 1]);
        var pixel = Math.Max(1, header.Channels * header.Depth / 8);
        for (var y = 0; y < height; y++)
        {
            data.ReadExactly(row);
            Unfilter(row[0], row.AsSpan(1), above.AsSpan(1), pixel);
            WriteRow(header, row.AsSpan(1), palette, image.Rgb.AsSpan(3 * (((y0 + (y * dy)) * header.Width) + x0)), width, 3 * dx);
            (row, above) = (above, row);
        }
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        if (filter > 4) throw Damaged($"a row has filter {filter}");
        for (var i = 0; i < row.Length; i++)
        {
            var (left, up, corner) = i < pixel ? (0, above[i], 0) : (row[i - pixel], above[i], above[i - pixel]);
            row[i] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static void WriteRow(Header header, ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, Span<byte> rgb, int width, int step)
    {
        var (channels, depth) = (header.Channels, header.Depth);
        for (var x = 0; x < width; x++)
        {
            var to = rgb.Slice(x * step, 3);
            if (header.Color is 2 or 6)
            {
                for (var c = 0; c < 3; c++) to[c] = row[((x * channels) + c) * depth / 8];
                continue;
            }
            var sample = depth >= 8 ? row[x * channels * depth / 8] : row[x * depth / 8] >> (8 - depth - (x * depth % 8)) & ((1 << depth) - 1);
            if (header.Color != 3)
            {
                to.Fill((byte)(depth >= 8 ? sample : sample * 255 / ((1 << depth) - 1)));
                continue;
            }
            if ((sample + 1) * 3 > palette.Length) throw Damaged($"a pixel has colour {sample}, the palette has {palette.Length / 3}");
            palette.Slice(sample * 3, 3).CopyTo(to);
        }
    }

    private static RecordException Damaged(string how) => new($"the PNG image is damaged: {how}");
}
