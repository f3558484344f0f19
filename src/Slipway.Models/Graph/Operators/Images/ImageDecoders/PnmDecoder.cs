using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>PBM, PGM and PPM, each as text and as bytes (https://netpbm.sourceforge.net/doc/pnm.html); samples are scaled to 0 … 255.</summary>
internal static class PnmDecoder
{
    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        var kind = file[1] - '0';
        var (isText, isBitmap, isColor) = (kind <= 3, kind is 1 or 4, kind is 3 or 6);
        var at = 2;
        long width = Number(file, ref at);
        long height = Number(file, ref at);
        var most = isBitmap ? 1 : Number(file, ref at);
        if (most is < 1 or > 65535) throw Damaged($"its largest value is {most}");
        var channels = isColor ? 3 : 1;
        var width2 = most > 255 ? 2 : 1;
        if (!isText) at++;
        var left = Math.Max(0, file.Length - at);
        var image = DecodedImage.OfSize("PNM", width, height, isText ? left / channels : isBitmap ? 8L * left : left / (channels * width2));
        var rgb = image.Rgb;
        var rowBytes = (image.Width + 7) / 8;
        if (isBitmap && !isText && (long)rowBytes * height > left) throw Damaged("it ends before its last pixel");
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            for (var c = 0; c < channels; c++)
            {
                int value;
                if (isBitmap) value = isText ? Bit(file, ref at) : file[at + (i / image.Width * rowBytes) + (i % image.Width / 8)] >> (7 - (i % image.Width % 8)) & 1;
                else if (isText) value = Number(file, ref at);
                else
                {
                    value = width2 == 1 ? file[at] : file[at] << 8 | file[at + 1];
                    at += width2;
                }
                if (value > most) throw Damaged($"a sample is {value}, its largest value is {most}");
                var sample = isBitmap ? (byte)(value == 0 ? 255 : 0) : (byte)(((value * 255) + (most / 2)) / most);
                if (isColor) rgb[(3 * i) + c] = sample;
                else rgb.AsSpan(3 * i, 3).Fill(sample);
            }
        }
        return image;
    }

    /// <summary>A number in text, with white space and comments before it.</summary>
    private static int Number(ReadOnlySpan<byte> file, ref int at)
    {
        Skip(file, ref at);
        var (start, value) = (at, 0);
        while (at < file.Length && file[at] is >= (byte)'0' and <= (byte)'9')
        {
            if (value > int.MaxValue / 20) throw Damaged("a number in it is too large");
            value = (10 * value) + file[at++] - '0';
        }
        return at > start ? value : throw Damaged($"a number is expected at byte {at}");
    }

    private static int Bit(ReadOnlySpan<byte> file, ref int at)
    {
        Skip(file, ref at);
        return at < file.Length && file[at] is (byte)'0' or (byte)'1' ? file[at++] - '0' : throw Damaged($"0 or 1 is expected at byte {at}");
    }

    private static void Skip(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length)
        {
            if (file[at] == '#')
            {
                while (at < file.Length && file[at] is not (byte)'\n') at++;
            }
            else if (file[at] is not ((byte)' ' or (>= 9 and <= 13))) return;
            else at++;
        }
    }

    private static RecordException Damaged(string how) => new($"the PNM image is damaged: {how}");
}
