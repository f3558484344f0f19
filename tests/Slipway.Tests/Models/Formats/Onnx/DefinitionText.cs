using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Formats.Onnx;

/// <summary>All that a definition says, as text: two definitions are equal when their texts are. Written apart from the writer, so that nothing both leave out goes unseen.</summary>
internal static class DefinitionText
{
    public static string Of(ModelDefinition model)
    {
        var text = new StringBuilder();
        text.AppendLine($"{model.Format} {Sets(model.OperatorSets)}");
        text.AppendLine($"{model.Metadata with { Properties = [] }} {string.Join(';', model.Metadata.Properties)}");
        text.AppendLine($"symbols {string.Join(',', model.Symbols)}");
        text.AppendLine(Of(model.Graph));
        foreach (var function in model.Functions)
        {
            text.AppendLine($"function {function.Domain}|{function.Name}|{function.Overload} {Sets(function.OperatorSets)}");
            text.AppendLine($"{string.Join(',', function.Inputs)} -> {string.Join(',', function.Outputs)} | {string.Join(',', function.Attributes)}");
            foreach (var attribute in function.DefaultAttributes) text.AppendLine($"{attribute.Name} = {Of(attribute.Value)}");
            foreach (var node in function.Nodes) text.AppendLine(Of(node));
        }
        return text.ToString();
    }

    public static string Of(TensorValue tensor) => tensor.Element == DataType.String
        ? $"{tensor.Type} {string.Join('\u001f', tensor.Strings.ToArray())}"
        : $"{tensor.Type} {(tensor.Bytes.Length <= 64 ? Convert.ToHexString(tensor.Bytes) : Convert.ToHexString(SHA256.HashData(tensor.Bytes)))}";

    private static string Sets(IReadOnlyDictionary<string, long> sets) => string.Join(',', sets.Select(s => $"{s.Key}:{s.Value}").Order(StringComparer.Ordinal));

    private static string Of(GraphDefinition graph)
    {
        var text = new StringBuilder($"graph '{graph.Name}' {{");
        foreach (var node in graph.Nodes) text.AppendLine(Of(node));
        foreach (var input in graph.Inputs) text.AppendLine($"in {input}");
        foreach (var output in graph.Outputs) text.AppendLine($"out {output}");
        foreach (var value in graph.Values) text.AppendLine($"value {value}");
        foreach (var initializer in graph.Initializers) text.AppendLine($"{initializer.Name} = {Of(initializer.Tensor)}");
        return text.Append('}').ToString();
    }

    private static string Of(NodeDefinition node) =>
        $"{node.Name}|{node.Domain}|{node.Operator}|{node.Overload}: {string.Join(',', node.Inputs)} -> {string.Join(',', node.Outputs)} {string.Join(';', node.Attributes.Select(a => $"{a.Name} = {Of(a.Value)}"))}";

    private static string Of(object value) => value switch
    {
        float number => $"f{BitConverter.SingleToInt32Bits(number):x8}",
        long integer => integer.ToString(CultureInfo.InvariantCulture),
        string text => $"'{text}'",
        TensorValue tensor => Of(tensor),
        GraphDefinition graph => Of(graph),
        GraphType type => type.ToString(),
        SparseTensor sparse => $"{Of(sparse.Values)} at {Of(sparse.Indices)} of {sparse.Shape}",
        AttributeReference reference => reference.ToString(),
        ImmutableArray<float> values => $"floats {string.Join(',', values.Select(v => Of(v)))}",
        ImmutableArray<long> values => $"ints {string.Join(',', values)}",
        ImmutableArray<string> values => $"strings {string.Join('\u001f', values)}",
        ImmutableArray<TensorValue> values => $"tensors {string.Join(',', values.Select(Of))}",
        ImmutableArray<GraphDefinition> values => $"graphs {string.Join(',', values.Select(Of))}",
        ImmutableArray<GraphType> values => $"types {string.Join(',', values)}",
        ImmutableArray<SparseTensor> values => $"sparse {string.Join(',', values.Select(v => Of(v)))}",
        _ => throw new ArgumentException($"{value.GetType()} is no attribute"),
    };
}
