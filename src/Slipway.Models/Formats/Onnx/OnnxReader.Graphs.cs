using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

internal sealed partial class OnnxReader
{
    private const int MaxGraphDepth = 64;

    private int _graphDepth;

    /// <summary>A graph while its fields come; when the field of a graph occurs twice, protobuf wants both merged.</summary>
    private sealed class GraphParts
    {
        public string Name = "";
        public readonly ImmutableArray<NodeDefinition>.Builder Nodes = ImmutableArray.CreateBuilder<NodeDefinition>();
        public readonly ImmutableArray<ValueDefinition>.Builder Inputs = ImmutableArray.CreateBuilder<ValueDefinition>();
        public readonly ImmutableArray<ValueDefinition>.Builder Outputs = ImmutableArray.CreateBuilder<ValueDefinition>();
        public readonly ImmutableArray<InitializerDefinition>.Builder Initializers = ImmutableArray.CreateBuilder<InitializerDefinition>();
        public readonly ImmutableArray<ValueDefinition>.Builder Values = ImmutableArray.CreateBuilder<ValueDefinition>();

        /// <param name="withoutDefaults">Inputs that are initializers are no inputs.</param>
        public GraphDefinition ToDefinition(bool withoutDefaults)
        {
            if (withoutDefaults)
            {
                var constants = Initializers.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
                Inputs.RemoveAll(input => constants.Contains(input.Name));
            }
            return new GraphDefinition(Name, Nodes.DrainToImmutable(), Inputs.DrainToImmutable(), Outputs.DrainToImmutable(), Initializers.DrainToImmutable(), Values.DrainToImmutable());
        }
    }

    private GraphDefinition ReadGraph(ProtobufWireReader reader)
    {
        var parts = new GraphParts();
        ReadGraph(reader, parts);
        Leave();
        return parts.ToDefinition(withoutDefaults: false);
    }

    private void ReadGraph(ProtobufWireReader reader, GraphParts graph)
    {
        if (++_graphDepth > MaxGraphDepth) throw Fault(reader.Offset, $"graphs lie in graphs more than {MaxGraphDepth} deep");
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            switch (field)
            {
                case GraphFields.Node: graph.Nodes.Add(ReadNode(Enter(ref reader, "node", graph.Nodes.Count))); break;
                case GraphFields.Name: graph.Name = Text(ref reader); break;
                case GraphFields.Initializer: graph.Initializers.Add(ReadInitializer(Enter(ref reader, "initializer", graph.Initializers.Count))); break;
                case GraphFields.Input: graph.Inputs.Add(ReadValueInfo(Enter(ref reader, "input", graph.Inputs.Count))); break;
                case GraphFields.Output: graph.Outputs.Add(ReadValueInfo(Enter(ref reader, "output", graph.Outputs.Count))); break;
                case GraphFields.ValueInfo: graph.Values.Add(ReadValueInfo(Enter(ref reader, "value_info", graph.Values.Count))); break;
                case GraphFields.SparseInitializer: graph.Initializers.Add(ReadSparseInitializer(Enter(ref reader, "sparse_initializer"))); break;
                default: reader.Skip(wire); break;
            }
        }
        _graphDepth--;
    }

    private NodeDefinition ReadNode(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var (name, domain, type, overload) = ("", "", "", "");
        var inputs = ImmutableArray.CreateBuilder<string>();
        var outputs = ImmutableArray.CreateBuilder<string>();
        var attributes = ImmutableArray.CreateBuilder<AttributeDefinition>();
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            switch (field)
            {
                case NodeFields.Input: inputs.Add(Text(ref reader)); break;
                case NodeFields.Output: outputs.Add(Text(ref reader)); break;
                case NodeFields.Name: name = Text(ref reader); break;
                case NodeFields.OpType: type = Text(ref reader); break;
                case NodeFields.Attribute: attributes.Add(ReadAttribute(Enter(ref reader, "attribute", attributes.Count))); break;
                case NodeFields.Domain: domain = Text(ref reader); break;
                case NodeFields.Overload: overload = Text(ref reader); break;
                default: reader.Skip(wire); break;
            }
        }
        if (type.Length == 0) throw Fault(from, "a node has no operator (op_type)");
        Leave();
        return new NodeDefinition(name, Domain(domain), type, overload, inputs.DrainToImmutable(), outputs.DrainToImmutable(), attributes.DrainToImmutable());
    }

    private InitializerDefinition ReadInitializer(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var (name, tensor) = ReadTensor(reader);
        return name.Length > 0 ? new InitializerDefinition(name, tensor) : throw Fault(from, "an initializer has no name");
    }

    private FunctionDefinition ReadFunction(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var (name, domain, overload) = ("", "", "");
        var inputs = ImmutableArray.CreateBuilder<string>();
        var outputs = ImmutableArray.CreateBuilder<string>();
        var attributes = ImmutableArray.CreateBuilder<string>();
        var defaults = ImmutableArray.CreateBuilder<AttributeDefinition>();
        var nodes = ImmutableArray.CreateBuilder<NodeDefinition>();
        var operatorSets = new Dictionary<string, long>(StringComparer.Ordinal);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            switch (field)
            {
                case FunctionFields.Name: name = Text(ref reader); break;
                case FunctionFields.Input: inputs.Add(Text(ref reader)); break;
                case FunctionFields.Output: outputs.Add(Text(ref reader)); break;
                case FunctionFields.Attribute: attributes.Add(Text(ref reader)); break;
                case FunctionFields.Node: nodes.Add(ReadNode(Enter(ref reader, "node", nodes.Count))); break;
                case FunctionFields.OpsetImport: ReadOperatorSet(Enter(ref reader, "opset_import", operatorSets.Count), operatorSets); break;
                case FunctionFields.Domain: domain = Text(ref reader); break;
                case FunctionFields.AttributeProto: defaults.Add(ReadAttribute(Enter(ref reader, "attribute_proto", defaults.Count))); break;
                case FunctionFields.Overload: overload = Text(ref reader); break;
                default: reader.Skip(wire); break;
            }
        }
        if (name.Length == 0) throw Fault(from, "a function has no name");
        Leave();
        return new FunctionDefinition(
            Domain(domain), name, overload, inputs.DrainToImmutable(), outputs.DrainToImmutable(), attributes.DrainToImmutable(), defaults.DrainToImmutable(), nodes.DrainToImmutable(), operatorSets);
    }
}
