using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>Elements of 2 and 4 bits: several to a byte in files, the first in the lowest bits; one to a byte in memory.</summary>
internal static class PackedElements
{
    /// <summary>How many elements a byte of a file holds; 1 for all types of 8 bits and more.</summary>
    public static int PerByte(DataType type) => type switch
    {
        DataType.UInt4 or DataType.Int4 or DataType.Float4E2M1 => 2,
        DataType.UInt2 or DataType.Int2 => 4,
        _ => 1,
    };

    /// <summary>Spreads <paramref name="packed"/> over as many elements as there is room for; signed types are extended by their sign.</summary>
    public static void Unpack(DataType type, ReadOnlySpan<byte> packed, Span<byte> elements)
    {
        var perByte = PerByte(type);
        var bits = 8 / perByte;
        var signed = type is DataType.Int4 or DataType.Int2;
        for (var i = 0; i < elements.Length; i++)
        {
            var high = (byte)(packed[i / perByte] << (8 - bits - i % perByte * bits));
            elements[i] = signed ? (byte)((sbyte)high >> (8 - bits)) : (byte)(high >> (8 - bits));
        }
    }

    /// <summary>The reverse of <see cref="Unpack"/>; the bits that are left over are zero.</summary>
    public static byte[] Pack(DataType type, ReadOnlySpan<byte> elements)
    {
        var perByte = PerByte(type);
        var bits = 8 / perByte;
        var packed = new byte[(elements.Length + perByte - 1) / perByte];
        for (var i = 0; i < elements.Length; i++) packed[i / perByte] |= (byte)((elements[i] & ((1 << bits) - 1)) << (i % perByte * bits));
        return packed;
    }
}
