namespace Slipway.Models.Graph;

/// <summary>Decodes the bit planes of code blocks (ITU-T T.800, annex D).</summary>
internal sealed class Jpeg2000Blocks
{
    private const int LargestFlags = (1024 + 2) * (4 + 2), Stripe = 4;

    private const int SignContext = 9, RefinementContext = 14, RunContext = 17, UniformContext = 18;

    /// <summary>Neighbours that are significant; of four of them also that they are negative.</summary>
    private const ushort Left = 1, Right = 2, Above = 4, Below = 8, LeftAbove = 16, RightAbove = 32, LeftBelow = 64, RightBelow = 128, Neighbours = 255, NegativeShift = 8;

    private const ushort Significant = 1 << 12, Visited = 1 << 13, Refined = 1 << 14;

    /// <summary>Contexts of significance by kind of band and neighbours.</summary>
    private static readonly byte[][] SignificanceContexts = Array.ConvertAll<Jpeg2000BandKind, byte[]>([Jpeg2000BandKind.LL, Jpeg2000BandKind.HL, Jpeg2000BandKind.LH, Jpeg2000BandKind.HH], MakeContexts);

    private readonly ushort[] _flags = new ushort[LargestFlags];
    private readonly int[] _magnitudes = new int[4096];
    private readonly byte[] _contexts = new byte[19];
    private int _width, _height, _stride;
    private byte[] _significanceContexts = [];

