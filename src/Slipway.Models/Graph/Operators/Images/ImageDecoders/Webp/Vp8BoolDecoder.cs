namespace Slipway.Models.Graph;

/// <summary>The boolean entropy decoder of VP8 (RFC 6386, section 7).</summary>
/// <param name="data">The file.</param>
/// <param name="start">Where the partition begins.</param>
/// <param name="end">And ends.</param>
internal sealed class Vp8BoolDecoder(byte[] data, int start, int end)
{
    private int _at = start;
    private int _range = 255;
    private uint _value;

    /// <summary>Bits of <see cref="_value"/> below the eight that are compared with the range.</summary>
    private int _spare = -8;

    /// <param name="probability">Of false, in 256 parts.</param>
    public bool Bit(int probability)
    {
        if (_spare < 0)
        {
            if (_at >= end) throw WebpDecoder.Damaged($"its data ends at byte {end} of the picture before the last macroblock");
            _value = _value << 8 | data[_at++];
            _spare += 8;
        }
        var split = 1 + ((_range - 1) * probability >> 8);
        var bound = (uint)split << _spare;
        var bit = _value >= bound;
        if (bit)
        {
            _range -= split;
            _value -= bound;
        }
        else _range = split;
        var shift = 7 - System.Numerics.BitOperations.Log2((uint)_range);
        _range <<= shift;
        _spare -= shift;
        return bit;
    }

    public bool Flag() => Bit(128);

    public int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++) value = value << 1 | (Flag() ? 1 : 0);
        return value;
    }

    /// <summary>A magnitude of so many bits and its sign, or zero where a flag says that there is none.</summary>
    public int OptionalSigned(int count)
    {
        if (!Flag()) return 0;
        var value = Bits(count);
        return Flag() ? -value : value;
    }
}
