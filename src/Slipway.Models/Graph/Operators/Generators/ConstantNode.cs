using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Constant: a tensor of the file (ai.onnx 1: value; 11: sparse_value; 12: numbers and texts).</summary>
internal sealed class ConstantNode : Operator
{
    private readonly TensorValue _value;

    public ConstantNode(NodeInfo node)
    {
        var names = new List<string>(node.AttributeNames);
        if (names.Count != 1) throw node.Wrong($"one value is expected, the attributes are [{string.Join(", ", names)}]");
        _value = names[0] switch
        {
            "value" => node.Tensor("value")!,
            "sparse_value" when node.Version >= 11 => Dense(node, node.Sparse("sparse_value")!),
            "value_float" when node.Version >= 12 => TensorValue.Of([node.Float("value_float")], []),
            "value_int" when node.Version >= 12 => TensorValue.Of([node.Int("value_int")], []),
            "value_floats" when node.Version >= 12 => TensorValue.Of(DataType.Float32, node.Floats("value_floats")!.AsSpan(), node.Floats("value_floats")!.Length),
            "value_ints" when node.Version >= 12 => TensorValue.Vector(node.Ints("value_ints")!),
            "value_string" when node.Version >= 12 => OfTexts([node.Text("value_string")], []),
            "value_strings" when node.Version >= 12 => OfTexts(node.Texts("value_strings")!, [node.Texts("value_strings")!.Length]),
            var other => throw node.Wrong($"attribute '{other}' is not known in version {node.Version} of the operator set"),
        };
    }

    public TensorValue Value => _value;

    private static TensorValue OfTexts(string[] texts, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorValue(DataType.String, shape);
        texts.CopyTo(tensor.Strings);
        return tensor;
    }

    private static TensorValue Dense(NodeInfo node, SparseTensor sparse)
    {
        var (values, positions, shape) = (sparse.Values, sparse.Indices, sparse.Shape);
        if (!shape.IsConcrete) throw node.Wrong($"a sparse tensor of shape {shape}");
        var isLinear = positions.Rank == 1;
        if (values.Rank != 1 || positions.Rank is not (1 or 2) || positions[0] != values.Count || (!isLinear && positions[1] != shape.Rank) || positions.Element != DataType.Int64)
        {
            throw node.Wrong($"a sparse tensor with values {values.Type} and positions {positions.Type}");
        }
        var dense = new TensorValue(values.Element, shape.Span);
        var indices = positions.Values<long>();
        for (var i = 0; i < values.Count; i++)
        {
            long at = 0;
            if (isLinear) at = indices[i];
            else
            {
                for (var d = 0; d < shape.Rank; d++)
                {
                    var position = indices[i * shape.Rank + d];
                    if ((ulong)position >= (ulong)shape[d]) throw node.Wrong($"position {position} of a sparse tensor is outside of {shape}");
                    at = at * shape[d] + position;
                }
            }
            if ((ulong)at >= (ulong)dense.Count) throw node.Wrong($"position {at} of a sparse tensor is outside of {shape}");
            if (values.Element == DataType.String) dense.Strings[(int)at] = values.Strings[i];
            else values.Bytes.Slice(i * values.Element.Width, values.Element.Width).CopyTo(dense.Bytes[((int)at * values.Element.Width)..]);
        }
        return dense;
    }

    public override void Infer(InferenceContext context)
    {
        context.SetOutput(0, _value.Type);
        if (_value.Element != DataType.Int64 || _value.Rank > 1 || _value.Count > KnownIntegers.MaxRank) return;
        foreach (var number in _value.Values<long>())
        {
            if (number < 0) return;
        }
        context.SetOutputDimensions(0, _value.Values<long>());
    }

    public override void Run(RunContext context)
    {
        var target = context.Output(0);
        if (_value.Element == DataType.String) _value.Strings.CopyTo(target.Strings);
        else _value.Bytes.CopyTo(target.Bytes);
    }
}