    /// <summary>The values of the last block, row by row, with one fraction bit; the rest of a plane that was not coded is taken to be one half.</summary>
    /// <param name="planes">Bit planes; 30 at most.</param>
    /// <param name="passes">Of which the first cleans up the highest plane.</param>
    /// <param name="resets">Whether contexts start anew with each pass.</param>
    /// <param name="hasMarks">Whether a plane ends with four bits 1010.</param>
    public ReadOnlySpan<int> Decode(ReadOnlySpan<byte> data, int width, int height, Jpeg2000BandKind band, int planes, int passes, bool resets, bool hasMarks)
    {
        (_width, _height, _stride, _significanceContexts) = (width, height, width + 2, SignificanceContexts[(int)band]);
        _flags.AsSpan(0, _stride * (height + 2)).Clear();
        _magnitudes.AsSpan(0, width * height).Clear();
        ResetContexts();
        var mq = new MqDecoder(data, _contexts);
        for (int pass = 0, plane = planes - 1, kind = 2; pass < passes; pass++)
        {
            if (kind == 0) FindSignificant(ref mq, plane);
            else if (kind == 1) Refine(ref mq, plane);
            else
            {
                CleanUp(ref mq, plane);
                for (var i = 0; hasMarks && i < 4; i++) mq.Decode(UniformContext);
            }
            if (resets) ResetContexts();
            if (++kind < 3) continue;
            kind = 0;
            plane--;
        }
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if ((_flags[Flag(x, y) + 1] & Left << NegativeShift) != 0) _magnitudes[(y * width) + x] = -_magnitudes[(y * width) + x];
            }
        }
        return _magnitudes.AsSpan(0, width * height);
    }

    private int Flag(int x, int y) => ((y + 1) * _stride) + x + 1;

    private void ResetContexts()
    {
        _contexts.AsSpan().Clear();
        (_contexts[0], _contexts[RunContext], _contexts[UniformContext]) = (4 << 1, 3 << 1, 46 << 1);
    }

    private void FindSignificant(ref MqDecoder mq, int plane)
    {
        for (var top = 0; top < _height; top += Stripe)
        {
            for (var x = 0; x < _width; x++)
            {
                for (var y = top; y < Math.Min(top + Stripe, _height); y++)
                {
                    ref var flags = ref _flags[Flag(x, y)];
                    if ((flags & Significant) != 0 || (flags & Neighbours) == 0) continue;
                    if (mq.Decode(_significanceContexts[flags & Neighbours]) != 0) MakeSignificant(ref mq, x, y, plane);
                    flags |= Visited;
                }
            }
        }
    }

    private void Refine(ref MqDecoder mq, int plane)
    {
        for (var top = 0; top < _height; top += Stripe)
        {
            for (var x = 0; x < _width; x++)
            {
                for (var y = top; y < Math.Min(top + Stripe, _height); y++)
                {
                    ref var flags = ref _flags[Flag(x, y)];
                    if ((flags & (Significant | Visited)) != Significant) continue;
                    var context = RefinementContext + ((flags & Refined) != 0 ? 2 : (flags & Neighbours) != 0 ? 1 : 0);
                    _magnitudes[(y * _width) + x] += mq.Decode(context) != 0 ? 1 << plane : -(1 << plane);
                    flags |= Refined;
                }
            }
        }
    }

    private void CleanUp(ref MqDecoder mq, int plane)
    {
        for (var top = 0; top < _height; top += Stripe)
        {
            for (var x = 0; x < _width; x++)
            {
                var y = top;
                var isFound = false;
                if (top + Stripe <= _height && IsQuiet(x, top))
                {
                    if (mq.Decode(RunContext) == 0) continue;
                    y += mq.Decode(UniformContext) << 1;
                    y += mq.Decode(UniformContext);
                    isFound = true;
                }
                for (; y < Math.Min(top + Stripe, _height); y++)
                {
                    ref var flags = ref _flags[Flag(x, y)];
                    if (isFound || ((flags & (Significant | Visited)) == 0 && mq.Decode(_significanceContexts[flags & Neighbours]) != 0)) MakeSignificant(ref mq, x, y, plane);
                    isFound = false;
                }
                for (y = top; y < Math.Min(top + Stripe, _height); y++) _flags[Flag(x, y)] &= unchecked((ushort)~Visited);
            }
        }
    }

    /// <summary>Whether nothing in four samples of a column is significant, nor beside them.</summary>
    private bool IsQuiet(int x, int top)
    {
        var any = 0;
        for (var y = top; y < top + Stripe; y++) any |= _flags[Flag(x, y)];
        return (any & (Significant | Visited | Neighbours)) == 0;
    }

    /// <summary>Reads the sign, and tells the neighbours.</summary>
    private void MakeSignificant(ref MqDecoder mq, int x, int y, int plane)
    {
        var at = Flag(x, y);
        int flags = _flags[at];
        var sum = (3 * Direction(flags, Left, Right)) + Direction(flags, Above, Below);
        var isNegative = mq.Decode(SignContext + Math.Abs(sum)) != 0 != sum < 0;
        // The plane's bit and half of it, above the fraction bit.
        _magnitudes[(y * _width) + x] = 3 << plane;
        _flags[at] |= Significant;
        var sign = isNegative ? 1 | 1 << NegativeShift : 1;
        _flags[at - 1] |= (ushort)(Right * sign);
        _flags[at + 1] |= (ushort)(Left * sign);
        _flags[at - _stride] |= (ushort)(Below * sign);
        _flags[at + _stride] |= (ushort)(Above * sign);
        _flags[at - _stride - 1] |= RightBelow;
        _flags[at - _stride + 1] |= LeftBelow;
        _flags[at + _stride - 1] |= RightAbove;
        _flags[at + _stride + 1] |= LeftAbove;
    }

    /// <summary>The sign that two opposite neighbours have in common: -1, 0 or 1.</summary>
    private static int Direction(int flags, int one, int other) => Math.Clamp(Sign(flags, one) + Sign(flags, other), -1, 1);

    private static int Sign(int flags, int neighbour) => (flags & neighbour) == 0 ? 0 : (flags & neighbour << NegativeShift) == 0 ? 1 : -1;

    private static byte[] MakeContexts(Jpeg2000BandKind band)
    {
        var contexts = new byte[256];
        for (var flags = 0; flags < 256; flags++)
        {
            var across = int.PopCount(flags & (Left | Right));
            var down = int.PopCount(flags & (Above | Below));
            var diagonal = int.PopCount(flags & (LeftAbove | RightAbove | LeftBelow | RightBelow));
            if (band == Jpeg2000BandKind.HL) (across, down) = (down, across);
            contexts[flags] = (byte)(band == Jpeg2000BandKind.HH ? OfDiagonal(diagonal, across + down) : OfLines(across, down, diagonal));
        }
        return contexts;
    }

    private static int OfLines(int across, int down, int diagonal) => (across, down, diagonal) switch
    {
        (2, _, _) => 8,
        (1, >= 1, _) => 7,
        (1, _, >= 1) => 6,
        (1, _, _) => 5,
        (_, 2, _) => 4,
        (_, 1, _) => 3,
        _ => Math.Min(diagonal, 2),
    };

    private static int OfDiagonal(int diagonal, int lines) => diagonal switch
    {
        >= 3 => 8,
        2 => lines >= 1 ? 7 : 6,
        1 => 3 + Math.Min(lines, 2),
        _ => Math.Min(lines, 2),
    };
}
