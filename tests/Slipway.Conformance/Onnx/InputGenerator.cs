using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>Makes inputs for models that come without, from what their graphs say: small numbers, so that indices and counts are likely to be meant.</summary>
/// <param name="symbol">The size of every dimension that the graph leaves open.</param>
internal sealed class InputGenerator(int seed, int symbol)
{
    private const int MaxElements = 1 << 24;

    private readonly Random _random = new(seed);

    public Dictionary<string, Value> Of(ModelDefinition model) =>
        DataSet.InputsOf(model).ToDictionary(i => i.Name, i => Of(i.Type ?? throw new ConformanceException($"the graph does not say what input '{i.Name}' is")), StringComparer.Ordinal);

    private Value Of(GraphType type) => type switch
    {
        TensorType tensor => Tensor(tensor.Element, tensor.Shape is null ? [symbol] : [.. tensor.Shape.Dimensions.Select(d => d < 0 ? symbol : d)]),
        SequenceType sequence => new SequenceValue(sequence.Item, [Of(sequence.Item), Of(sequence.Item)]),
        OptionalType optional => new OptionalValue(optional.Item, Of(optional.Item)),
        MapType { Item: TensorType item } map => new MapValue(Keys(map.Key), Tensor(item.Element, [3])),
        _ => throw new ConformanceException($"no {type} can be made"),
    };

    private static TensorValue Keys(DataType element)
    {
        if (element != DataType.String) return TensorValue.Vector(1, 2, 3);
        var keys = new TensorValue(element, 3);
        for (var i = 0; i < 3; i++) keys.Strings[i] = ((char)('a' + i)).ToString();
        return keys;
    }

    private TensorValue Tensor(DataType element, long[] shape)
    {
        if (Shape.CountOf(shape) > MaxElements) throw new ConformanceException($"an input of shape {Shape.TextOf(shape)} is not made");
        var tensor = new TensorValue(element, shape);
        for (var i = 0; i < tensor.Count; i++)
        {
            var number = _random.NextDouble() * 2 - 1;
            switch (element)
            {
                case DataType.String: tensor.Strings[i] = _random.Next(10).ToString(); break;
                case DataType.Float32: tensor.Values<float>()[i] = (float)number; break;
                case DataType.Float64: tensor.Values<double>()[i] = number; break;
                case DataType.Float16: tensor.Values<Half>()[i] = (Half)number; break;
                case DataType.BFloat16: tensor.Values<ushort>()[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)number) >> 16); break;
                default: tensor.Bytes[i * element.Width] = (byte)_random.Next(2); break;
            }
        }
        return tensor;
    }
}
