using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>HannWindow, HammingWindow, BlackmanWindow (ai.onnx 17): sums of cosines <c>a0 - a1·cos(2πn/N) + a2·cos(4πn/N)</c>.</summary>
internal sealed class WindowFunction : Operator
{
    private readonly double _a0, _a1, _a2;
    private readonly bool _periodic;
    private readonly DataType _element;

    public WindowFunction(NodeInfo node, double a0, double a1, double a2)
    {
        (_a0, _a1, _a2) = (a0, a1, a2);
        _periodic = node.Flag("periodic", true);
        _element = node.DataType("output_datatype", DataType.Float32);
    }

    public override void Infer(InferenceContext context)
    {
        var size = context.Constant(0)?.IntAt(0) ?? context.NewSymbol();
        if (context.Constant(0) is not null && size < 0) throw new ModelException($"a window cannot have {size} elements");
        context.SetOutput(0, _element, size);
    }

    public override void Run(RunContext context)
    {
        var output = context.Output(0);
        var values = new double[output.Count];
        var period = _periodic ? values.Length : values.Length - 1;
        for (var n = 0; n < values.Length; n++)
        {
            var angle = period == 0 ? 0 : 2 * Math.PI * n / period;
            values[n] = period == 0 ? 1 : _a0 - (_a1 * Math.Cos(angle)) + (_a2 * Math.Cos(2 * angle));
        }
        Numbers.Write<double>(values, output);
    }
}
