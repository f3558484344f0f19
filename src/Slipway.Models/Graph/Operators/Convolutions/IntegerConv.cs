using System.Numerics.Tensors;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// ConvInteger (ai.onnx 10): int8 or uint8 with zero points to int32. QLinearConv (ai.onnx 10): the same, scaled to int8 or uint8 again: inputs x, x_scale, x_zero_point, w,
/// w_scale, w_zero_point, y_scale, y_zero_point and an int32 bias. Padding counts as the input's zero point.
/// </summary>
internal sealed class IntegerConv : Operator
{
    private readonly Window _window;
    private readonly int _groups, _weights, _zeros;
    private readonly bool _isScaled;
    private readonly Lock _lock = new();
    private IntegerFilters? _filters;
    private bool _hasConstants;

    public IntegerConv(NodeInfo node, bool isScaled)
    {
        (_window, _isScaled, _weights, _zeros) = (new Window(node), isScaled, isScaled ? 3 : 1, isScaled ? 5 : 3);
        var groups = node.Int("group", 1);
        if (groups is < 1 or > int.MaxValue) throw node.Wrong($"group is {groups}");
        _groups = (int)groups;
    }

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, _isScaled ? context.Element(7) : DataType.Int32, ConvolutionGeometry.Output(context, _window, _groups, _weights));

    public override void Prepare(PrepareContext context)
    {
        if (context.Constant(_weights) is not { Count: > 0, Element: DataType.Int8 or DataType.UInt8 } weights) return;
        var zeros = context.Constant(_zeros);
        if (context.HasInput(_zeros) && (zeros is null || !IsZeroPoint(zeros, weights))) return;
        _hasConstants = true;
        if (context.Shape(0) is not { } input || input.Rank > 5 || input.Span[1..].ContainsAnyInRange(long.MinValue, 0)) return;
        _filters = Pack(ConvolutionGeometry.Of(_window, _groups, input.Span, weights.Shape), weights, zeros, true);
        context.Forget(_weights);
    }

    public override long ScratchBytes(RunContext context)
    {
        if (context.Output(0).Count == 0) return 0;
        var plan = Of(context);
        return plan.Kernel.ScratchBytes((int)context.Input(0)[0], plan.Filters.Form, Math.Max(1, context.Threads));
    }

    public override void Run(RunContext context)
    {
        if (context.Output(0).Count == 0) return;
        var plan = Of(context);
        if (!_hasConstants)
        {
            plan.Refill(context.Input(_weights), context.OptionalInput(_zeros));
            // The form may be another with other zero points.
            context.RequireScratch(plan.Kernel.ScratchBytes((int)context.Input(0)[0], plan.Filters.Form, context.Threads));
        }
        switch (context.Input(0).Element)
        {
            case DataType.UInt8: Run<byte>(context, plan); break;
            case DataType.Int8: Run<sbyte>(context, plan); break;
            default: throw new RecordException($"int8 or uint8 is expected, {context.Input(0).Type} is given");
        }
    }

    private void Run<T>(RunContext context, Plan plan)
        where T : unmanaged
    {
        var (input, weights, output) = (context.Input(0), context.Input(_weights), context.Output(0));
        T zero = default;
        if (context.OptionalInput(2) is { Count: > 0 } inputZero) zero = inputZero.Element == input.Element ? inputZero.Values<T>()[0] : throw new RecordException($"the zero point {inputZero.Type} does not fit {input.Type}");
        var batch = (int)input[0];
        if (!_isScaled)
        {
            plan.Kernel.Run(batch, input.Values<T>(), zero, plan.Filters, output.Values<int>(), context.Scratch, context.Threads);
            return;
        }
        var (inputScale, weightScales, outputScale) = (context.Input(1), context.Input(4), context.Input(6));
        if (inputScale.Count != 1 || outputScale.Count != 1 || (weightScales.Count != 1 && weightScales.Count != weights[0])) throw new RecordException("scales must be one for the input, one for the output, and one or one for each filter for the weights");
        var scales = plan.Scales.AsSpan();
        if (weightScales.Count == 1) scales.Fill(weightScales.Values<float>()[0]);
        else weightScales.Values<float>().CopyTo(scales);
        TensorPrimitives.Multiply(scales, inputScale.Values<float>()[0], scales);
        TensorPrimitives.Divide(scales, outputScale.Values<float>()[0], scales);
        var bias = context.OptionalInput(8) is { } given ? given.Values<int>() : default;
        if (output.Element == DataType.UInt8) plan.Kernel.RunScaled(batch, input.Values<T>(), zero, plan.Filters, bias, scales, output.Values<byte>(), (byte)context.Input(7).IntAt(0), context.Scratch, context.Threads);
        else plan.Kernel.RunScaled(batch, input.Values<T>(), zero, plan.Filters, bias, scales, output.Values<sbyte>(), (sbyte)context.Input(7).IntAt(0), context.Scratch, context.Threads);
    }

    private Plan Of(RunContext context)
    {
        if (context.State is Plan kept) return kept;
        var weights = context.Input(_weights);
        var shape = ConvolutionGeometry.Of(_window, _groups, context.Input(0), weights);
        var plan = new Plan(shape, _hasConstants ? Constants(shape, weights, context.OptionalInput(_zeros)) : Unknown(shape, weights.Element));
        context.State = plan;
        return plan;
    }

    /// <summary>Weights that <see cref="Prepare"/> could not pack because the input's size was open.</summary>
    private IntegerFilters Constants(ConvolutionShape shape, TensorValue weights, TensorValue? zeros)
    {
        lock (_lock) _filters ??= Pack(shape, weights, zeros, false);
        return _filters.Fit(shape) ? _filters : throw new RecordException("an input is given where the model's shapes promise others");
    }

    /// <summary>Room for weights of a size: they come when it runs.</summary>
    private static IntegerFilters Unknown(ConvolutionShape shape, DataType element) => element switch
    {
        DataType.Int8 => IntegerFilters.Pack<sbyte>(shape, new sbyte[shape.WeightsLength], [], false),
        DataType.UInt8 => IntegerFilters.Pack<byte>(shape, new byte[shape.WeightsLength], [], false),
        _ => throw new RecordException($"weights of int8 or uint8 are expected, {element.Text} is given"),
    };

    private static IntegerFilters Pack(ConvolutionShape shape, TensorValue weights, TensorValue? zeros, bool isSizeCertain) => weights.Element == DataType.Int8
        ? IntegerFilters.Pack(shape, weights.Values<sbyte>(), zeros is null ? default : zeros.Values<sbyte>(), isSizeCertain)
        : IntegerFilters.Pack(shape, weights.Values<byte>(), zeros is null ? default : zeros.Values<byte>(), isSizeCertain);

    private static bool IsZeroPoint(TensorValue zeros, TensorValue weights) => zeros.Element == weights.Element && (zeros.Count == 1 || zeros.Count == weights[0]);

    /// <summary>What runs of the same shapes use again.</summary>
    private sealed class Plan(ConvolutionShape shape, IntegerFilters filters)
    {
        public IntegerConvolution Kernel { get; } = new(shape);

        public IntegerFilters Filters => filters;

        public float[] Scales { get; } = new float[shape.Filters];

        public void Refill(TensorValue weights, TensorValue? zeros)
        {
            if (zeros is not null && !IsZeroPoint(zeros, weights)) throw new RecordException($"the zero point {zeros.Type} does not fit {weights.Type}");
            if (weights.Element == DataType.Int8) filters.Fill(weights.Values<sbyte>(), zeros is null ? default : zeros.Values<sbyte>());
            else filters.Fill(weights.Values<byte>(), zeros is null ? default : zeros.Values<byte>());
        }
    }
}
