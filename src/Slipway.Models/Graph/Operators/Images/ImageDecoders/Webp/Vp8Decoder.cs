namespace Slipway.Models.Graph;

/// <summary>A VP8 key frame (RFC 6386): macroblocks of 16 × 16 luma and two times 8 × 8 chroma samples, predicted from their neighbours, corrected by coefficients, their edges smoothed at the end.</summary>
internal sealed class Vp8Decoder
{
    private const int ChromaBlocks = 16, SecondBlock = 24;

    /// <summary>Of the tokens of neighbours: four of luma, two each of chroma, one of the second transform.</summary>
    private const int Contexts = 9, SecondContext = 8;

    private readonly Vp8Header _header;
    private readonly Vp8Tokens _tokens;
    private readonly int _across, _down;
    private readonly Vp8Plane _luma, _blue, _red;
    private readonly Vp8Edges[] _edges;

    /// <summary>Of the macroblocks above, and of the one on the left.</summary>
    private readonly Vp8BlockMode[] _modesAbove, _modesLeft = new Vp8BlockMode[4];
    private readonly byte[] _tokensAbove, _tokensLeft = new byte[Contexts];

    /// <summary>Of the macroblock at hand: 16 blocks of luma, 4 of each chroma, the second transform.</summary>
    private readonly short[] _coefficients = new short[25 * 16];
    private readonly Vp8BlockMode[] _blockModes = new Vp8BlockMode[16];

    public Vp8Decoder(byte[] data)
    {
        _header = new Vp8Header(data);
        _tokens = new Vp8Tokens(_header.Probabilities);
        (_across, _down) = ((_header.Width + 15) / 16, (_header.Height + 15) / 16);
        _luma = new Vp8Plane(16 * _across, 16 * _down);
        (_blue, _red) = (new Vp8Plane(8 * _across, 8 * _down), new Vp8Plane(8 * _across, 8 * _down));
        _edges = new Vp8Edges[_across * _down];
        _modesAbove = new Vp8BlockMode[4 * _across];
        _tokensAbove = new byte[Contexts * _across];
    }

    public DecodedImage Decode()
    {
        for (var row = 0; row < _down; row++)
        {
            Array.Clear(_modesLeft);
            Array.Clear(_tokensLeft);
            var partition = _header.Partitions[row % _header.Partitions.Length];
            for (var column = 0; column < _across; column++) DecodeMacroblock(partition, row, column);
        }
        if (_header.IsFiltered) SmoothEdges();
        return Vp8Colors.ToImage(_luma, _blue, _red, _header.Width, _header.Height);
    }

    private void DecodeMacroblock(Vp8BoolDecoder partition, int row, int column)
    {
        var bits = _header.Modes;
        var segment = _header.Segments[_header.SegmentTree is { } tree ? bits.Bit(tree[0]) ? bits.Bit(tree[2]) ? 3 : 2 : bits.Bit(tree[1]) ? 1 : 0 : 0];
        var isSkipped = _header.SkipProbability is { } probability && bits.Bit(probability);
        var isWhole = bits.Bit(145);
        var mode = isWhole ? ReadMode(bits, 156, 163, 128) : Vp8Mode.Dc;
        ReadBlockModes(bits, column, isWhole ? mode : null);
        var chroma = !bits.Bit(142) ? Vp8Mode.Dc : !bits.Bit(114) ? Vp8Mode.Vertical : bits.Bit(183) ? Vp8Mode.TrueMotion : Vp8Mode.Horizontal;

        var above = _tokensAbove.AsSpan(Contexts * column, Contexts);
        Array.Clear(_coefficients);
        var hasTokens = false;
        if (isSkipped) SkipTokens(above, isWhole);
        else hasTokens = ReadTokens(partition, above, segment, isWhole);
        _edges[(row * _across) + column] = new Vp8Edges((byte)(isWhole ? segment.WholeLevel : segment.SplitLevel), hasTokens || !isWhole);

        if (isWhole)
        {
            Vp8Prediction.Whole(_luma, 16 * column, 16 * row, 16, mode);
            AddBlocks(_luma, 16 * column, 16 * row, 0, 4);
        }
        else PredictBlocks(row, column);
        foreach (var (plane, first) in (ReadOnlySpan<(Vp8Plane, int)>)[(_blue, ChromaBlocks), (_red, ChromaBlocks + 4)])
        {
            Vp8Prediction.Whole(plane, 8 * column, 8 * row, 8, chroma);
            AddBlocks(plane, 8 * column, 8 * row, first, 2);
        }
    }

    private static Vp8Mode ReadMode(Vp8BoolDecoder bits, int root, int left, int right) =>
        bits.Bit(root) ? bits.Bit(right) ? Vp8Mode.TrueMotion : Vp8Mode.Horizontal : bits.Bit(left) ? Vp8Mode.Vertical : Vp8Mode.Dc;

    /// <summary>The modes of 16 blocks, each in the context of two; of a macroblock that is predicted whole, what it is as a context.</summary>
    private void ReadBlockModes(Vp8BoolDecoder bits, int column, Vp8Mode? whole)
    {
        var above = _modesAbove.AsSpan(4 * column, 4);
        if (whole is { } mode)
        {
            var same = mode switch { Vp8Mode.Vertical => Vp8BlockMode.Vertical, Vp8Mode.Horizontal => Vp8BlockMode.Horizontal, Vp8Mode.TrueMotion => Vp8BlockMode.TrueMotion, _ => Vp8BlockMode.Dc };
            above.Fill(same);
            _modesLeft.AsSpan().Fill(same);
            return;
        }
        for (var i = 0; i < 16; i++)
        {
            var nodes = Vp8Tables.BlockModes.Slice(9 * ((10 * (int)above[i % 4]) + (int)_modesLeft[i / 4]), 9);
            _blockModes[i] = above[i % 4] = _modesLeft[i / 4] = ReadBlockMode(bits, nodes);
        }
    }

