using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>LabelEncoder: looks up every element; NaN is found like any other key. Of equal keys the first counts.</summary>
/// <param name="key">The type of <typeparamref name="TKey"/>.</param>
internal sealed class LabelEncoder<TKey, TValue>(DataType key, DataType value, Dictionary<TKey, TValue> map, TValue otherwise) : Operator
    where TKey : notnull
{
    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (element != DataType.Undefined && element != key) throw new ModelException($"the keys are {key.Text}, {element.Text} is given");
        context.SetOutput(0, value, context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        var (x, y) = (context.Input(0), context.Output(0));
        if (x.Element != key || y.Element != value) throw new RecordException($"the keys are {key.Text}, {x.Type} is given");
        var from = x.Elements<TKey>();
        var to = y.Elements<TValue>();
        for (var i = 0; i < from.Length; i++) to[i] = map.TryGetValue(from[i], out var found) ? found : otherwise;
    }
}

/// <summary>Makes a <see cref="LabelEncoder{TKey, TValue}"/> of the attributes of a node (versions 2 and 4).</summary>
internal static class LabelEncoding
{
    public static Operator Create(NodeInfo node)
    {
        var keys = List(node, "keys");
        var values = List(node, "values");
        if (keys.Count != values.Count) throw node.Wrong($"{keys.Count} keys are given for {values.Count} values");
        return keys.Element switch
        {
            DataType.String => OfKeys<string>(node, keys, values),
            DataType.Int64 => OfKeys<long>(node, keys, values),
            DataType.Float32 => OfKeys<float>(node, keys, values),
            DataType.Float64 => OfKeys<double>(node, keys, values),
            DataType.Int32 => OfKeys<int>(node, keys, values),
            DataType.Int16 => OfKeys<short>(node, keys, values),
            var other => throw node.Unsupported($"keys of type {other.Text}"),
        };
    }

    private static Operator OfKeys<TKey>(NodeInfo node, TensorValue keys, TensorValue values) where TKey : notnull => values.Element switch
    {
        DataType.String => Of<TKey, string>(node, keys, values, node.Text("default_string", "_Unused")),
        DataType.Int64 => Of<TKey, long>(node, keys, values, node.Int("default_int64", -1)),
        DataType.Float32 => Of<TKey, float>(node, keys, values, node.Float("default_float", -0f)),
        DataType.Float64 => Of<TKey, double>(node, keys, values, -0d),
        DataType.Int32 => Of<TKey, int>(node, keys, values, -1),
        DataType.Int16 => Of<TKey, short>(node, keys, values, -1),
        var other => throw node.Unsupported($"values of type {other.Text}"),
    };

    private static LabelEncoder<TKey, TValue> Of<TKey, TValue>(NodeInfo node, TensorValue keys, TensorValue values, TValue otherwise) where TKey : notnull
    {
        var from = keys.Elements<TKey>();
        var to = values.Elements<TValue>();
        // Texts are compared byte by byte, as every default comparer of strings does.
        var map = new Dictionary<TKey, TValue>(from.Length);
        for (var i = 0; i < from.Length; i++) map.TryAdd(from[i], to[i]);
        if (node.Tensor("default_tensor") is { } tensor)
        {
            if (tensor.Element != values.Element || tensor.Count != 1) throw node.Wrong($"attribute 'default_tensor': one {values.Element.Text} is expected, {tensor.Type} is given");
            otherwise = tensor.Elements<TValue>()[0];
        }
        return new LabelEncoder<TKey, TValue>(keys.Element, values.Element, map, otherwise);
    }

    private static TensorValue List(NodeInfo node, string name)
    {
        if (node.Tensor(name + "_tensor") is { } tensor) return tensor;
        if (node.Ints(name + "_int64s") is { } integers) return TensorValue.Vector(integers);
        if (node.Floats(name + "_floats") is { } floats) return TensorValue.Of(floats, floats.Length);
        if (node.Texts(name + "_strings") is not { } texts) throw node.Wrong($"one of the attributes '{name}_tensor', '{name}_strings', '{name}_int64s' and '{name}_floats' is expected");
        var strings = new TensorValue(DataType.String, texts.Length);
        texts.CopyTo(strings.Strings);
        return strings;
    }
}
