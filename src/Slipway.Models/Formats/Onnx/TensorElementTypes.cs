using Slipway.Core;

namespace Slipway.Models.Formats.Onnx;

/// <summary>The numbers of <c>TensorProto.DataType</c>.</summary>
internal static class TensorElementTypes
{
    /// <returns>null for types that no tensor here holds.</returns>
    public static ElementType? Of(long dataType) => dataType switch
    {
        1 => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        4 => ElementType.UInt16,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        7 => ElementType.Int64,
        8 => ElementType.Bytes,
        9 => ElementType.Bool,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        12 => ElementType.UInt32,
        13 => ElementType.UInt64,
        16 => ElementType.BFloat16,
        _ => null,
    };
}
