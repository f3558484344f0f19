using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// LayerNormalization (ai.onnx 17) and RMSNormalization (23): everything from an axis on by its mean and variance, or by its mean square;
/// times a scale and plus a bias that broadcast to the input.
/// </summary>
internal sealed class LayerNormalization(NodeInfo node) : NormalizationOperator
{
    private readonly long _axis = node.Int("axis", -1);
    private readonly double _epsilon = node.Float("epsilon", 1e-5f);
    private readonly bool _centred = node.Operator != "RMSNormalization";
    private readonly DataType _stash = node.DataType("stash_type", DataType.Float32);

    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        context.SetOutput(0, context.Element(0), shape);
        if (shape is null)
        {
            context.SetOutput(1, _stash, (Shape?)null);
            context.SetOutput(2, _stash, (Shape?)null);
            return;
        }
        var axis = InferenceContext.Axis(_axis, shape.Rank);
        for (var i = 1; i < context.InputCount; i++)
        {
            if (context.Shape(i) is { IsConcrete: true } parameter && shape.IsConcrete && !context.Broadcast(shape, parameter)!.Equals(shape)) throw new ModelException($"{(i == 1 ? "the scale" : "the bias")} {parameter} does not broadcast to {shape}");
        }
        Span<long> statistics = stackalloc long[shape.Rank];
        for (var i = 0; i < statistics.Length; i++) statistics[i] = i < axis ? shape[i] : 1;
        context.SetOutput(1, _stash, statistics);
        context.SetOutput(2, _stash, statistics);
    }

    protected override void Run<T>(RunContext context)
    {
        var x = context.Input(0);
        if (x.Count == 0) return;
        var axis = InferenceContext.Axis(_axis, x.Rank);
        var layout = AxisLayout.Flat(x.Shape, axis);
        var scale = context.Input(1);
        var bias = context.OptionalInput(2);
        ReadOnlySpan<T> from = x.Values<T>();
        var to = context.Output(0).Values<T>();
        var byRows = scale.Count == layout.Size && Fits(scale, x, axis, layout.Size) && (bias is null || (bias.Count == layout.Size && Fits(bias, x, axis, layout.Size)));
        if (byRows && Statistics<T>(context, 1, out var means) && Statistics<T>(context, 2, out var inverses))
        {
            if (_centred) LayerNorm.Run(from, to, layout.Size, scale.Values<T>(), bias is null ? default : bias.Values<T>(), T.CreateTruncating(_epsilon), means, inverses, context.Threads);
            else LayerNorm.RunRootMeanSquare(from, to, layout.Size, scale.Values<T>(), T.CreateTruncating(_epsilon), inverses, context.Threads);
            return;
        }
        var direct = Fits(scale, x, axis, layout.Size) && (bias is null || Fits(bias, x, axis, layout.Size));
        ReadOnlySpan<T> scales = direct ? scale.Values<T>() : default, biases = direct && bias is not null ? bias.Values<T>() : default;
        for (var row = 0; row < layout.Outer; row++)
        {
            var line = from.Slice(row * layout.Size, layout.Size);
            var result = to.Slice(row * layout.Size, layout.Size);
            var (mean, variance) = _centred ? Moments<T>(line) : (0, MeanSquare<T>(line));
            var inverse = 1 / Math.Sqrt(variance + _epsilon);
            ScaleShift<T>(line, inverse, -mean * inverse, result);
            Keep(context, 1, row, mean);
            Keep(context, 2, row, inverse);
            if (!direct) continue;
            BinaryLoops.Run<NumberOperations.Multiply, T>(result, scales, result);
            if (bias is not null) BinaryLoops.Run<NumberOperations.Add, T>(result, biases, result);
        }
        if (!direct) Apply<T>(context, scale, bias);
    }

    /// <summary>Where the moments go; false when they are wanted in another type.</summary>
    private static bool Statistics<T>(RunContext context, int output, out Span<T> values) where T : unmanaged
    {
        values = default;
        if (!context.HasOutput(output)) return true;
        if (context.Output(output).Element != context.Input(0).Element) return false;
        values = context.Output(output).Values<T>();
        return true;
    }

    /// <summary>One element for each of a row, or one for all: then what lies before the row is of size 1, as the parameter broadcasts to the input.</summary>
    private static bool Fits(TensorValue parameter, TensorValue x, int axis, int size)
    {
        if (parameter.Count == 1) return true;
        if (parameter.Count != size) return false;
        for (var i = 1; i <= x.Rank - axis; i++)
        {
            if ((i <= parameter.Rank ? parameter[parameter.Rank - i] : 1) != x[x.Rank - i]) return false;
        }
        return true;
    }

    private static double MeanSquare<T>(ReadOnlySpan<T> x) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (var value in x)
        {
            var number = double.CreateTruncating(value);
            sum += number * number;
        }
        return sum / x.Length;
    }

    private static void Keep(RunContext context, int output, int row, double value)
    {
        if (!context.HasOutput(output)) return;
        var tensor = context.Output(output);
        if (tensor.Element == DataType.Float32) tensor.Values<float>()[row] = (float)value;
        else if (tensor.Element == DataType.Float64) tensor.Values<double>()[row] = value;
    }

    /// <summary>Scale and bias of any shape that broadcasts.</summary>
    private static void Apply<T>(RunContext context, TensorValue scale, TensorValue? bias) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var y = context.Output(0);
        if (context.State is not object?[] states) context.State = states = new object?[2];
        var walk = Broadcasting.Of(ref states[0], y.Shape, y.Shape, scale.Shape);
        var multiply = new Loop<NumberOperations.Multiply, T>(walk, y.Values<T>(), scale.Values<T>());
        walk.Each(ref multiply);
        if (bias is null) return;
        walk = Broadcasting.Of(ref states[1], y.Shape, y.Shape, bias.Shape);
        var add = new Loop<NumberOperations.Add, T>(walk, y.Values<T>(), bias.Values<T>());
        walk.Each(ref add);
    }

    private readonly ref struct Loop<TOperation, T>(Broadcasting walk, Span<T> y, ReadOnlySpan<T> parameter) : IBroadcastLoop
        where TOperation : INumberOperation
        where T : unmanaged, System.Numerics.INumber<T>
    {
        private readonly Span<T> _y = y;
        private readonly ReadOnlySpan<T> _parameter = parameter;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            var run = _y.Slice(output, length);
            BinaryLoops.Run<TOperation, T>(run, walk.Run(_parameter, 1, starts[1], length), run);
        }
    }
}
