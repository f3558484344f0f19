using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators;

/// <summary>Graphs of one node, and of a few, built by hand and run.</summary>
internal static class NodeRun
{
    /// <summary>
    /// Runs a node twice: with all inputs known only at the run, and with all but the first constant. Both must agree; the outputs of the first are returned.
    /// </summary>
    public static Value[] Run(string name, int version, Value?[] inputs, int outputs = 1, params (string Name, object Value)[] attributes)
    {
        var atRun = Run(name, version, inputs, outputs, attributes, firstConstant: int.MaxValue);
        if (inputs.Length > 1)
        {
            var constant = Run(name, version, inputs, outputs, attributes, firstConstant: 1);
            for (var i = 0; i < outputs; i++) AssertEqual(atRun[i], constant[i]);
        }
        return atRun;
    }

    public static TensorValue One(string name, int version, Value?[] inputs, params (string Name, object Value)[] attributes) => (TensorValue)Run(name, version, inputs, 1, attributes)[0];

    public static Value[] Run(string name, int version, Value?[] inputs, int outputs, (string Name, object Value)[] attributes, int firstConstant)
    {
        var node = Node(name, [.. inputs.Select((v, i) => v is null ? "" : $"x{i}")], [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")], attributes);
        var graph = new GraphDefinition(
            "g",
            [node],
            [.. inputs.Index().Where(p => p.Item is not null && !IsConstant(p)).Select(p => new ValueDefinition($"x{p.Index}", Loose(p.Item!)))],
            [.. Enumerable.Range(0, outputs).Select(i => new ValueDefinition($"y{i}", null))],
            [.. inputs.Index().Where(IsConstant).Select(p => new InitializerDefinition($"x{p.Index}", (TensorValue)p.Item!))],
            []);
        return Run(graph, version, inputs.Index().Where(p => p.Item is not null && !IsConstant(p)).ToDictionary(p => $"x{p.Index}", p => p.Item!));

        bool IsConstant((int Index, Value? Item) input) => input.Index >= firstConstant && input.Item is TensorValue;
    }

    public static Value[] Run(GraphDefinition graph, int version, IReadOnlyDictionary<string, Value> inputs, CancellationToken cancellation = default)
    {
        var model = Compile(graph, version);
        model.Run(inputs, cancellation);
        // The second run finds the memory of the first.
        return model.Run(inputs, cancellation);
    }

    public static GraphModel Compile(GraphDefinition graph, int version) =>
        GraphModel.Compile(new ModelDefinition("onnx", graph, new Dictionary<string, long> { [""] = version }, [], new ModelMetadata(8, "", "", "", 0, "", []), ["n"]), GraphOptions.Default);

    public static NodeDefinition Node(string name, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        new("", "", name, "", [.. inputs], [.. outputs], [.. attributes.Select(a => new AttributeDefinition(a.Name, Boxed(a.Value)))]);

    public static GraphDefinition Body(ValueDefinition[] inputs, string[] outputs, params NodeDefinition[] nodes) =>
        new("body", [.. nodes], [.. inputs], [.. outputs.Select(o => new ValueDefinition(o, null))], [], []);

    private static object Boxed(object value) => value switch
    {
        int number => (long)number,
        bool flag => flag ? 1L : 0L,
        long[] list => ImmutableArray.Create(list),
        int[] list => list.Select(i => (long)i).ToImmutableArray(),
        float[] list => ImmutableArray.Create(list),
        string[] list => ImmutableArray.Create(list),
        _ => value,
    };

    private static GraphType Loose(Value value) => value is TensorValue tensor ? new TensorType(tensor.Element) : value.Type;

    public static TensorValue Texts(string[] texts, params long[] shape)
    {
        var tensor = new TensorValue(DataType.String, shape.Length == 0 ? [texts.Length] : shape);
        texts.CopyTo(tensor.Strings);
        return tensor;
    }

    public static TensorValue Floats(float[] values, params long[] shape) => TensorValue.Of(values.AsSpan(), shape.Length == 0 ? [values.Length] : shape);

    public static TensorValue Ints(params long[] values) => TensorValue.Vector(values);

    public static TensorValue Scalar(long value) => TensorValue.Of([value], []);

    public static TensorValue Bools(params bool[] values) => TensorValue.Of(DataType.Bool, values.Select(v => v ? (byte)1 : (byte)0).ToArray().AsSpan(), values.Length);

    /// <summary>0, 1, 2, … in any element type.</summary>
    public static TensorValue Sequence(DataType element, params long[] shape)
    {
        var tensor = new TensorValue(element, shape);
        for (var i = 0; i < tensor.Count; i++)
        {
            if (element == DataType.String) tensor.Strings[i] = $"t{i}";
            else BitConverter.TryWriteBytes(tensor.Bytes.Slice(i * element.Width, element.Width).Length >= 8 ? tensor.Bytes[(i * element.Width)..] : new byte[8], (long)i);
            if (element != DataType.String && element.Width < 8)
            {
                for (var b = 0; b < element.Width; b++) tensor.Bytes[i * element.Width + b] = (byte)(i >> (8 * b));
            }
        }
        return tensor;
    }

    /// <summary>Element i of a tensor as something to compare.</summary>
    public static string At(TensorValue tensor, int i) => tensor.Element == DataType.String ? tensor.Strings[i] : Convert.ToHexString(tensor.Bytes.Slice(i * tensor.Element.Width, tensor.Element.Width));

    public static void AssertEqual(Value expected, Value actual)
    {
        switch (expected)
        {
            case TensorValue tensor:
                var other = Assert.IsType<TensorValue>(actual);
                Assert.Equal(tensor.Element, other.Element);
                Assert.Equal(tensor.Shape.ToArray(), other.Shape.ToArray());
                if (tensor.Element == DataType.String) Assert.Equal(tensor.Strings.ToArray(), other.Strings.ToArray());
                else Assert.Equal(tensor.Bytes.ToArray(), other.Bytes.ToArray());
                break;
            case SequenceValue sequence:
                var items = Assert.IsType<SequenceValue>(actual).Items;
                Assert.Equal(sequence.Items.Count, items.Count);
                for (var i = 0; i < items.Count; i++) AssertEqual(sequence.Items[i], items[i]);
                break;
            case OptionalValue optional:
                var content = Assert.IsType<OptionalValue>(actual).Content;
                Assert.Equal(optional.Content is null, content is null);
                if (content is not null) AssertEqual(optional.Content!, content);
                break;
            default:
                Assert.Fail($"{expected.Type} cannot be compared");
                break;
        }
    }

    /// <summary>Calls back with every position of a shape, in row-major order.</summary>
    public static IEnumerable<long[]> Positions(long[] shape)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        for (long i = 0; i < count; i++)
        {
            var position = new long[shape.Length];
            var rest = i;
            for (var d = shape.Length - 1; d >= 0; d--) (rest, position[d]) = Math.DivRem(rest, shape[d]);
            yield return position;
        }
    }

    public static int Linear(ReadOnlySpan<long> shape, ReadOnlySpan<long> position)
    {
        long at = 0;
        for (var d = 0; d < shape.Length; d++) at = at * shape[d] + position[d];
        return (int)at;
    }

    /// <summary>Checks each element of a tensor against the element of the source that a definition names; null for a zero.</summary>
    public static void AssertMoved(TensorValue source, TensorValue target, Func<long[], long[]?> definition)
    {
        var zero = new TensorValue(source.Element, 1);
        var i = 0;
        foreach (var position in Positions(target.Shape.ToArray()))
        {
            var from = definition(position);
            var expected = from is null ? At(zero, 0) : At(source, Linear(source.Shape, from));
            if (expected != At(target, i)) Assert.Fail($"element [{string.Join(',', position)}] of {target.Type} is {At(target, i)}, {expected} was expected");
            i++;
        }
    }
}
