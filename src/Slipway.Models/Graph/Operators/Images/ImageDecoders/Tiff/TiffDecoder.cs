using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>TIFF 6.0, its first image: grey and palettes of 1 to 8 bits, RGB of 8, strips or tiles, planes together or apart; alpha is left out.</summary>
internal ref struct TiffDecoder
{
    private const int Together = 1, Apart = 2, WhiteIsZero = 0, BlackIsZero = 1, Colors = 2, Palette = 3;

    private readonly TiffDirectory _fields;
    private readonly long _kind, _compression;
    private readonly int _bits, _samples, _planes;
    private readonly bool _isPredicted;
    private readonly long[] _palette;

    private TiffDecoder(TiffDirectory fields)
    {
        _fields = fields;
        (_kind, _compression) = (fields.Value(262), fields.Value(259, 1));
        var bits = fields.Values(258);
        (_bits, _samples) = (bits.Length == 0 ? 1 : (int)Math.Min(bits[0], 255), (int)fields.Value(277, 1));
        var needed = _kind == Colors ? 3 : 1;
        if (_kind is not (WhiteIsZero or BlackIsZero or Colors or Palette)) throw Refused($"colours of kind {_kind}", "grey, RGB or a palette (0 to 3)");
        if (_bits is not (1 or 2 or 4 or 8) || (_kind == Colors && _bits != 8) || bits.AsSpan().ContainsAnyExcept(_bits)) throw Refused($"{string.Join(", ", bits)} bits", "8, of grey and palettes also 1, 2 and 4");
        if (_samples < needed || _samples > needed + 1 || fields.Value(338, 0) == 1) throw Refused($"{_samples} samples a pixel", "those of the colours, and alpha that is not multiplied in");
        var planar = fields.Value(284, Together);
        if (planar is not (Together or Apart) || fields.Value(266, 1) != 1 || fields.Value(339, 1) != 1) throw Refused("planes, bits or samples of another kind", "unsigned whole numbers");
        _planes = planar == Apart ? _samples : 1;
        _isPredicted = fields.Value(317, 1) switch
        {
            1 => false,
            2 when _bits == 8 => true,
            var other => throw Refused($"predictor {other} of {_bits} bits", "none (1), or differences (2) of 8 bits"),
        };
        _palette = _kind == Palette ? fields.Values(320) : [];
        if (_kind == Palette && _palette.Length < 3 << _bits) throw Damaged($"its palette has {_palette.Length} numbers, {3 << _bits} are expected");
    }

    public static bool Recognises(ReadOnlySpan<byte> file) => file is [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..];

    public static DecodedImage Decode(ReadOnlySpan<byte> file) => new TiffDecoder(new TiffDirectory(file)).Decode();

    public static RecordException Damaged(string how) => new($"the TIFF image is damaged: {how}");

    private static RecordException Refused(string found, string expected) => new($"TIFF images with {found} cannot be decoded: expected are {expected}");

    private readonly DecodedImage Decode()
    {
        var (width, height, isTiled) = (_fields.Value(256), _fields.Value(257), _fields.Values(322).Length > 0);
        var image = DecodedImage.OfSize("TIFF", width, height, _fields.Length * TiffCompression.MostExpansion(_compression) * 8 / (_bits * _samples));
        var (partWidth, partHeight) = isTiled ? (_fields.Value(322), _fields.Value(323)) : (width, Math.Min(_fields.Value(278, height), height));
        if (partWidth is < 1 or > int.MaxValue || partHeight is < 1 or > int.MaxValue) throw Damaged($"its strips or tiles have {partWidth} × {partHeight} pixels");
        var (starts, lengths) = (_fields.Values(isTiled ? 324 : 273), _fields.Values(isTiled ? 325 : 279));
        var (across, down) = ((width + partWidth - 1) / partWidth, (height + partHeight - 1) / partHeight);
        if (starts.Length < across * down * _planes || lengths.Length < across * down * _planes) throw Damaged($"it has {Math.Min(starts.Length, lengths.Length)} strips or tiles, {across * down * _planes} are expected");
        var (rowSamples, rowBytes) = (_samples / _planes, ((partWidth * (_samples / _planes) * _bits) + 7) / 8);
        // A tile is whole where the image ends, a strip is not.
        DecodedImage.RequireSize("TIFF", rowBytes, partHeight, _fields.Length * TiffCompression.MostExpansion(_compression));
        var part = new byte[rowBytes * partHeight];
        for (var i = 0; i < across * down * _planes; i++)
        {
            var (plane, x, y) = ((int)(i / (across * down)), i % across * partWidth, i / across % down * partHeight);
            if (plane >= 3) break;
            var (columns, rows) = ((int)Math.Min(partWidth, width - x), (int)Math.Min(partHeight, height - y));
            var bytes = part.AsSpan(0, (int)(rowBytes * (isTiled ? partHeight : rows)));
            TiffCompression.Unpack(_compression, _fields.Bytes(starts[i], lengths[i]), bytes);
            for (var row = 0; row < rows; row++)
            {
                var from = bytes.Slice((int)(row * rowBytes), (int)rowBytes);
                for (var k = rowSamples; _isPredicted && k < from.Length; k++) from[k] += from[k - rowSamples];
                WriteRow(from, rowSamples, plane, image.Rgb.AsSpan((int)(3 * (((y + row) * width) + x)), 3 * columns));
            }
        }
        return image;
    }

    /// <param name="step">Samples from one pixel to the next.</param>
    /// <param name="plane">Where planes are apart, which one.</param>
    private readonly void WriteRow(ReadOnlySpan<byte> row, int step, int plane, Span<byte> rgb)
    {
        if (_kind != Colors && plane > 0) return;
        for (var x = 0; x < rgb.Length / 3; x++)
        {
            var to = rgb.Slice(3 * x, 3);
            if (_kind == Colors)
            {
                if (_planes > 1) to[plane] = row[x];
                else row.Slice(x * step, 3).CopyTo(to);
                continue;
            }
            var (bit, most) = (x * step * _bits, (1 << _bits) - 1);
            var sample = row[bit / 8] >> (8 - _bits - (bit % 8)) & most;
            if (_kind != Palette) to.Fill((byte)((_kind == WhiteIsZero ? most - sample : sample) * 255 / most));
            else for (var c = 0; c < 3; c++) to[c] = (byte)(_palette[(c << _bits) + sample] >> 8);
        }
    }
}