    private static Vp8BlockMode ReadBlockMode(Vp8BoolDecoder bits, ReadOnlySpan<byte> nodes)
    {
        if (!bits.Bit(nodes[0])) return Vp8BlockMode.Dc;
        if (!bits.Bit(nodes[1])) return Vp8BlockMode.TrueMotion;
        if (!bits.Bit(nodes[2])) return Vp8BlockMode.Vertical;
        if (!bits.Bit(nodes[3])) return !bits.Bit(nodes[4]) ? Vp8BlockMode.Horizontal : bits.Bit(nodes[5]) ? Vp8BlockMode.VerticalRight : Vp8BlockMode.DownRight;
        if (!bits.Bit(nodes[6])) return Vp8BlockMode.DownLeft;
        if (!bits.Bit(nodes[7])) return Vp8BlockMode.VerticalLeft;
        return bits.Bit(nodes[8]) ? Vp8BlockMode.HorizontalUp : Vp8BlockMode.HorizontalDown;
    }

    private void SkipTokens(Span<byte> above, bool isWhole)
    {
        above[..SecondContext].Clear();
        _tokensLeft.AsSpan(0, SecondContext).Clear();
        if (isWhole) above[SecondContext] = _tokensLeft[SecondContext] = 0;
    }

    /// <returns>Whether there is a coefficient.</returns>
    private bool ReadTokens(Vp8BoolDecoder bits, Span<byte> above, Vp8Segment segment, bool isWhole)
    {
        var left = _tokensLeft.AsSpan();
        var (type, first) = (Vp8Tokens.Luma, 0);
        if (isWhole)
        {
            var second = _coefficients.AsSpan(SecondBlock * 16, 16);
            var end = _tokens.Read(bits, Vp8Tokens.Second, above[SecondContext] + left[SecondContext], 0, segment.SecondDc, segment.SecondAc, second);
            above[SecondContext] = left[SecondContext] = (byte)(end > 0 ? 1 : 0);
            Vp8Transform.Second(second, _coefficients);
            (type, first) = (Vp8Tokens.LumaAfterSecond, 1);
        }
        return ReadBlocks(bits, type, first, segment.LumaDc, segment.LumaAc, 0, above[..4], left[..4])
            | ReadBlocks(bits, Vp8Tokens.Chroma, 0, segment.ChromaDc, segment.ChromaAc, ChromaBlocks, above[4..6], left[4..6])
            | ReadBlocks(bits, Vp8Tokens.Chroma, 0, segment.ChromaDc, segment.ChromaAc, ChromaBlocks + 4, above[6..8], left[6..8]);
    }

    private bool ReadBlocks(Vp8BoolDecoder bits, int type, int first, int dc, int ac, int start, Span<byte> above, Span<byte> left)
    {
        var (side, isAny) = (above.Length, false);
        for (var i = 0; i < side * side; i++)
        {
            var block = _coefficients.AsSpan(16 * (start + i), 16);
            var end = _tokens.Read(bits, type, above[i % side] + left[i / side], first, dc, ac, block);
            above[i % side] = left[i / side] = (byte)(end > first ? 1 : 0);
            isAny |= end > 1 || block[0] != 0;
        }
        return isAny;
    }

    private void PredictBlocks(int row, int column)
    {
        // The samples above on the right of the macroblock serve all four blocks at its right edge; beyond the image the last sample is repeated.
        Span<byte> aboveRight = stackalloc byte[4];
        var corner = _luma.At((16 * column) + 15, (16 * row) - 1);
        if (column == _across - 1) aboveRight.Fill(_luma.Samples[corner]);
        else _luma.Samples.AsSpan(corner + 1, 4).CopyTo(aboveRight);
        for (var i = 0; i < 16; i++)
        {
            var (x, y) = ((16 * column) + (4 * (i % 4)), (16 * row) + (4 * (i / 4)));
            Vp8Prediction.Block(_luma, x, y, _blockModes[i], i % 4 == 3 ? aboveRight : _luma.Samples.AsSpan(_luma.At(x + 4, y - 1), 4));
            AddBlock(_luma, x, y, i);
        }
    }

    private void AddBlocks(Vp8Plane plane, int x, int y, int start, int side)
    {
        for (var i = 0; i < side * side; i++) AddBlock(plane, x + (4 * (i % side)), y + (4 * (i / side)), start + i);
    }

    private void AddBlock(Vp8Plane plane, int x, int y, int block)
    {
        var coefficients = _coefficients.AsSpan(16 * block, 16);
        if (coefficients.ContainsAnyExcept((short)0)) Vp8Transform.Add(coefficients, plane.Samples.AsSpan(plane.At(x, y)), plane.Stride);
    }

    private void SmoothEdges()
    {
        for (var i = 0; i < _edges.Length; i++)
        {
            var (row, column) = (i / _across, i % _across);
            if (_edges[i].Level == 0) continue;
            Smooth(_luma, 16);
            if (_header.IsSimpleFilter) continue;
            Smooth(_blue, 8);
            Smooth(_red, 8);

            void Smooth(Vp8Plane plane, int size) =>
                new Vp8LoopFilter(plane.Samples, plane.Stride).Macroblock(plane.At(size * column, size * row), size, column > 0, row > 0, _edges[i], _header.Sharpness, _header.IsSimpleFilter);
        }
    }
}
