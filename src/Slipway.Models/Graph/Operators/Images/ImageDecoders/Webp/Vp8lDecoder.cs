namespace Slipway.Models.Graph;

/// <summary>A lossless WebP picture (RFC 9649, section 3): prefix codes, copies, a cache of colours, and transforms over them.</summary>
internal sealed class Vp8lDecoder
{
    private const int Lengths = 24, Literals = 256, Distances = 40, MostSymbols = Literals + Lengths + (1 << 11);

    private readonly Vp8lBits _bits;
    private readonly int _width, _height;
    private readonly byte[] _codeLengths = new byte[MostSymbols];

    public Vp8lDecoder(byte[] data)
    {
        (_width, _height) = ReadSize(data);
        _bits = new Vp8lBits(data);
        _bits.Skip(8 + 14 + 14 + 1 + 3);
    }

    /// <summary>The order in which lengths of codes of lengths are written.</summary>
    private static ReadOnlySpan<byte> LengthOrder => [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Near pixels by their codes: rows above in the upper four bits, and in the lower ones 8 less the columns to the right.</summary>
    private static ReadOnlySpan<byte> NearPixels =>
    [
        0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1A, 0x26, 0x2A, 0x38, 0x05, 0x37, 0x39, 0x15, 0x1B, 0x36, 0x3A, 0x25, 0x2B, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1C, 0x35, 0x3B,
        0x46, 0x4A, 0x24, 0x2C, 0x58, 0x45, 0x4B, 0x34, 0x3C, 0x03, 0x57, 0x59, 0x13, 0x1D, 0x56, 0x5A, 0x23, 0x2D, 0x44, 0x4C, 0x55, 0x5B, 0x33, 0x3D, 0x68, 0x02, 0x67, 0x69, 0x12, 0x1E,
        0x66, 0x6A, 0x22, 0x2E, 0x54, 0x5C, 0x43, 0x4D, 0x65, 0x6B, 0x32, 0x3E, 0x78, 0x01, 0x77, 0x79, 0x53, 0x5D, 0x11, 0x1F, 0x64, 0x6C, 0x42, 0x4E, 0x76, 0x7A, 0x21, 0x2F, 0x75, 0x7B,
        0x31, 0x3F, 0x63, 0x6D, 0x52, 0x5E, 0x00, 0x74, 0x7C, 0x41, 0x4F, 0x10, 0x20, 0x62, 0x6E, 0x30, 0x73, 0x7D, 0x51, 0x5F, 0x40, 0x72, 0x7E, 0x61, 0x6F, 0x50, 0x71, 0x7F, 0x60, 0x70,
    ];

    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> data)
    {
        if (data.Length < 5 || data[0] != 0x2F) throw WebpDecoder.Damaged("the lossless picture has no signature 2F");
        var size = data[1] | data[2] << 8 | data[3] << 16 | data[4] << 24;
        if (size >>> 29 != 0) throw WebpDecoder.Damaged($"the lossless picture has version {size >>> 29}, 0 is expected");
        return ((size & 0x3FFF) + 1, (size >> 14 & 0x3FFF) + 1);
    }

    public DecodedImage Decode()
    {
        var transforms = new Stack<Vp8lTransform>();
        var width = _width;
        for (var seen = 0; _bits.Flag();)
        {
            var kind = (Vp8lTransformKind)_bits.Read(2);
            if ((seen & 1 << (int)kind) != 0) throw WebpDecoder.Damaged($"the transform {kind} comes twice");
            seen |= 1 << (int)kind;
            transforms.Push(ReadTransform(kind, ref width));
        }
        var pixels = ReadPixels(width, _height, isWhole: true);
        while (transforms.TryPop(out var transform)) pixels = transform.Undo(pixels, _height);
        var image = DecodedImage.OfSize("WebP", _width, _height, long.MaxValue);
        for (var i = 0; i < pixels.Length; i++) (image.Rgb[3 * i], image.Rgb[(3 * i) + 1], image.Rgb[(3 * i) + 2]) = ((byte)(pixels[i] >> 16), (byte)(pixels[i] >> 8), (byte)pixels[i]);
        return image;
    }

    /// <param name="width">Of the image as it is read, which indexing makes smaller.</param>
    private Vp8lTransform ReadTransform(Vp8lTransformKind kind, ref int width)
    {
        if (kind == Vp8lTransformKind.SubtractGreen) return new Vp8lTransform(kind, width, 0, []);
        if (kind != Vp8lTransformKind.Indexing)
        {
            var size = _bits.Read(3) + 2;
            return new Vp8lTransform(kind, width, size, ReadPixels(Vp8lTransform.Blocks(width, size), Vp8lTransform.Blocks(_height, size), isWhole: false));
        }
        var colors = ReadPixels(_bits.Read(8) + 1, 1, isWhole: false);
        for (var i = 1; i < colors.Length; i++) colors[i] = Vp8lTransform.Add(colors[i], colors[i - 1]);
        var transform = new Vp8lTransform(kind, width, colors.Length switch { <= 2 => 3, <= 4 => 2, <= 16 => 1, _ => 0 }, colors);
        width = Vp8lTransform.Blocks(width, transform.Bits);
        return transform;
    }

