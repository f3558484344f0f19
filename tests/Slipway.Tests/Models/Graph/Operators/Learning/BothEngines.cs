using System.Collections.Immutable;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Tests.Models.Operators.Learning;

/// <summary>A graph of one node on our engine and on ONNX Runtime.</summary>
internal static class BothEngines
{
    /// <param name="inputs">Null where an input is not given.</param>
    public static ModelDefinition Model(string domain, string name, long version, (string, object)[] attributes, Value?[] inputs, int outputs)
    {
        var names = inputs.Select((v, i) => v is null ? "" : $"x{i}").ToArray();
        var results = Enumerable.Range(0, outputs).Select(i => $"y{i}").ToArray();
        var node = new NodeDefinition("node", domain, name, "", [.. names], [.. results], [.. attributes.Select(a => new AttributeDefinition(a.Item1, a.Item2))]);
        var graph = new GraphDefinition("graph", [node], [.. inputs.Index().Where(v => v.Item is not null).Select(v => new ValueDefinition(names[v.Index], v.Item!.Type))], [.. results.Select(r => new ValueDefinition(r, OutputType(name, attributes)))], [], []);
        var sets = new Dictionary<string, long> { [""] = 17, [domain] = version };
        return new ModelDefinition("onnx", graph, sets, [], new ModelMetadata(8, "test", "1", "", 1, "", []), []);
    }

    public static Value[] Ours(ModelDefinition model, Value?[] inputs, bool optimise = false) =>
        GraphModel.Compile(model, new GraphOptions { Optimise = optimise }).Run(Named(inputs));

    /// <summary>Fails unless both engines give the same; floats within <paramref name="tolerance"/> of magnitude or absolutely.</summary>
    /// <param name="compared">How many of the outputs are, when the rest of them is not defined.</param>
    public static void Agree(string domain, string name, long version, (string, object)[] attributes, Value?[] inputs, int outputs = 1, double tolerance = 2e-5, int? compared = null)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is not on this machine");
        var model = Model(domain, name, version, attributes, inputs, outputs);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, OnnxWriter.ToArray(model));
            using var native = OnnxRuntimeGraph.Open(path);
            var expected = native.Run(Named(inputs));
            var found = Ours(model, inputs);
            for (var i = 0; i < (compared ?? outputs); i++) Equal(expected[i], found[i], tolerance);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static Dictionary<string, Value> Named(Value?[] inputs) => inputs.Index().Where(v => v.Item is not null).ToDictionary(v => $"x{v.Index}", v => v.Item!);

    public static TensorValue Random(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var x in tensor.Values<float>()) x = (random.NextSingle() * 4) - 2;
        return tensor;
    }

    public static ImmutableArray<float> Floats(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    public static TensorValue Texts(params string[] texts)
    {
        var tensor = new TensorValue(DataType.String, texts.Length);
        texts.CopyTo(tensor.Strings);
        return tensor;
    }

    private static void Equal(Value expected, Value found, double tolerance)
    {
        if (expected is SequenceValue sequence)
        {
            var items = Assert.IsType<SequenceValue>(found).Items;
            Assert.Equal(sequence.Items.Count, items.Count);
            for (var i = 0; i < items.Count; i++) Equal(sequence.Items[i], items[i], tolerance);
            return;
        }
        if (expected is MapValue map)
        {
            Equal(map.Keys, Assert.IsType<MapValue>(found).Keys, tolerance);
            Equal(map.Values, ((MapValue)found).Values, tolerance);
            return;
        }
        var (a, b) = (expected.AsTensor, found.AsTensor);
        Assert.Equal(a.Element, b.Element);
        Assert.Equal(a.Shape.ToArray(), b.Shape.ToArray());
        if (a.Element == DataType.String)
        {
            Assert.Equal(a.Strings.ToArray(), b.Strings.ToArray());
            return;
        }
        for (var i = 0; i < a.Count; i++)
        {
            var (x, y) = (a.NumberAt(i), b.NumberAt(i));
            if (double.IsNaN(x) && double.IsNaN(y)) continue;
            Assert.True(x == y || Math.Abs(x - y) <= tolerance * Math.Max(1, Math.Abs(x)), $"element {i}: {y}, {x} was expected");
        }
    }

    /// <summary>ONNX Runtime wants outputs that are no tensors declared as what they are; types of tensors it infers.</summary>
    private static GraphType? OutputType(string name, (string, object)[] attributes) =>
        name == "ZipMap" ? new SequenceType(new MapType(attributes.Any(a => a.Item1 == "classlabels_strings") ? DataType.String : DataType.Int64, new TensorType(DataType.Float32))) : null;
}
