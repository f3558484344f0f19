using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>The attributes of a node of the graph engine, as <see cref="OnnxAttributes"/> gives them: what is missing is empty.</summary>
internal sealed class GraphNodeAttributes(NodeInfo node)
{
    public bool Has(string name) => node.Has(name);

    public long Integer(string name, long otherwise) => node.Int(name, otherwise);

    public float Number(string name, float otherwise) => node.Float(name, otherwise);

    public string Text(string name, string otherwise) => node.Text(name, otherwise);

    public string[] Texts(string name) => node.Texts(name) ?? [];

    public long[] Integers(string name) => node.Ints(name) ?? [];

    public float[] Numbers(string name) => node.Floats(name) ?? [];

    public ElementType? TensorType(string name) => node.Tensor(name) is { } tensor ? TensorElementTypes.Of((long)tensor.Element) : null;

    /// <returns>Null when there is no such tensor, or it is a scalar.</returns>
    public double[]? Tensor(string name, out ElementType type)
    {
        type = ElementType.Float32;
        if (node.Tensor(name) is not { } tensor) return null;
        if (tensor.Element == DataType.String || TensorElementTypes.Of((long)tensor.Element) is not { } known) throw node.Wrong($"attribute '{name}': numbers expected, {tensor.Type} found");
        type = known;
        if (tensor.Rank == 0) return null;
        var values = new double[tensor.Count];
        for (var i = 0; i < values.Length; i++) values[i] = tensor.NumberAt(i);
        return values;
    }
}
