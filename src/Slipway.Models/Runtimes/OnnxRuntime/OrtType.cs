using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.OnnxRuntime;

/// <summary>The type of a session's input or output.</summary>
/// <param name="Kind">ONNX type kind: tensor, sequence, map, …</param>
/// <param name="Element">ONNX tensor element type (the numbers of <c>TensorProto.DataType</c>).</param>
internal sealed record OrtType(int Kind, int Element, long[] Shape)
{
    public const int TensorKind = 1;
    public const int SequenceKind = 2;
    public const int MapKind = 3;
    public const int String = 8;

    private static readonly ElementType?[] Elements =
    [
        null, ElementType.Float32, ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.Int32, ElementType.Int64,
        ElementType.Bytes, ElementType.Bool, ElementType.Float16, ElementType.Float64, ElementType.UInt32, ElementType.UInt64, null, null, ElementType.BFloat16,
    ];

    /// <summary>What a sequence or map holds.</summary>
    public OrtType? Item { get; init; }

    /// <summary>True for the <c>sequence(map(label, score))</c> that scikit-learn converters put at the end of a classifier (ZipMap).</summary>
    public bool IsZipMap => Kind == SequenceKind && Item is { Kind: MapKind, Item.Kind: TensorKind };

    public override string ToString() => Kind switch
    {
        TensorKind => ToElementType(Element)?.ProtocolName ?? $"tensor of element type {Element}",
        SequenceKind => $"sequence of {Item}",
        MapKind => $"map to {Item}",
        _ => $"type kind {Kind}",
    };

    /// <summary>What native tensors say of their elements: the numbers of ONNX, but for the newest types. Tensors are made by the numbers of ONNX.</summary>
    /// <returns><see cref="DataType.Undefined"/> for numbers that are no type here.</returns>
    public static DataType ToDataType(int number) => number switch
    {
        24 => DataType.UInt2,
        25 => DataType.Int2,
        26 => DataType.Float8E8M0,
        _ => DataTypes.TryOf(number, out var element) ? element : DataType.Undefined,
    };

    public static ElementType? ToElementType(int element) => (uint)element < (uint)Elements.Length ? Elements[element] : null;

    public static int FromElementType(ElementType type) => Array.IndexOf(Elements, type);
}
