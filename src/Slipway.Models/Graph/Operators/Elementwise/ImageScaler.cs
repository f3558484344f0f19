using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ImageScaler (experimental before ai.onnx 10): an image [n, c, h, w] times <c>scale</c> plus a <c>bias</c> for each channel.</summary>
internal sealed class ImageScaler(NodeInfo node) : FloatOperator
{
    private readonly float _scale = node.Float("scale", 1);
    private readonly float[] _bias = node.Floats("bias") ?? [];

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape && (shape.Rank < 2 || (_bias.Length > 0 && shape[1] >= 0 && shape[1] != _bias.Length)))
        {
            throw new ModelException($"an image of {_bias.Length} channels is expected, as many as there are biases; the input is {shape}");
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        var channels = (int)x[1];
        if (channels == 0 || x.Count == 0) return;
        if (x.Element != DataType.Float32) throw new RecordException($"float images are expected, {x.Type} is given");
        var plane = x.Count / (int)x[0] / channels;
        var from = x.Values<float>();
        var to = context.Output(0).Values<float>();
        for (var i = 0; i < to.Length; i++) to[i] = from[i] * _scale + (_bias.Length > 0 ? _bias[i / plane % channels] : 0);
    }
}
