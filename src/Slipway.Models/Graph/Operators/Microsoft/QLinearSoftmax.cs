using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// QLinearSoftmax: softmax of quantized numbers by a table of exponentials, in float32, as ONNX Runtime has it: exponentials are taken relative to the greatest of a row, raised as far as their sum allows;
/// the reciprocal of the result's scale is cut to a whole number. <c>opset</c> tells whether one axis or all from it on are meant (before 13). What is beyond the result's type is saturated.
/// </summary>
internal sealed class QLinearSoftmax : Operator
{
    private readonly bool _flattens;
    private readonly long _axis;

    public QLinearSoftmax(NodeInfo node)
    {
        _flattens = node.Int("opset") < 13;
        _axis = node.Int("axis", _flattens ? 1 : -1);
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape) InferenceContext.Axis(_axis, shape.Rank);
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        if (context.Input(0).Element == DataType.Int8) Run<sbyte>(context);
        else Run<byte>(context);
    }

    private void Run<T>(RunContext context) where T : unmanaged
    {
        var x = context.Input(0);
        if (x.Count == 0) return;
        var (from, to) = (LinearQuantization.Of(context, 1, 2, x.Element), LinearQuantization.Of(context, 3, 4, x.Element));
        var axis = InferenceContext.Axis(_axis, x.Rank);
        var layout = _flattens ? AxisLayout.Flat(x.Shape, axis) : AxisLayout.Of(x.Shape, axis);
        if (context.State is not Exponentials table || table.Scale != from.Scale || table.Length != layout.Size) context.State = table = new Exponentials(from.Scale, layout.Size);
        var units = MathF.Floor(1 / to.Scale);
        var values = x.Values<T>();
        var result = context.Output(0).Values<T>();
        for (var row = 0; row < layout.Outer * layout.Inner; row++)
        {
            var (outer, inner) = Math.DivRem(row, layout.Inner);
            var first = (outer * layout.Size * layout.Inner) + inner;
            var greatest = int.MinValue;
            for (var i = 0; i < layout.Size; i++) greatest = Math.Max(greatest, ByteLanes.Number(values[first + (i * layout.Inner)]));
            var shift = Exponentials.Last - greatest;
            float sum = 0;
            for (var i = 0; i < layout.Size; i++) sum += table[shift + ByteLanes.Number(values[first + (i * layout.Inner)])];
            for (var i = 0; i < layout.Size; i++)
            {
                var at = first + (i * layout.Inner);
                var number = MathF.Round(table[shift + ByteLanes.Number(values[at])] * units / sum) + to.Zero;
                result[at] = ByteLanes.Element<T>((int)Math.Clamp(number, ByteLanes.Least<T>(), ByteLanes.Greatest<T>()));
            }
        }
    }

    /// <summary>Exponentials of 255 units below the greatest number up to itself, as large as a sum of so many can be.</summary>
    private sealed class Exponentials
    {
        public const int Last = 255;

        /// <summary>What the sum stays below the largest float, as a logarithm.</summary>
        private const double Reserve = 5;

        private readonly float[] _values = new float[Last + 1];

        public Exponentials(float scale, int length)
        {
            (Scale, Length) = (scale, length);
            var raised = Math.Max(0, Math.Log(float.MaxValue / length) - Reserve) / scale;
            for (var i = 0; i <= Last; i++) _values[i] = (float)Math.Exp((i - Last + raised) * scale);
        }

        public float Scale { get; }

        public int Length { get; }

        public float this[int index] => _values[index];
    }
}
