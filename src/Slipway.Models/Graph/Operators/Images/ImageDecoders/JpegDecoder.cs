using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>JPEG (ITU-T T.81), baseline, extended and progressive, 8 bits a sample, of one, three or four components, by Huffman codes. Pixels are libjpeg's to the last bit: its integer transform, its smooth upsampling, its colours; four components are inks, written as Adobe does.</summary>
internal sealed class JpegDecoder
{
    /// <summary>Each may touch every block: a small file must not ask for more work than a large image.</summary>
    private const int MostScans = 100;

    private readonly ushort[]?[] _quantization = new ushort[]?[4];
    private readonly HuffmanTable?[] _dc = new HuffmanTable?[4], _ac = new HuffmanTable?[4];
    private JpegComponent[] _components = [];
    private int _width, _height, _restartInterval, _adobeTransform = -1;
    private bool _isProgressive, _isJfif;

    public static DecodedImage Decode(ReadOnlySpan<byte> file)
    {
        var decoder = new JpegDecoder();
        decoder.Read(file);
        return decoder.Reconstruct();
    }

    public static RecordException Damaged(string how) => new($"the JPEG image is damaged: {how}");

    private void Read(ReadOnlySpan<byte> file)
    {
        var scans = 0;
        for (var at = 2; ;)
        {
            while (at < file.Length && file[at] != 0xFF) at++;
            while (at < file.Length && file[at] == 0xFF) at++;
            if (at >= file.Length) throw Damaged("it ends before its end mark");
            var marker = file[at++];
            if (marker == 0xD9) break;
            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8)) continue;
            if (file.Length - at < 2) throw Damaged("it ends within a segment");
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2 || length > file.Length - at) throw Damaged($"segment {marker:X2} says that it has {length} bytes");
            var segment = file.Slice(at + 2, length - 2);
            at += length;
            if (marker != 0xDA) ReadSegment(marker, segment, file.Length);
            else if (++scans > MostScans) throw Damaged($"it has more than {MostScans} scans");
            else at += ReadScan(segment, file[at..]);
        }
        if (scans == 0) throw Damaged("it has no pixels");
    }

    private void ReadSegment(byte marker, ReadOnlySpan<byte> segment, int fileLength)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                ReadFrame(segment, fileLength, marker == 0xC2);
                break;
            case 0xC4: ReadHuffman(segment); break;
            case 0xDB: ReadQuantization(segment); break;
            case 0xDD:
                _restartInterval = segment.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : throw Damaged("its restart interval is cut off");
                break;
            case 0xE0: _isJfif |= segment.StartsWith("JFIF\0"u8); break;
            case 0xEE:
                if (segment.Length >= 12 && segment.StartsWith("Adobe"u8)) _adobeTransform = segment[11];
                break;
            case >= 0xC3 and <= 0xCF: throw new RecordException($"JPEG images of this kind (lossless, hierarchical or arithmetic: segment {marker:X2}) cannot be decoded: baseline or progressive ones are expected");
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, int fileLength, bool isProgressive)
    {
        if (_components.Length > 0) throw Damaged("it has two frames");
        if (segment.Length < 6 || segment.Length < 6 + (3 * segment[5])) throw Damaged("its frame is cut off");
        if (segment[0] != 8) throw new RecordException($"JPEG images of {segment[0]} bits a sample cannot be decoded: 8 bits are expected");
        if (segment[5] is not (1 or 3 or 4)) throw new RecordException($"JPEG images of {segment[5]} components cannot be decoded: one, three or four are expected");
        (_height, _width, _isProgressive) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), isProgressive);
        // A block takes at least a bit.
        DecodedImage.RequireSize("JPEG", _width, _height, 64L * 8 * fileLength);
        var components = new JpegComponent[segment[5]];
        var (h, v) = (1, 1);
        for (var i = 0; i < components.Length; i++)
        {
            var of = segment.Slice(6 + (3 * i), 3);
            var (across, down) = (of[1] >> 4, of[1] & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4 || of[2] > 3) throw Damaged($"component {i} is sampled {across} × {down} with quantization table {of[2]}");
            // A single component is its own measure.
            if (components.Length == 1) (across, down) = (1, 1);
            components[i] = new JpegComponent { Id = of[0], Across = across, Down = down, Quantization = of[2] };
            (h, v) = (Math.Max(h, across), Math.Max(v, down));
        }
        foreach (var component in components) component.Measure(_width, _height, h, v);
        _components = components;
    }

    private void ReadQuantization(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            var (is16, id) = (segment[0] >> 4 != 0, segment[0] & 15);
            var size = is16 ? 128 : 64;
            if (id > 3 || segment.Length < 1 + size) throw Damaged("a quantization table is cut off");
            var table = new ushort[64];
            for (var i = 0; i < 64; i++) table[JpegScan.Order[i]] = is16 ? BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]) : segment[1 + i];
            _quantization[id] = table;
            segment = segment[(1 + size)..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            if (segment.Length < 17) throw Damaged("a Huffman table is cut off");
            var (isAc, id) = (segment[0] >> 4 != 0, segment[0] & 15);
            var count = 0;
            foreach (var n in segment.Slice(1, 16)) count += n;
            if (id > 3 || count > 256 || segment.Length < 17 + count) throw Damaged($"a Huffman table of {count} codes does not fit");
            (isAc ? _ac : _dc)[id] = new HuffmanTable(segment.Slice(1, 16), segment.Slice(17, count));
            segment = segment[(17 + count)..];
        }
    }

    /// <returns>Bytes of the entropy-coded data.</returns>
    private int ReadScan(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        if (_components.Length == 0) throw Damaged("a scan comes before the frame");
        if (header.Length < 4 || header[0] is < 1 or > 4 || header.Length < 4 + (2 * header[0])) throw Damaged("a scan is cut off");
        var of = new JpegComponent[header[0]];
        for (var i = 0; i < of.Length; i++)
        {
            var (id, tables) = (header[1 + (2 * i)], header[2 + (2 * i)]);
            of[i] = Array.Find(_components, c => c.Id == id) ?? throw Damaged($"a scan is of component {id}, which the frame has not");
            if (Array.IndexOf(of, of[i]) < i) throw Damaged($"a scan is of component {id} twice");
            (of[i].Dc, of[i].Ac) = (_dc[tables >> 4 & 3], _ac[tables & 3]);
        }
        var parameters = header.Slice(1 + (2 * of.Length), 3);
        var scan = new JpegScan(of, parameters[0], parameters[1], parameters[2] >> 4, parameters[2] & 15, _isProgressive);
        return scan.Read(data, _restartInterval, _width, _height);
    }

    private DecodedImage Reconstruct()
    {
        var image = DecodedImage.OfSize("JPEG", _width, _height, long.MaxValue);
        var (h, v) = (_components.Max(c => c.Across), _components.Max(c => c.Down));
        foreach (var component in _components)
        {
            component.Transform(_quantization[component.Quantization] ?? throw Damaged($"it has no quantization table {component.Quantization}"));
        }
        var rows = Array.ConvertAll(_components, _ => new byte[_width + 16]);
        var isRgb = _components.Length == 3 && !_isJfif && (_adobeTransform == 0 || (_adobeTransform < 0 && _components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }]));
        for (var y = 0; y < _height; y++)
        {
            for (var c = 0; c < rows.Length; c++) JpegPixels.Upsample(_components[c], y, h, v, rows[c].AsSpan(0, _width));
            var to = image.Rgb.AsSpan(3 * y * _width, 3 * _width);
            if (rows.Length == 1 || isRgb)
            {
                for (var x = 0; x < _width; x++) (to[3 * x], to[(3 * x) + 1], to[(3 * x) + 2]) = (rows[0][x], rows[isRgb ? 1 : 0][x], rows[isRgb ? 2 : 0][x]);
            }
            else if (rows.Length == 3) JpegPixels.ToRgb(rows[0], rows[1], rows[2], to);
            else
            {
                if (_adobeTransform == 2) JpegPixels.ToRgb(rows[0], rows[1], rows[2], to);
                else JpegPixels.Complement(rows[0], rows[1], rows[2], to);
                JpegPixels.Ink(rows[3], to);
            }
        }
        return image;
    }
}

