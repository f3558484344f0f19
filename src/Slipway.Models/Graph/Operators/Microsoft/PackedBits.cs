using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Unsigned numbers of 2, 4 or 8 bits side by side in bytes, the first in the lowest bits.</summary>
internal readonly struct PackedBits(int bits)
{
    public int Bits => bits;

    public int PerByte => 8 / bits;

    /// <summary>The number in the middle: the zero point where none is given.</summary>
    public int Middle => 1 << (bits - 1);

    /// <summary>Bytes of so many numbers.</summary>
    public long BytesOf(long count) => (count + PerByte - 1) / PerByte;

    public int At(ReadOnlySpan<byte> bytes, int index) => (bytes[index / PerByte] >> (index % PerByte * bits)) & ((1 << bits) - 1);

    /// <exception cref="ModelException">There are no such widths.</exception>
    public static PackedBits Of(NodeInfo node, string attribute)
    {
        var bits = node.Int(attribute, 4);
        return bits is 2 or 4 or 8 ? new PackedBits((int)bits) : throw node.Unsupported($"{attribute} = {bits}: numbers have 2, 4 or 8 bits");
    }
}
