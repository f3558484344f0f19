namespace Slipway.Models.Formats.Onnx;

// The numbers of the fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).

internal static class ModelFields
{
    public const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Domain = 4, ModelVersion = 5, DocString = 6, Graph = 7, OpsetImport = 8,
        MetadataProps = 14, TrainingInfo = 20, Functions = 25;
}

internal static class GraphFields
{
    public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13, SparseInitializer = 15;
}

internal static class NodeFields
{
    public const int Input = 1, Output = 2, Name = 3, OpType = 4, Attribute = 5, Domain = 7, Overload = 8;
}

internal static class FunctionFields
{
    public const int Name = 1, Input = 4, Output = 5, Attribute = 6, Node = 7, OpsetImport = 9, Domain = 10, AttributeProto = 11, Overload = 13;
}

internal static class AttributeFields
{
    public const int Name = 1, F = 2, I = 3, S = 4, T = 5, G = 6, Floats = 7, Ints = 8, Strings = 9, Tensors = 10, Graphs = 11, Tp = 14, TypeProtos = 15,
        Type = 20, RefAttrName = 21, SparseTensor = 22, SparseTensors = 23;
}

/// <summary>The numbers of <c>AttributeProto.AttributeType</c>.</summary>
internal enum AttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    Tensors = 9,
    Graphs = 10,
    SparseTensor = 11,
    SparseTensors = 12,
    Type = 13,
    Types = 14,
}

internal static class TensorFields
{
    public const int Dims = 1, DataType = 2, Segment = 3, FloatData = 4, Int32Data = 5, StringData = 6, Int64Data = 7, Name = 8, RawData = 9,
        DoubleData = 10, UInt64Data = 11, ExternalData = 13, DataLocation = 14;
}

internal static class SparseTensorFields
{
    public const int Values = 1, Indices = 2, Dims = 3;
}

internal static class TypeFields
{
    public const int Tensor = 1, Sequence = 4, Map = 5, Opaque = 7, SparseTensor = 8, Optional = 9;
    public const int ElemType = 1, Shape = 2;
    public const int KeyType = 1, ValueType = 2;
    public const int DimValue = 1, DimParam = 2;
}

/// <summary>SequenceProto, OptionalProto and MapProto, which only files of test data use.</summary>
internal static class ValueFields
{
    public const int TensorValues = 3, SparseTensorValues = 4, SequenceValues = 5, MapValues = 6, OptionalValues = 7;
    public const int TensorValue = 3, SparseTensorValue = 4, SequenceValue = 5, MapValue = 6, OptionalValue = 7;
    public const int KeyType = 2, Keys = 3, StringKeys = 4, Values = 5;
}

/// <summary>Pairs of texts (<c>StringStringEntryProto</c>), operator sets and values, whose fields are 1 and 2.</summary>
internal static class PairFields
{
    public const int First = 1, Second = 2;
}
