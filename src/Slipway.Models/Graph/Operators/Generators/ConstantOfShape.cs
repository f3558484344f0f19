using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ConstantOfShape: a tensor of one value, float 0 unless given (ai.onnx 9).</summary>
internal sealed class ConstantOfShape : Operator
{
    private readonly TensorValue _value;

    public ConstantOfShape(NodeInfo node)
    {
        _value = node.Tensor("value") ?? new TensorValue(DataType.Float32, 1);
        if (_value.Count != 1) throw node.Wrong($"attribute 'value' must be one element, it is {_value.Type}");
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, _value.Element, WantedShape(context, 0));

    /// <summary>The shape that an input asks for, as far as it is known.</summary>
    internal static Shape? WantedShape(InferenceContext context, int index)
    {
        var count = context.VectorLength(index);
        foreach (var size in context.Integers(index) ?? [])
        {
            if (size < 0) throw new ModelException($"a size of {size} is asked for");
        }
        if (context.Sizes(index) is { } sizes) return Graph.Shape.Of(sizes);
        return count >= 0 ? context.UnknownShape(count) : null;
    }

    public override void Run(RunContext context)
    {
        var move = new FillMove(context.Output(0), _value);
        ElementWidths.Move(_value.Element, ref move);
    }
}

/// <summary>Fills a tensor with the one element of another.</summary>
internal readonly struct FillMove(TensorValue target, TensorValue value) : IElementMove
{
    public void Move<T>() => target.Elements<T>().Fill(value.Elements<T>()[0]);
}
