using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators;

/// <summary>Runs a graph of one node of ai.onnx through binding, planning and running, twice: the second run finds what the first one kept.</summary>
internal static class OneNode
{
    public static TensorValue Run(string name, int version, TensorValue?[] inputs, params (string Name, object Value)[] attributes) => RunAll(name, version, 1, inputs, attributes)[0];

    public static TensorValue[] RunAll(string name, int version, int outputs, TensorValue?[] inputs, params (string Name, object Value)[] attributes)
    {
        var model = Compile(name, version, outputs, inputs, [], attributes);
        var given = new Dictionary<string, Value>();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { } input) given["x" + i] = input;
        }
        var first = model.Run(given);
        var second = model.Run(given);
        for (var i = 0; i < first.Length; i++) Assert.Equal(Bits((TensorValue)first[i]), Bits((TensorValue)second[i]));
        return [.. second.Cast<TensorValue>()];
    }

    /// <summary>The same with some inputs known at load.</summary>
    public static TensorValue RunWithConstants(string name, int version, TensorValue?[] inputs, int[] constants, params (string Name, object Value)[] attributes)
    {
        var model = Compile(name, version, 1, inputs, constants, attributes);
        var given = new Dictionary<string, Value>();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { } input && !constants.Contains(i)) given["x" + i] = input;
        }
        return (TensorValue)model.Run(given)[0];
    }

    public static float[] Floats(this TensorValue tensor) => tensor.Values<float>().ToArray();

    public static TensorValue Vector(params ReadOnlySpan<float> values) => TensorValue.Of(values, values.Length);

    public static TensorValue Halves(params float[] values) => TensorValue.Of<Half>(DataType.Float16, [.. values.Select(v => (Half)v)]);

    public static TensorValue Strings(params string[] values)
    {
        var tensor = new TensorValue(DataType.String, values.Length);
        values.CopyTo(tensor.Strings);
        return tensor;
    }

    /// <summary>Numbers in [-1, 1) from a seed.</summary>
    public static TensorValue Random(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 2 - 1;
        return tensor;
    }

    private static GraphModel Compile(string name, int version, int outputs, TensorValue?[] inputs, int[] constants, (string Name, object Value)[] attributes)
    {
        var node = new NodeDefinition("node", "", name, "", [.. inputs.Select((t, i) => t is null ? "" : "x" + i)], [.. Enumerable.Range(0, outputs).Select(i => "y" + i)],
            [.. attributes.Select(a => new AttributeDefinition(a.Name, Attribute(a.Value)))]);
        var graph = new GraphDefinition("test", [node],
            [.. inputs.Select((t, i) => (Tensor: t, Index: i)).Where(p => p.Tensor is not null && !constants.Contains(p.Index)).Select(p => new ValueDefinition("x" + p.Index, p.Tensor!.Type))],
            [.. node.Outputs.Select(o => new ValueDefinition(o, null))],
            [.. constants.Select(i => new InitializerDefinition("x" + i, inputs[i]!))], []);
        var definition = new ModelDefinition("onnx", graph, new Dictionary<string, long> { [""] = version }, [], new ModelMetadata(8, "", "", "", 0, "", []), []);
        return GraphModel.Compile(definition, new GraphOptions(Optimise: false));
    }

    private static object Attribute(object value) => value switch
    {
        int number => (long)number,
        bool flag => flag ? 1L : 0L,
        long[] list => ImmutableArray.Create(list),
        float[] list => ImmutableArray.Create(list),
        DataType type => (long)type,
        _ => value,
    };

    private static string Bits(TensorValue tensor) => tensor.Element == DataType.String ? string.Join('\n', tensor.Strings.ToArray()) : Convert.ToHexString(tensor.Bytes);
}