    /// <param name="isWhole">Of the image itself, which may have several groups of codes.</param>
    private uint[] ReadPixels(int width, int height, bool isWhole)
    {
        var hasCache = _bits.Flag();
        var cacheBits = hasCache ? _bits.Read(4) : 0;
        if (hasCache && cacheBits is < 1 or > 11) throw WebpDecoder.Damaged($"its cache of colours has {cacheBits} bits, 1 to 11 are expected");
        var (tileBits, tiles, groups) = (0, (uint[]?)null, 1);
        if (isWhole && _bits.Flag())
        {
            tileBits = _bits.Read(3) + 2;
            tiles = ReadPixels(Vp8lTransform.Blocks(width, tileBits), Vp8lTransform.Blocks(height, tileBits), isWhole: false);
            foreach (ref var tile in tiles.AsSpan())
            {
                tile = tile >> 8 & 0xFFFF;
                groups = Math.Max(groups, (int)tile + 1);
            }
        }
        var codes = new List<Vp8lPrefixCode[]>();
        for (var i = 0; i < groups; i++) codes.Add([ReadCode(Literals + Lengths + (cacheBits > 0 ? 1 << cacheBits : 0)), ReadCode(Literals), ReadCode(Literals), ReadCode(Literals), ReadCode(Distances)]);

        var pixels = new uint[width * height];
        var cache = new Vp8lColorCache(cacheBits);
        for (var at = 0; at < pixels.Length;)
        {
            var of = codes[tiles is null ? 0 : (int)tiles[((at / width >> tileBits) * Vp8lTransform.Blocks(width, tileBits)) + (at % width >> tileBits)]];
            var symbol = of[0].Decode(_bits);
            if (symbol >= Literals + Lengths)
            {
                pixels[at++] = cache[symbol - Literals - Lengths];
                continue;
            }
            var count = 1;
            if (symbol < Literals)
            {
                var (red, blue, alpha) = (of[1].Decode(_bits), of[2].Decode(_bits), of[3].Decode(_bits));
                pixels[at] = (uint)(alpha << 24 | red << 16 | symbol << 8 | blue);
            }
            else
            {
                count = ReadCount(symbol - Literals);
                var distance = Distance(ReadCount(of[4].Decode(_bits)), width);
                if (distance > at || count > pixels.Length - at) throw WebpDecoder.Damaged($"pixel {at} is a copy of {count} from {distance} before, of {pixels.Length} pixels");
                for (var i = at; i < at + count; i++) pixels[i] = pixels[i - distance];
            }
            cache.Add(pixels.AsSpan(at, count));
            at += count;
        }
        return pixels;
    }

    /// <summary>A number whose size is a symbol, and whose lower bits follow it ("LZ77 Backward Reference").</summary>
    private int ReadCount(int symbol)
    {
        if (symbol < 4) return symbol + 1;
        var extra = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << extra) + _bits.Read(extra) + 1;
    }

    private static int Distance(int code, int width)
    {
        if (code > NearPixels.Length) return code - NearPixels.Length;
        var near = NearPixels[code - 1];
        return Math.Max(1, ((near >> 4) * width) + 8 - (near & 15));
    }

    private Vp8lPrefixCode ReadCode(int symbols)
    {
        var lengths = _codeLengths.AsSpan(0, symbols);
        lengths.Clear();
        if (_bits.Flag())
        {
            var count = _bits.Read(1) + 1;
            for (int i = 0, bits = _bits.Flag() ? 8 : 1; i < count; i++, bits = 8)
            {
                var symbol = _bits.Read(bits);
                if (symbol >= symbols) throw WebpDecoder.Damaged($"a prefix code has symbol {symbol} of {symbols}");
                lengths[symbol] = 1;
            }
        }
        else ReadLengths(lengths);
        return new Vp8lPrefixCode(lengths);
    }

    private void ReadLengths(Span<byte> lengths)
    {
        Span<byte> lengthsOfLengths = stackalloc byte[19];
        lengthsOfLengths.Clear();
        var written = _bits.Read(4) + 4;
        for (var i = 0; i < written; i++) lengthsOfLengths[LengthOrder[i]] = (byte)_bits.Read(3);
        var code = new Vp8lPrefixCode(lengthsOfLengths);
        var left = _bits.Flag() ? 2 + _bits.Read(2 + (2 * _bits.Read(3))) : lengths.Length;
        if (left > lengths.Length) throw WebpDecoder.Damaged($"a prefix code has {left} lengths for {lengths.Length} symbols");
        byte last = 8;
        for (var at = 0; at < lengths.Length && left > 0; left--)
        {
            var symbol = code.Decode(_bits);
            if (symbol < 16)
            {
                lengths[at++] = (byte)symbol;
                if (symbol > 0) last = (byte)symbol;
                continue;
            }
            var count = symbol switch { 16 => 3 + _bits.Read(2), 17 => 3 + _bits.Read(3), _ => 11 + _bits.Read(7) };
            if (count > lengths.Length - at) throw WebpDecoder.Damaged($"a prefix code has more lengths than its {lengths.Length} symbols");
            lengths.Slice(at, count).Fill(symbol == 16 ? last : (byte)0);
            at += count;
        }
    }
}

/// <summary>The last colour of each hash ("Color Cache Coding").</summary>
internal readonly struct Vp8lColorCache(int bits)
{
    private readonly uint[] _colors = bits > 0 ? new uint[1 << bits] : [];

    public uint this[int index] => _colors[index];

    public void Add(ReadOnlySpan<uint> pixels)
    {
        if (_colors.Length == 0) return;
        foreach (var pixel in pixels) _colors[0x1E35A7BD * pixel >> (32 - bits)] = pixel;
    }
}
