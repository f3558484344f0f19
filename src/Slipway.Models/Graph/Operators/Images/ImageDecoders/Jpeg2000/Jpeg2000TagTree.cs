namespace Slipway.Models.Graph;

/// <summary>Numbers of a grid by the smallest of each four (ITU-T T.800, B.10.2).</summary>
internal sealed class Jpeg2000TagTree
{
    private readonly (int Width, int Start)[] _levels;

    /// <summary>What is known of each node: it is at least so much, and whether it is that.</summary>
    private readonly (int Least, bool IsKnown)[] _nodes;

    public Jpeg2000TagTree(int width, int height)
    {
        var levels = new List<(int, int)>();
        var count = 0;
        for (var isLast = width == 0 || height == 0; !isLast; (width, height) = ((width + 1) / 2, (height + 1) / 2))
        {
            levels.Add((width, count));
            count += width * height;
            isLast = width == 1 && height == 1;
        }
        _levels = [.. levels];
        _nodes = new (int, bool)[count];
    }

    /// <returns>Whether the number is below the limit; as many bits are read as that takes.</returns>
    public bool IsBelow(int limit, int x, int y, ref Jpeg2000PacketBits bits)
    {
        var least = 0;
        for (var level = _levels.Length - 1; ; level--)
        {
            var (width, start) = _levels[level];
            ref var node = ref _nodes[start + ((y >> level) * width) + (x >> level)];
            node.Least = Math.Max(node.Least, least);
            while (!node.IsKnown && node.Least < limit)
            {
                if (bits.Flag()) node.IsKnown = true;
                else node.Least++;
            }
            least = node.Least;
            if (level == 0) return node.IsKnown && node.Least < limit;
        }
    }
}

/// <summary>Bits of packet headers: after a byte FF the next has seven (B.10.1).</summary>
internal ref struct Jpeg2000PacketBits(ReadOnlySpan<byte> data, int at)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at = at;
    private int _byte;
    private int _left;

    public bool Flag()
    {
        if (_left == 0)
        {
            _left = _byte == 0xFF ? 7 : 8;
            _byte = Next();
        }
        return (_byte >> --_left & 1) != 0;
    }

    public int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++) value = value << 1 | (Flag() ? 1 : 0);
        return value;
    }

    /// <summary>The place after the header.</summary>
    public int End()
    {
        if (_byte == 0xFF) Next();
        return _at;
    }

    private byte Next() => _at < _data.Length ? _data[_at++] : throw Jpeg2000Decoder.Damaged($"a tile's packets end at their byte {_data.Length}, within a header");
}
