using System.Buffers.Binary;

namespace Slipway.Models.Graph;

/// <summary>Bits of a lossless picture, the lowest of each byte first.</summary>
internal sealed class Vp8lBits
{
    private readonly byte[] _data;
    private readonly long _end;
    private long _at;

    public Vp8lBits(byte[] data)
    {
        // So that eight bytes can be taken at every place.
        _data = new byte[data.Length + 8];
        data.CopyTo(_data, 0);
        _end = 8L * data.Length;
    }

    /// <summary>At least 32 bits from here on, zeros behind the end.</summary>
    public uint Peek() => (uint)(BinaryPrimitives.ReadUInt64LittleEndian(_data.AsSpan((int)(_at >> 3))) >> (int)(_at & 7));

    public void Skip(int count)
    {
        _at += count;
        if (_at > _end) throw WebpDecoder.Damaged($"its data ends at byte {_end / 8} of the picture before the last pixel");
    }

    /// <param name="count">At most 24.</param>
    public int Read(int count)
    {
        var value = (int)(Peek() & ((1u << count) - 1));
        Skip(count);
        return value;
    }

    public bool Flag() => Read(1) != 0;
}
