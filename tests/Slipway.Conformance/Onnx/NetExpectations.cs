using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>What is known of the answers of whole models: files of their owners, answers of independent engines, or what the model is said to mean.</summary>
internal static class NetExpectations
{
    /// <summary>That of ONNX Runtime's own tests of whole models: sums of many terms differ by their order.</summary>
    private static readonly Tolerance Whole = new(1e-3, 1e-5);

    /// <summary>Ten bits of fraction through 18 convolutions.</summary>
    private static readonly Tolerance HalfPrecision = new(1e-2, 1e-3);

    /// <summary>Empty when nothing is expected.</summary>
    public static IReadOnlyList<DataSet> Of(OnnxCase net, ModelDefinition model)
    {
        var sets = new List<DataSet>();
        foreach (var folder in Directory.EnumerateDirectories(net.Folder, "test_data_set_*").Order(StringComparer.Ordinal)) sets.Add(DataSet.Read(folder, model, Whole));
        if (Path.Combine(net.Folder, "io.npz") is var archive && File.Exists(archive)) sets.Add(Arrays(archive, model));
        if (net.Expected.StartsWith("identity", StringComparison.Ordinal) && net.Id.Contains("test_types_", StringComparison.Ordinal)) sets.Add(Identity(model));
        if (net.Expected.Contains("sum and difference", StringComparison.Ordinal) && model.Graph.Outputs.Length == 2) sets.Add(SumAndDifference(model));
        if (Path.Combine(net.Folder, "squeezenet_fp32_reference") is var reference && Directory.Exists(reference) && Reference(reference, model) is { } set) sets.Add(set);
        return sets;
    }

    /// <summary>Arrays by the names of inputs and outputs; those of other names are the inputs and outputs that are left, in order.</summary>
    private static DataSet Arrays(string archive, ModelDefinition model)
    {
        var arrays = NumpyArchive.Read(archive);
        string[] inputs = [.. DataSet.InputsOf(model).Select(i => i.Name)], outputs = [.. model.Graph.Outputs.Select(o => o.Name)];
        var others = new Queue<string>(arrays.Keys.Where(name => !inputs.Contains(name) && !outputs.Contains(name)));
        var given = inputs.ToDictionary(name => name, Value (name) => arrays[ArrayOf(name)], StringComparer.Ordinal);
        var expected = model.Graph.Outputs.Select((output, i) => new ExpectedOutput(i, AsDeclared(arrays[ArrayOf(output.Name)], output.Type), AnyRank: true)).ToArray();
        return new DataSet(Path.GetFileName(archive), given, expected, Whole);

        string ArrayOf(string name) => arrays.ContainsKey(name) ? name : others.TryDequeue(out var other) ? other : throw new ConformanceException($"{archive} has no array for '{name}': {string.Join(", ", arrays.Keys)}");
    }

    /// <summary>NumPy computes in double precision what the graph has in single.</summary>
    private static TensorValue AsDeclared(TensorValue array, GraphType? type) => (array.Element, type) is (DataType.Float64, TensorType { Element: DataType.Float32 })
        ? TensorValue.Of([.. ElementNumbers.Of(array).Select(v => (float)v)], array.Shape)
        : array;

    private static DataSet Identity(ModelDefinition model)
    {
        var inputs = new InputGenerator(seed: 1, symbol: 5).Of(model);
        return new DataSet("identity", inputs, [new ExpectedOutput(0, inputs.Values.Single())], Tolerance.Standard);
    }

    private static DataSet SumAndDifference(ModelDefinition model)
    {
        var inputs = new InputGenerator(seed: 1, symbol: 4).Of(model);
        var (first, second) = (inputs["INPUT0"].AsTensor, inputs["INPUT1"].AsTensor);
        return new DataSet("sum and difference", inputs, [new ExpectedOutput(0, Combine((a, b) => a + b)), new ExpectedOutput(1, Combine((a, b) => a - b))], Tolerance.Standard);

        TensorValue Combine(Func<int, int, int> combine)
        {
            var result = new TensorValue(first.Element, first.Shape);
            for (var i = 0; i < result.Count; i++)
            {
                if (first.Element == DataType.String) result.Strings[i] = combine(int.Parse(first.Strings[i]), int.Parse(second.Strings[i])).ToString();
                else result.Values<int>()[i] = combine(first.Values<int>()[i], second.Values<int>()[i]);
            }
            return result;
        }
    }

    /// <summary>The answers of the same weights in single precision; null for a variant of the net whose inputs are of another size.</summary>
    private static DataSet? Reference(string folder, ModelDefinition model)
    {
        var input = Halved(OnnxValues.Read(Path.Combine(folder, "input.pb"), null).AsTensor);
        var output = Halved(OnnxValues.Read(Path.Combine(folder, "output.pb"), null).AsTensor);
        var declared = DataSet.InputsOf(model)[0];
        if (declared.Type is not TensorType { Element: DataType.Float16, Shape: { } shape } || !shape.Span.SequenceEqual(input.Shape)) return null;
        return new DataSet(Path.GetFileName(folder), new Dictionary<string, Value> { [declared.Name] = input }, [new ExpectedOutput(0, output)], HalfPrecision);
    }

    private static TensorValue Halved(TensorValue tensor)
    {
        var halved = new TensorValue(DataType.Float16, tensor.Shape);
        var values = tensor.Values<float>();
        for (var i = 0; i < values.Length; i++) halved.Values<Half>()[i] = (Half)values[i];
        return halved;
    }
}
