using Slipway.Core;

namespace Slipway.Data.Numpy;

/// <summary>NumPy's types of elements and ours.</summary>
internal static class NumpyElements
{
    /// <exception cref="SlipwayException">There is no tensor of such elements.</exception>
    public static ElementType TypeOf(NumpyHeader header) => (header.Kind, header.Size) switch
    {
        ('U' or 'S', _) => ElementType.Bytes,
        ('b', 1) => ElementType.Bool,
        ('i', 1) => ElementType.Int8,
        ('i', 2) => ElementType.Int16,
        ('i', 4) => ElementType.Int32,
        ('i', 8) => ElementType.Int64,
        ('u', 1) => ElementType.UInt8,
        ('u', 2) => ElementType.UInt16,
        ('u', 4) => ElementType.UInt32,
        ('u', 8) => ElementType.UInt64,
        ('f', 2) => ElementType.Float16,
        ('f', 4) => ElementType.Float32,
        ('f', 8) => ElementType.Float64,
        var (kind, size) => throw new SlipwayException($"elements of type {kind}{size} are not read"),
    };

    /// <summary>Of numbers; bfloat16, which NumPy has not, is written as float32.</summary>
    public static char KindOf(ElementType type) => type switch
    {
        ElementType.Bool => 'b',
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 => 'i',
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => 'u',
        _ => 'f',
    };
}
