using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>IsNaN and IsInf: floats of any width to booleans.</summary>
internal sealed class FloatTests : Operator
{
    private readonly bool _isNaN;
    private readonly bool _positive;
    private readonly bool _negative;

    public FloatTests(NodeInfo node)
    {
        _isNaN = node.Operator == "IsNaN";
        _positive = node.Flag("detect_positive", true);
        _negative = node.Flag("detect_negative", true);
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Bool, context.Shape(0));

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0).Values<bool>();
        switch (x.Element)
        {
            case DataType.Float32:
                var singles = x.Values<float>();
                for (var i = 0; i < y.Length; i++) y[i] = Test(singles[i]);
                break;
            case DataType.Float64:
                var doubles = x.Values<double>();
                for (var i = 0; i < y.Length; i++) y[i] = Test(doubles[i]);
                break;
            case DataType.Float16:
                var halves = x.Values<Half>();
                for (var i = 0; i < y.Length; i++) y[i] = Test((double)halves[i]);
                break;
            case DataType.BFloat16:
                var brains = x.Values<ushort>();
                for (var i = 0; i < y.Length; i++) y[i] = Test(WideFloats.FromBFloat16(brains[i]));
                break;
            default:
                if (SmallFloat.Find(x.Element) is not { } format) throw new RecordException($"floats are expected, {x.Type} is given");
                var bytes = x.Values<byte>();
                for (var i = 0; i < y.Length; i++) y[i] = Test(format.ToSingle(bytes[i]));
                break;
        }
    }

    private bool Test(double x) => _isNaN ? double.IsNaN(x) : (_positive && double.IsPositiveInfinity(x)) || (_negative && double.IsNegativeInfinity(x));
}
