using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>
/// Writes models as ONNX files. What <see cref="OnnxReader"/> reads of the file is the definition again.
/// Fields go in the order of their numbers, so that equal definitions are equal files.
/// </summary>
internal sealed class OnnxWriter
{
    /// <summary>Protobuf's own limit for a message.</summary>
    private const long MaxLength = int.MaxValue;

    private readonly ImmutableArray<string> _symbols;

    private OnnxWriter(ImmutableArray<string> symbols) => _symbols = symbols;

    /// <summary>Writes the model; tensors are written from where they lie.</summary>
    /// <exception cref="ModelException">The file would be larger than 2 GB, or a value has no form in ONNX.</exception>
    public static void Write(ModelDefinition model, Stream stream)
    {
        var message = new OnnxWriter(model.Symbols).Model(model);
        if (message.Length > MaxLength) throw new ModelException($"the model takes {message.Length} bytes, an ONNX file has fewer than 2 GB");
        message.WriteTo(stream);
    }

    /// <inheritdoc cref="Write(ModelDefinition, Stream)"/>
    public static byte[] ToArray(ModelDefinition model)
    {
        using var stream = new MemoryStream();
        Write(model, stream);
        return stream.ToArray();
    }

    private ProtobufWireWriter Model(ModelDefinition model)
    {
        var (message, metadata) = (new ProtobufWireWriter(), model.Metadata);
        if (metadata.IrVersion != 0) message.Varint(ModelFields.IrVersion, metadata.IrVersion);
        message.OptionalText(ModelFields.ProducerName, metadata.Producer);
        message.OptionalText(ModelFields.ProducerVersion, metadata.ProducerVersion);
        message.OptionalText(ModelFields.Domain, metadata.Domain);
        if (metadata.ModelVersion != 0) message.Varint(ModelFields.ModelVersion, metadata.ModelVersion);
        message.OptionalText(ModelFields.DocString, metadata.Description);
        message.Message(ModelFields.Graph, Graph(model.Graph, defaultsAreInputs: metadata.IrVersion < OnnxReader.FirstIrVersionWithDefaults));
        OperatorSets(message, ModelFields.OpsetImport, model.OperatorSets);
        foreach (var (key, value) in metadata.Properties) message.Message(ModelFields.MetadataProps, Pair(key, value));
        foreach (var function in model.Functions) message.Message(ModelFields.Functions, Function(function));
        return message;
    }

    private static void OperatorSets(ProtobufWireWriter message, int field, IReadOnlyDictionary<string, long> operatorSets)
    {
        foreach (var (domain, version) in operatorSets)
        {
            var entry = new ProtobufWireWriter();
            entry.OptionalText(PairFields.First, domain);
            entry.Varint(PairFields.Second, version);
            message.Message(field, entry);
        }
    }

    private static ProtobufWireWriter Pair(string key, string value)
    {
        var message = new ProtobufWireWriter();
        message.Text(PairFields.First, key);
        message.Text(PairFields.Second, value);
        return message;
    }

