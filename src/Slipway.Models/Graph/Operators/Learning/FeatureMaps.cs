using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>An operator that makes a float32 of every number.</summary>
internal abstract class FeatureMap : Operator
{
    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Float32, context.Shape(0));

    public override bool CanOverwrite(int input) => true;

    public override long ScratchBytes(RunContext context) => FeatureRows.FloatBytes(context.Input(0));

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        Map(FeatureRows.Floats(x, context.Scratch), context.Output(0).Values<float>(), FeatureRows.Period(x));
    }

    /// <param name="period">Elements that one entry of an attribute each belongs to.</param>
    protected abstract void Map(ReadOnlySpan<float> x, Span<float> y, int period);

    /// <summary>Checks that an attribute has one entry, or one for each feature.</summary>
    protected static void RequirePeriod(string name, int length, int period)
    {
        if (length != 1 && length != period) throw new RecordException($"{name} has {length} values, the input has {period} features");
    }
}

/// <summary>Scaler: (x - offset) · scale, with one of each or one for each feature.</summary>
internal sealed class Scaler : FeatureMap
{
    private readonly float[] _offset;
    private readonly float[] _scale;

    public Scaler(NodeInfo node)
    {
        _offset = node.Floats("offset") ?? [];
        _scale = node.Floats("scale") ?? [];
        if (_scale.Length == 0) throw node.Wrong("attribute 'scale' is empty");
        if (_offset.Length != _scale.Length) throw node.Wrong($"attributes 'offset' and 'scale' have {_offset.Length} and {_scale.Length} values");
    }

    protected override void Map(ReadOnlySpan<float> x, Span<float> y, int period)
    {
        RequirePeriod("scale", _scale.Length, period);
        if (_scale.Length == 1)
        {
            var (offset, scale) = (_offset[0], _scale[0]);
            for (var i = 0; i < x.Length; i++) y[i] = (x[i] - offset) * scale;
            return;
        }
        for (var row = 0; row < x.Length; row += period)
        {
            var from = x.Slice(row, period);
            var to = y.Slice(row, period);
            var offsets = _offset.AsSpan(0, from.Length);
            var scales = _scale.AsSpan(0, from.Length);
            for (var c = 0; c < from.Length; c++) to[c] = (from[c] - offsets[c]) * scales[c];
        }
    }
}

/// <summary>Binarizer: 1 above the threshold, else 0. Other types than float32 stay what they are.</summary>
internal sealed class Binarizer(NodeInfo node) : Operator
{
    private readonly float _threshold = node.Float("threshold", 0);

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    public override bool CanOverwrite(int input) => true;

    public override void Run(RunContext context)
    {
        var function = new Compare(context.Input(0), context.Output(0), _threshold);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Compare(TensorValue input, TensorValue output, float threshold) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
        {
            var x = input.Values<T>();
            var y = output.Values<T>();
            for (var i = 0; i < x.Length; i++) y[i] = double.CreateTruncating(x[i]) > threshold ? T.One : T.Zero;
        }
    }
}

/// <summary>Normalizer: divides by the largest, the sum of magnitudes or the length; along the second dimension, or of a vector all.</summary>
internal sealed class Normalizer(NodeInfo node) : FeatureMap
{
    private readonly RowNorm _norm = node.Text("norm", "MAX") switch
    {
        "MAX" => Formats.OnnxMl.NeuralFunctions.DivideByLargest,
        "L1" => Formats.OnnxMl.NeuralFunctions.DivideByAbsoluteSum,
        "L2" => Formats.OnnxMl.NeuralFunctions.DivideByLength,
        var other => throw node.Wrong($"attribute 'norm': '{other}' is unknown: MAX, L1 or L2 is expected"),
    };

    private delegate void RowNorm(Span<float> row);

    public override long ScratchBytes(RunContext context) => base.ScratchBytes(context) + ((long)FeatureRows.Period(context.Input(0)) * sizeof(float));

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var inner = 1;
        for (var axis = 2; axis < x.Rank; axis++) inner *= (int)x[axis];
        if (inner == 1)
        {
            base.Run(context);
            return;
        }
        var period = FeatureRows.Period(x);
        var lane = MemoryMarshal.Cast<byte, float>(context.Scratch)[..period];
        var from = FeatureRows.Floats(x, context.Scratch[(period * sizeof(float))..]);
        var to = context.Output(0).Values<float>();
        for (var start = 0; start < from.Length; start += period * inner)
        {
            for (var i = 0; i < inner; i++)
            {
                for (var c = 0; c < period; c++) lane[c] = from[start + i + (c * inner)];
                _norm(lane);
                for (var c = 0; c < period; c++) to[start + i + (c * inner)] = lane[c];
            }
        }
    }

    protected override void Map(ReadOnlySpan<float> x, Span<float> y, int period)
    {
        x.CopyTo(y);
        for (var row = 0; row < y.Length; row += period) _norm(y.Slice(row, period));
    }
}
