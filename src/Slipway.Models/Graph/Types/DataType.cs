namespace Slipway.Models.Graph;

/// <summary>Element types of tensors in a graph, with the numbers of ONNX's <c>TensorProto.DataType</c>.</summary>
internal enum DataType : byte
{
    Undefined = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    /// <summary>In memory one element a byte, as are all types of fewer than 8 bits.</summary>
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
}

/// <summary>How wide elements are and what they are called.</summary>
internal static class DataTypes
{
    private static readonly byte[] Widths = [0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 8, 16, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

    private static readonly string[] Names =
    [
        "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double", "uint32", "uint64", "complex64", "complex128",
        "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2", "int2",
    ];

    extension(DataType type)
    {
        /// <summary>Bytes of an element in memory; 0 for strings, which are references.</summary>
        public int Width => Widths[(int)type];

        /// <summary>What ONNX calls it: <c>float</c>, <c>int64</c>, …</summary>
        public string Text => Names[(int)type];

        public bool IsFloat => type is DataType.Float32 or DataType.Float64 or DataType.Float16 or DataType.BFloat16;

        public bool IsInteger => type is DataType.UInt8 or DataType.Int8 or DataType.UInt16 or DataType.Int16 or DataType.Int32 or DataType.Int64 or DataType.UInt32 or DataType.UInt64;
    }

    /// <summary>The type with a number of <c>TensorProto.DataType</c>, if it is one that tensors here hold.</summary>
    public static bool TryOf(long number, out DataType type)
    {
        type = number is > 0 and <= (long)DataType.Int2 ? (DataType)number : DataType.Undefined;
        return type != DataType.Undefined;
    }
}