    /// <param name="defaultsAreInputs">Early IR versions want every initializer among the inputs.</param>
    private ProtobufWireWriter Graph(GraphDefinition graph, bool defaultsAreInputs = false)
    {
        var message = new ProtobufWireWriter();
        foreach (var node in graph.Nodes) message.Message(GraphFields.Node, Node(node));
        message.OptionalText(GraphFields.Name, graph.Name);
        foreach (var initializer in graph.Initializers) message.Message(GraphFields.Initializer, Tensor(initializer.Tensor, initializer.Name));
        foreach (var input in graph.Inputs) message.Message(GraphFields.Input, Value(input));
        if (defaultsAreInputs)
        {
            var inputs = graph.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var initializer in graph.Initializers.Where(i => !inputs.Contains(i.Name))) message.Message(GraphFields.Input, Value(new ValueDefinition(initializer.Name, initializer.Tensor.Type)));
        }
        foreach (var output in graph.Outputs) message.Message(GraphFields.Output, Value(output));
        foreach (var value in graph.Values) message.Message(GraphFields.ValueInfo, Value(value));
        return message;
    }

    private ProtobufWireWriter Node(NodeDefinition node)
    {
        var message = new ProtobufWireWriter();
        foreach (var input in node.Inputs) message.Text(NodeFields.Input, input);
        foreach (var output in node.Outputs) message.Text(NodeFields.Output, output);
        message.OptionalText(NodeFields.Name, node.Name);
        message.Text(NodeFields.OpType, node.Operator);
        foreach (var attribute in node.Attributes) message.Message(NodeFields.Attribute, Attribute(attribute));
        message.OptionalText(NodeFields.Domain, node.Domain);
        message.OptionalText(NodeFields.Overload, node.Overload);
        return message;
    }

    private ProtobufWireWriter Function(FunctionDefinition function)
    {
        var message = new ProtobufWireWriter();
        message.Text(FunctionFields.Name, function.Name);
        foreach (var input in function.Inputs) message.Text(FunctionFields.Input, input);
        foreach (var output in function.Outputs) message.Text(FunctionFields.Output, output);
        foreach (var attribute in function.Attributes) message.Text(FunctionFields.Attribute, attribute);
        foreach (var node in function.Nodes) message.Message(FunctionFields.Node, Node(node));
        OperatorSets(message, FunctionFields.OpsetImport, function.OperatorSets);
        message.OptionalText(FunctionFields.Domain, function.Domain);
        foreach (var attribute in function.DefaultAttributes) message.Message(FunctionFields.AttributeProto, Attribute(attribute));
        message.OptionalText(FunctionFields.Overload, function.Overload);
        return message;
    }

    private ProtobufWireWriter Attribute(AttributeDefinition attribute)
    {
        var message = new ProtobufWireWriter();
        message.Text(AttributeFields.Name, attribute.Name);
        var kind = AttributeKind.Undefined;
        switch (attribute.Value)
        {
            case AttributeReference reference: message.Text(AttributeFields.RefAttrName, reference.Name); break;
            case float number: kind = AttributeKind.Float; message.Single(AttributeFields.F, number); break;
            case long integer: kind = AttributeKind.Int; message.Varint(AttributeFields.I, integer); break;
            case string text: kind = AttributeKind.String; message.Text(AttributeFields.S, text); break;
            case TensorValue tensor: kind = AttributeKind.Tensor; message.Message(AttributeFields.T, Tensor(tensor, "")); break;
            case GraphDefinition graph: kind = AttributeKind.Graph; message.Message(AttributeFields.G, Graph(graph)); break;
            case GraphType type: kind = AttributeKind.Type; message.Message(AttributeFields.Tp, Type(type)); break;
            case SparseTensor sparse: kind = AttributeKind.SparseTensor; message.Message(AttributeFields.SparseTensor, Sparse(sparse)); break;
            case ImmutableArray<float> floats: kind = AttributeKind.Floats; message.Packed(AttributeFields.Floats, floats.AsSpan()); break;
            case ImmutableArray<long> ints: kind = AttributeKind.Ints; message.Packed(AttributeFields.Ints, ints.AsSpan()); break;
            case ImmutableArray<string> strings:
                kind = AttributeKind.Strings;
                foreach (var text in strings) message.Text(AttributeFields.Strings, text);
                break;
            case ImmutableArray<TensorValue> tensors:
                kind = AttributeKind.Tensors;
                foreach (var tensor in tensors) message.Message(AttributeFields.Tensors, Tensor(tensor, ""));
                break;
            case ImmutableArray<GraphDefinition> graphs:
                kind = AttributeKind.Graphs;
                foreach (var graph in graphs) message.Message(AttributeFields.Graphs, Graph(graph));
                break;
            case ImmutableArray<GraphType> types:
                kind = AttributeKind.Types;
                foreach (var type in types) message.Message(AttributeFields.TypeProtos, Type(type));
                break;
            case ImmutableArray<SparseTensor> sparses:
                kind = AttributeKind.SparseTensors;
                foreach (var sparse in sparses) message.Message(AttributeFields.SparseTensors, Sparse(sparse));
                break;
            default: throw new ModelException($"attribute '{attribute.Name}' is a {attribute.Value.GetType().Name}, which ONNX has no form for");
        }
        message.Varint(AttributeFields.Type, (long)kind);
        return message;
    }

    private static ProtobufWireWriter Tensor(TensorValue tensor, string name)
    {
        var message = new ProtobufWireWriter();
        message.Packed(TensorFields.Dims, tensor.Shape);
        message.Varint(TensorFields.DataType, (long)tensor.Element);
        if (tensor.Element == DataType.String)
        {
            foreach (var text in tensor.Strings) message.Text(TensorFields.StringData, text);
        }
        message.OptionalText(TensorFields.Name, name);
        if (tensor.Element != DataType.String) message.Bytes(TensorFields.RawData, PackedElements.PerByte(tensor.Element) > 1 ? PackedElements.Pack(tensor.Element, tensor.Bytes) : tensor.Memory);
        return message;
    }

    private static ProtobufWireWriter Sparse(SparseTensor sparse)
    {
        var message = new ProtobufWireWriter();
        message.Message(SparseTensorFields.Values, Tensor(sparse.Values, ""));
        message.Message(SparseTensorFields.Indices, Tensor(sparse.Indices, ""));
        message.Packed(SparseTensorFields.Dims, sparse.Shape.Span);
        return message;
    }

    private ProtobufWireWriter Value(ValueDefinition value)
    {
        var message = new ProtobufWireWriter();
        message.OptionalText(PairFields.First, value.Name);
        if (value.Type is not null) message.Message(PairFields.Second, Type(value.Type));
        return message;
    }

    private ProtobufWireWriter Type(GraphType type)
    {
        var (message, inner) = (new ProtobufWireWriter(), new ProtobufWireWriter());
        switch (type)
        {
            case TensorType tensor:
                inner.Varint(TypeFields.ElemType, (long)tensor.Element);
                if (tensor.Shape is not null) inner.Message(TypeFields.Shape, Dimensions(tensor.Shape));
                message.Message(TypeFields.Tensor, inner);
                break;
            case SequenceType sequence:
                inner.Message(TypeFields.ElemType, Type(sequence.Item));
                message.Message(TypeFields.Sequence, inner);
                break;
            case OptionalType optional:
                inner.Message(TypeFields.ElemType, Type(optional.Item));
                message.Message(TypeFields.Optional, inner);
                break;
            case MapType map:
                inner.Varint(TypeFields.KeyType, (long)map.Key);
                inner.Message(TypeFields.ValueType, Type(map.Item));
                message.Message(TypeFields.Map, inner);
                break;
            default: throw new ModelException($"ONNX has no form for the type {type}");
        }
        return message;
    }

    private ProtobufWireWriter Dimensions(Shape shape)
    {
        var message = new ProtobufWireWriter();
        foreach (var size in shape.Dimensions)
        {
            var dimension = new ProtobufWireWriter();
            if (size >= 0) dimension.Varint(TypeFields.DimValue, size);
            else if (-size <= _symbols.Length) dimension.OptionalText(TypeFields.DimParam, _symbols[(int)-size - 1]);
            message.Message(PairFields.First, dimension);
        }
        return message;
    }
}
