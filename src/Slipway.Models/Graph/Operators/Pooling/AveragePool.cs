using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>AveragePool (ai.onnx 1, 7, 10, 11, 19, 22).</summary>
internal sealed class AveragePool : FloatOperator
{
    private readonly PoolWindow _window;
    private readonly bool _countPadding;

    public AveragePool(NodeInfo node) => (_window, _countPadding) = (new PoolWindow(node), node.Flag("count_include_pad"));

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), _window.Output(context));

    protected override long ComputeScratchBytes(RunContext context) =>
        context.Input(0).Element == DataType.Float32 && context.Output(0).Count > 0 ? new AveragePooling(_window.Over(context.Input(0)), _countPadding).ScratchBytes(Math.Max(1, context.Threads)) : 0;

    protected override void Compute(RunContext context)
    {
        var (input, output) = (context.Input(0), context.Output(0));
        if (output.Count == 0) return;
        var planes = PoolWindow.Planes(input);
        switch (input.Element)
        {
            case DataType.Float32:
                var pooling = context.State as AveragePooling ?? new AveragePooling(_window.Over(input), _countPadding);
                context.State = pooling;
                pooling.Run(planes, input.Values<float>(), output.Values<float>(), context.Scratch, context.Threads);
                break;
            case DataType.Float64:
                PoolingReference.Average<double, double>(_window.Over(input), planes, input.Values<double>(), output.Values<double>(), _countPadding);
                break;
            default:
                throw new RecordException($"AveragePool computes with floating-point numbers, not with {input.Type}");
        }
    }
}
