namespace Slipway.Core;

/// <summary>Element types of a tensor: those of the Open Inference Protocol.</summary>
public enum ElementType : byte
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Float16,
    /// <summary>bfloat16: the upper half of a <see cref="float"/>. Raw transport only.</summary>
    BFloat16,
    Float32,
    Float64,
    /// <summary>Variable-length byte strings; text is UTF-8.</summary>
    Bytes,
}

/// <summary>What an <see cref="ElementType"/> is called on the wire and how wide it is.</summary>
public static class ElementTypes
{
    private static readonly string[] ProtocolNames =
    [
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
        "FP16", "BF16", "FP32", "FP64", "BYTES",
    ];

    private static readonly int[] Sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 0];

    extension(ElementType type)
    {
        /// <summary>The Open Inference Protocol's name: <c>FP32</c>, <c>BYTES</c>, …</summary>
        public string ProtocolName => ProtocolNames[(int)type];

        /// <summary>Bytes per element; 0 for <see cref="ElementType.Bytes"/>.</summary>
        public int Size => Sizes[(int)type];

        public bool IsFloat => type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;

        /// <summary>True for every type that holds a number; false for <c>BOOL</c> and <c>BYTES</c>.</summary>
        public bool IsNumeric => type is not (ElementType.Bool or ElementType.Bytes);
    }

    /// <summary>Finds a type by its protocol name, case-sensitively as the protocol demands.</summary>
    public static bool TryParse(ReadOnlySpan<char> protocolName, out ElementType type)
    {
        for (var i = 0; i < ProtocolNames.Length; i++)
        {
            if (protocolName.SequenceEqual(ProtocolNames[i]))
            {
                type = (ElementType)i;
                return true;
            }
        }
        type = default;
        return false;
    }

    /// <summary>The element type that stores values of <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No tensor type stores <typeparamref name="T"/>.</exception>
    public static ElementType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return ElementType.Float32;
        if (typeof(T) == typeof(double)) return ElementType.Float64;
        if (typeof(T) == typeof(long)) return ElementType.Int64;
        if (typeof(T) == typeof(int)) return ElementType.Int32;
        if (typeof(T) == typeof(bool)) return ElementType.Bool;
        if (typeof(T) == typeof(byte)) return ElementType.UInt8;
        if (typeof(T) == typeof(sbyte)) return ElementType.Int8;
        if (typeof(T) == typeof(short)) return ElementType.Int16;
        if (typeof(T) == typeof(ushort)) return ElementType.UInt16;
        if (typeof(T) == typeof(uint)) return ElementType.UInt32;
        if (typeof(T) == typeof(ulong)) return ElementType.UInt64;
        if (typeof(T) == typeof(Half)) return ElementType.Float16;
        throw new NotSupportedException($"No tensor element type stores {typeof(T).Name}.");
    }
}
