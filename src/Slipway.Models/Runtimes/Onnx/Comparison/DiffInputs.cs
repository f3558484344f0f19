using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Models.Onnx;

/// <summary>Inputs for a model, by name: from files, or drawn with a seed.</summary>
internal static class DiffInputs
{
    private const int MaxElements = 1 << 26;

    /// <param name="paths">A folder with <c>input_0.pb</c>, … in the order of the inputs; an .npz archive with an array for each input; or .pb files in the order of the inputs.</param>
    /// <exception cref="ModelException">A file cannot be read, or inputs are missing.</exception>
    public static Dictionary<string, Value> Read(IReadOnlyList<string> paths, ImmutableArray<BoundValue> inputs)
    {
        var files = paths is [var folder] && Directory.Exists(folder) ? InFolder(folder) : paths;
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        if (files is [var archive] && archive.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var (name, tensor) in NumpyArchive.Read(archive)) values[name] = tensor;
            foreach (var input in inputs)
            {
                if (!values.ContainsKey(input.Name)) throw new ModelException($"{archive} has no array '{input.Name}'; it has: {string.Join(", ", values.Keys)}");
            }
            return values;
        }
        if (files.Count != inputs.Length) throw new ModelException($"{files.Count} files of inputs are given, the model has {inputs.Length} inputs: {string.Join(", ", inputs.Select(i => i.Name))}");
        for (var i = 0; i < files.Count; i++)
        {
            if (!files[i].EndsWith(".pb", StringComparison.OrdinalIgnoreCase)) throw new ModelException($"{files[i]}: inputs are a folder with input_0.pb, …, one .npz file, or a .pb file for each input");
            values[inputs[i].Name] = OnnxValues.Read(files[i], inputs[i].Type);
        }
        return values;
    }

    /// <summary>Numbers from -1 to 1, integers that are 0 or 1 so that indices and counts are likely to be meant, texts of a digit.</summary>
    /// <param name="size">The size of every dimension that the graph leaves open.</param>
    /// <exception cref="ModelException">Inputs of such a type or size are not made.</exception>
    public static Dictionary<string, Value> Draw(ImmutableArray<BoundValue> inputs, int seed, int size)
    {
        var random = new Random(seed);
        return inputs.ToDictionary(i => i.Name, i => Draw(i, size, random), StringComparer.Ordinal);
    }

    private static Value Draw(BoundValue input, int size, Random random) => input.Type switch
    {
        TensorType type => Draw(input.Name, type.Element, type.Shape is null ? [size] : [.. type.Shape.Dimensions.Select(d => d < 0 ? size : d)], random),
        SequenceType { Item: TensorType item } => new SequenceValue(item, [Draw(input.Name, item.Element, [size], random), Draw(input.Name, item.Element, [size], random)]),
        _ => throw new ModelException($"input '{input.Name}' is a {input.Type?.ToString() ?? "value of unknown type"}, which is not drawn: give it by --input"),
    };

    private static TensorValue Draw(string name, DataType element, long[] shape, Random random)
    {
        if (Shape.CountOf(shape) > MaxElements) throw new ModelException($"input '{name}' of shape {Shape.TextOf(shape)} is not drawn: it has more than {MaxElements} elements");
        var tensor = new TensorValue(element, shape);
        for (var i = 0; i < tensor.Count; i++)
        {
            var number = random.NextDouble() * 2 - 1;
            switch (element)
            {
                case DataType.String: tensor.Strings[i] = random.Next(10).ToString(CultureInfo.InvariantCulture); break;
                case DataType.Float32: tensor.Values<float>()[i] = (float)number; break;
                case DataType.Float64: tensor.Values<double>()[i] = number; break;
                case DataType.Float16: tensor.Values<Half>()[i] = (Half)number; break;
                case DataType.BFloat16: tensor.Values<ushort>()[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)number) >> 16); break;
                default: tensor.Bytes[i * element.Width] = (byte)random.Next(2); break;
            }
        }
        return tensor;
    }

    private static IReadOnlyList<string> InFolder(string folder)
    {
        var count = Directory.GetFiles(folder, "input_*.pb").Length;
        if (count == 0) throw new ModelException($"{folder} has no input_0.pb");
        return [.. Enumerable.Range(0, count).Select(i => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"input_{i}.pb")))];
    }
}