/// <summary>One colour component: its coefficients by blocks, and then its samples.</summary>
internal sealed class JpegComponent
{
    public required int Id { get; init; }

    /// <summary>Samples across to those of other components.</summary>
    public required int Across { get; init; }

    public required int Down { get; init; }

    public required int Quantization { get; init; }

    public HuffmanTable? Dc { get; set; }

    public HuffmanTable? Ac { get; set; }

    /// <summary>The last DC coefficient.</summary>
    public int Predicted { get; set; }

    /// <summary>Samples that belong to the image.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Blocks in memory, up to whole units of all components.</summary>
    public int BlocksAcross { get; private set; }

    public int BlocksDown { get; private set; }

    public short[] Coefficients { get; private set; } = [];

    public byte[] Samples { get; private set; } = [];

    public int Stride => BlocksAcross * 8;

    public void Measure(int width, int height, int h, int v)
    {
        Width = ((width * Across) + h - 1) / h;
        Height = ((height * Down) + v - 1) / v;
        BlocksAcross = (width + (8 * h) - 1) / (8 * h) * Across;
        BlocksDown = (height + (8 * v) - 1) / (8 * v) * Down;
        Coefficients = new short[64L * BlocksAcross * BlocksDown];
    }

    public Span<short> Block(int row, int column) => Coefficients.AsSpan(64 * ((row * BlocksAcross) + column), 64);

    public void Transform(ushort[] quantization)
    {
        Samples = new byte[Coefficients.Length];
        for (var row = 0; row < BlocksDown; row++)
        {
            for (var column = 0; column < BlocksAcross; column++) JpegPixels.Transform(Block(row, column), quantization, Samples.AsSpan((row * 8 * Stride) + (column * 8)), Stride);
        }
        Coefficients = [];
    }
}
