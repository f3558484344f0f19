using System.Globalization;
using System.Text.Json;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>Inputs by name, and what is expected of the outputs.</summary>
internal sealed record DataSet(string Name, IReadOnlyDictionary<string, Value> Inputs, IReadOnlyList<ExpectedOutput> Outputs, Tolerance Tolerance)
{
    /// <summary>A folder of input_0.pb, … and output_0.pb, …, in the order of the graph's inputs and outputs.</summary>
    /// <param name="tolerance">Where the case has no data.json with <c>rtol</c> and <c>atol</c>.</param>
    public static DataSet Read(string folder, ModelDefinition model, Tolerance tolerance)
    {
        var inputs = new Dictionary<string, Value>(StringComparer.Ordinal);
        var names = InputsOf(model);
        foreach (var (index, path) in Files(folder, "input_"))
        {
            if (index >= names.Count) throw new ConformanceException($"{path}: the graph has {names.Count} inputs");
            inputs[names[index].Name] = ReadValue(path, names[index].Type);
        }
        var outputs = new List<ExpectedOutput>();
        foreach (var (index, path) in Files(folder, "output_"))
        {
            if (index >= model.Graph.Outputs.Length) throw new ConformanceException($"{path}: the graph has {model.Graph.Outputs.Length} outputs");
            outputs.Add(new ExpectedOutput(index, ReadValue(path, model.Graph.Outputs[index].Type)));
        }
        return new DataSet(Path.GetFileName(folder), inputs, outputs, ToleranceOf(Path.GetDirectoryName(folder)!, tolerance));
    }

    /// <summary>The graph's inputs without those that have a default.</summary>
    public static IReadOnlyList<ValueDefinition> InputsOf(ModelDefinition model)
    {
        var defaults = model.Graph.Initializers.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        return [.. model.Graph.Inputs.Where(i => !defaults.Contains(i.Name))];
    }

    private static Value ReadValue(string path, GraphType? type)
    {
        var value = OnnxValues.Read(path, type);
        // before numpy could say bfloat16, its bits were written as integers
        return (value, type) is (TensorValue { Element: DataType.UInt16 } bits, TensorType { Element: DataType.BFloat16 }) ? TensorValue.Over(DataType.BFloat16, bits.Memory, bits.Shape) : value;
    }

    private static IEnumerable<(int Index, string Path)> Files(string folder, string prefix) =>
        Directory.EnumerateFiles(folder, prefix + "*.pb")
            .Select(path => (int.Parse(Path.GetFileNameWithoutExtension(path).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), path))
            .Order();

    private static Tolerance ToleranceOf(string folder, Tolerance tolerance)
    {
        var path = Path.Combine(folder, "data.json");
        if (!File.Exists(path)) return tolerance;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new Tolerance(Number("rtol", tolerance.Relative), Number("atol", tolerance.Absolute));

        double Number(string name, double otherwise) => document.RootElement.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
    }
}

/// <param name="Index">Which of the graph's outputs.</param>
/// <param name="AnyRank">As many elements in another shape are right, too: the array went through other tools.</param>
internal sealed record ExpectedOutput(int Index, Value Value, bool AnyRank = false)
{
    public Value For(Value actual) => AnyRank && (Value, actual) is (TensorValue expected, TensorValue tensor) && expected.Count == tensor.Count
        ? TensorValue.Over(expected.Element, expected.Memory, tensor.Shape)
        : Value;
}
