namespace Slipway.Models.Graph;

/// <summary>Integers of 4 and 2 bits, kept one a byte.</summary>
internal static class NarrowIntegers
{
    /// <summary>Bits of an element of the type; 0 for types that fill their bytes.</summary>
    public static int Bits(DataType element) => element switch
    {
        DataType.Int4 or DataType.UInt4 => 4,
        DataType.Int2 or DataType.UInt2 => 2,
        _ => 0,
    };

    public static bool IsSigned(DataType element) => element is DataType.Int4 or DataType.Int2;

    /// <summary>The type whose values an element's byte holds: int8 for int4 and int2, uint8 for uint4 and uint2, else the type itself.</summary>
    public static DataType Carrier(DataType element) => element switch
    {
        DataType.Int4 or DataType.Int2 => DataType.Int8,
        DataType.UInt4 or DataType.UInt2 or DataType.Bool => DataType.UInt8,
        _ => element,
    };

    /// <summary>Drops the bits that the type does not have.</summary>
    public static void Wrap(DataType element, Span<byte> values)
    {
        var drop = 8 - Bits(element);
        if (drop == 8) return;
        if (IsSigned(element))
        {
            for (var i = 0; i < values.Length; i++) values[i] = (byte)((sbyte)(values[i] << drop) >> drop);
        }
        else
        {
            for (var i = 0; i < values.Length; i++) values[i] = (byte)((byte)(values[i] << drop) >> drop);
        }
    }

    /// <summary>The least and the greatest value.</summary>
    public static (int Least, int Greatest) Range(DataType element)
    {
        var bits = Bits(element);
        return IsSigned(element) ? (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);
    }
}
