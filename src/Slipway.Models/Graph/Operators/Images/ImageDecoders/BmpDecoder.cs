using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>BMP without compression: palettes of 1, 4 and 8 bits, 16 and 32 bits by masks, 24 bits; from the bottom or from the top.</summary>
internal static class BmpDecoder
{
    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26) throw Damaged("it ends within its header");
        var start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        var headerLength = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
        var isOld = headerLength == 12;
        if ((!isOld && headerLength < 40) || headerLength > file.Length - 14) throw Damaged($"its header says that it has {headerLength} bytes");
        long width = isOld ? BinaryPrimitives.ReadUInt16LittleEndian(file[18..]) : BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long height = isOld ? BinaryPrimitives.ReadUInt16LittleEndian(file[20..]) : BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(isOld ? 24 : 28)..]);
        var compression = isOld ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(file[30..]);
        if (compression is not (0 or 3 or 6)) throw new RecordException($"BMP images with compression {compression} cannot be decoded: only those without");
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32)) throw Damaged($"it has {bits} bits a pixel");
        if (start > file.Length) throw Damaged($"its pixels begin at byte {start} of {file.Length}");
        var rowBytes = ((width * bits) + 31) / 32 * 4;
        var rows = Math.Abs(height);
        var image = DecodedImage.OfSize("BMP", width, rows, rowBytes * rows <= file.Length - start ? long.MaxValue : 0);
        var entries = Palette(file, headerLength, start, isOld ? 3 : 4, bits);
        var masks = Masks(file, headerLength, compression, bits);
        for (var y = 0; y < rows; y++)
        {
            var row = file.Slice((int)(start + (y * rowBytes)), (int)rowBytes);
            var to = image.Rgb.AsSpan((int)(3 * width * (height > 0 ? rows - 1 - y : y)), (int)(3 * width));
            WriteRow(row, to, bits, entries, isOld ? 3 : 4, masks);
        }
        return image;
    }

    private static ReadOnlySpan<byte> Palette(ReadOnlySpan<byte> file, uint headerLength, uint start, int entry, int bits)
    {
        if (bits > 8) return default;
        var from = (int)(14 + headerLength);
        if (start <= from) throw Damaged("it has no palette");
        return file[from..(int)Math.Min(start, from + (entry << bits))];
    }

    private static (uint Red, uint Green, uint Blue) Masks(ReadOnlySpan<byte> file, uint headerLength, uint compression, int bits)
    {
        if (compression == 0) return bits == 16 ? (0x7C00u, 0x03E0u, 0x001Fu) : (0xFF0000u, 0xFF00u, 0xFFu);
        if (file.Length < 14 + 40 + 12) throw Damaged("it ends within its masks");
        return (BinaryPrimitives.ReadUInt32LittleEndian(file[54..]), BinaryPrimitives.ReadUInt32LittleEndian(file[58..]), BinaryPrimitives.ReadUInt32LittleEndian(file[62..]));
    }

    private static void WriteRow(ReadOnlySpan<byte> row, Span<byte> rgb, int bits, ReadOnlySpan<byte> palette, int entry, (uint Red, uint Green, uint Blue) masks)
    {
        for (int x = 0, at = 0; at < rgb.Length; x++, at += 3)
        {
            if (bits == 24)
            {
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (row[at + 2], row[at + 1], row[at]);
            }
            else if (bits > 8)
            {
                var pixel = bits == 16 ? BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..]) : BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (Sample(pixel, masks.Red), Sample(pixel, masks.Green), Sample(pixel, masks.Blue));
            }
            else
            {
                var color = row[x * bits / 8] >> (8 - bits - (x * bits % 8)) & ((1 << bits) - 1);
                if ((color + 1) * entry > palette.Length) throw Damaged($"a pixel has colour {color}, the palette has {palette.Length / entry}");
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (palette[(color * entry) + 2], palette[(color * entry) + 1], palette[color * entry]);
            }
        }
    }

    /// <summary>The bits of a mask, spread to 0 … 255.</summary>
    private static byte Sample(uint pixel, uint mask)
    {
        if (mask == 0) return 0;
        var shift = System.Numerics.BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((pixel & mask) >> shift) * 255 / (mask >> shift));
    }

    private static RecordException Damaged(string how) => new($"the BMP image is damaged: {how}");
}
