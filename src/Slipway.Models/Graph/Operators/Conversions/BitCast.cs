using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>BitCast (ai.onnx 26): the same bits as elements of another type of as many bits; the shape stays.</summary>
internal sealed class BitCast(NodeInfo node) : Operator
{
    private readonly DataType _to = DataTypes.TryOf(node.Int("to"), out var type) && type != DataType.String ? type : throw node.Wrong($"attribute 'to': {node.Int("to")} is no element type of bits");

    public override void Infer(InferenceContext context)
    {
        var from = context.Element(0);
        if (from != DataType.Undefined && Bits(from) != Bits(_to)) throw new ModelException($"{from.Text} has {Bits(from)} bits, {_to.Text} has {Bits(_to)}; they must be as many");
        context.SetOutput(0, _to, context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        var y = context.Output(0);
        context.Input(0).Bytes.CopyTo(y.Bytes);
        NarrowIntegers.Wrap(_to, y.Bytes);
    }

    private static int Bits(DataType element) => element == DataType.Float4E2M1 ? 4 : NarrowIntegers.Bits(element) is var bits and > 0 ? bits : element.Width * 8;
}
