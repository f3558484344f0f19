using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>MaxPool (ai.onnx 1, 8, 10, 11, 12, 22); output 1 tells where in the input each maximum is.</summary>
internal sealed class MaxPool : FloatOperator
{
    private readonly PoolWindow _window;
    private readonly bool _columnMajor;

    public MaxPool(NodeInfo node) => (_window, _columnMajor) = (new PoolWindow(node), node.Flag("storage_order"));

    public override void Infer(InferenceContext context)
    {
        var shape = _window.Output(context);
        context.SetOutput(0, context.Element(0), shape);
        context.SetOutput(1, DataType.Int64, shape);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        if (context.Output(0).Count == 0) return 0;
        return context.Input(0).Element switch
        {
            DataType.Float32 => new MaxPooling(_window.Over(context.Input(0))).ScratchBytes(Math.Max(1, context.Threads)),
            DataType.Int8 or DataType.UInt8 => Bytes(context) is { } window ? ByteMaxPooling.RowBytes(window) : 0,
            _ => 0,
        };
    }

    /// <summary>The window of a pooling of bytes, if there is a kernel for it.</summary>
    private SpatialWindow? Bytes(RunContext context)
    {
        if (context.State is not SpatialWindow window) context.State = window = _window.Over(context.Input(0));
        return ByteMaxPooling.Fits(window) ? window : null;
    }

    protected override void Compute(RunContext context)
    {
        var (input, output) = (context.Input(0), context.Output(0));
        if (output.Count == 0) return;
        if (input.Element == DataType.Float32 && !context.HasOutput(1))
        {
            var pooling = context.State as MaxPooling ?? new MaxPooling(_window.Over(input));
            context.State = pooling;
            pooling.Run(PoolWindow.Planes(input), input.Values<float>(), output.Values<float>(), context.Scratch, context.Threads);
            return;
        }
        if (input.Element is DataType.Int8 or DataType.UInt8 && !context.HasOutput(1) && Bytes(context) is { } window)
        {
            if (input.Element == DataType.Int8) ByteMaxPooling.Run(window, PoolWindow.Planes(input), input.Values<sbyte>(), output.Values<sbyte>(), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(context.Scratch));
            else ByteMaxPooling.Run(window, PoolWindow.Planes(input), input.Values<byte>(), output.Values<byte>(), context.Scratch);
            return;
        }
        var function = new Function(_window.Over(input), input, output, context.HasOutput(1) ? context.Output(1).Values<long>() : default, _columnMajor);
        NumberTypes.Run(input.Element, ref function);
    }

    private readonly ref struct Function(SpatialWindow window, TensorValue input, TensorValue output, Span<long> indices, bool columnMajor) : INumberFunction
    {
        private readonly Span<long> _indices = indices;

        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T> =>
            PoolingReference.Max<T>(window, PoolWindow.Planes(input), input.Values<T>(), output.Values<T>(), _indices, columnMajor);
    }
}
