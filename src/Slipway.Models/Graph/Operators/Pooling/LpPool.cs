using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>LpPool (ai.onnx 1, 2, 11, 18, 22): the p-norm of each window.</summary>
internal sealed class LpPool : FloatOperator
{
    private readonly PoolWindow _window;
    private readonly double _p;

    public LpPool(NodeInfo node)
    {
        _window = new PoolWindow(node);
        _p = node.Version < 2 ? node.Float("p", 2) : node.Int("p", 2);
        if (!(_p >= 1)) throw node.Wrong($"p is {_p}");
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), _window.Output(context));

    protected override void Compute(RunContext context)
    {
        var (input, output) = (context.Input(0), context.Output(0));
        if (output.Count == 0) return;
        var (window, planes) = (_window.Over(input), PoolWindow.Planes(input));
        switch (input.Element)
        {
            case DataType.Float32: PoolingReference.Norm(window, planes, input.Values<float>(), output.Values<float>(), (float)_p); break;
            case DataType.Float64: PoolingReference.Norm(window, planes, input.Values<double>(), output.Values<double>(), _p); break;
            default: throw new RecordException($"LpPool computes with floating-point numbers, not with {input.Type}");
        }
    }
}
