using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// QLinearAveragePool: the mean of quantized numbers under each window, in float32 from the first element to the last, quantized again: the zero point is added before
/// the number is rounded. Inputs as <see cref="QLinearUnary"/>.
/// </summary>
internal sealed class QLinearAveragePool : Operator
{
    private readonly PoolWindow _window;
    private readonly bool _countPadding;

    public QLinearAveragePool(NodeInfo node)
    {
        (_window, _countPadding) = (new PoolWindow(node), node.Flag("count_include_pad"));
        if (node.Flag("channels_last")) throw node.Unsupported("channels_last: channels as the last dimension");
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), _window.Output(context));

    public override long ScratchBytes(RunContext context) => sizeof(float) * ((long)context.Input(0).Count + context.Output(0).Count);

    public override void Run(RunContext context)
    {
        var (x, y) = (context.Input(0), context.Output(0));
        if (y.Count == 0) return;
        var (from, to) = (LinearQuantization.Of(context, 1, 2, x.Element), LinearQuantization.Of(context, 3, 4, x.Element));
        var scratch = MemoryMarshal.Cast<byte, float>(context.Scratch);
        var numbers = scratch[..x.Count];
        var means = scratch.Slice(x.Count, y.Count);
        var bytes = x.Values<byte>();
        for (var i = 0; i < numbers.Length; i++) numbers[i] = from.Number(bytes[i]);
        PoolingReference.Average<float, float>(_window.Over(x), PoolWindow.Planes(x), numbers, means, _countPadding);
        var result = y.Values<byte>();
        for (var i = 0; i < means.Length; i++) result[i] = (byte)(int)Math.Clamp(MathF.Round((means[i] / to.Scale) + to.Zero), to.IsSigned ? sbyte.MinValue : byte.MinValue, to.IsSigned ? sbyte.MaxValue : byte.MaxValue);
    }
}

/// <summary>QLinearGlobalAveragePool: the mean of each channel of [N, C, …], or of [N, …, C] with <c>channels_last</c>: the exact sum, scaled and rounded once. Inputs as <see cref="QLinearUnary"/>.</summary>
internal sealed class QLinearGlobalAveragePool(NodeInfo node) : Operator
{
    private readonly bool _channelsLast = node.Flag("channels_last");

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } input)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (input.Rank < 3) throw new ModelException($"the input must be [N, C, …], it is {input}");
        var output = new long[input.Rank];
        Array.Fill(output, 1);
        var channel = _channelsLast ? input.Rank - 1 : 1;
        (output[0], output[channel]) = (input[0], input[channel]);
        context.SetOutput(0, context.Element(0), output);
    }

    public override void Run(RunContext context)
    {
        if (context.Input(0).Element == DataType.Int8) Run<sbyte>(context);
        else Run<byte>(context);
    }

    private void Run<T>(RunContext context) where T : unmanaged
    {
        var (x, y) = (context.Input(0), context.Output(0));
        if (y.Count == 0) return;
        var (from, to) = (LinearQuantization.Of(context, 1, 2, x.Element), LinearQuantization.Of(context, 3, 4, x.Element));
        var channels = (int)x[_channelsLast ? x.Rank - 1 : 1];
        var pixels = x.Count / y.Count;
        if (pixels == 0) throw new RecordException($"{x.Type} has channels without elements");
        var scale = from.Scale / (to.Scale * pixels);
        var values = x.Values<T>();
        var zero = ByteLanes.Element<T>(to.Zero);
        Span<int> sum = stackalloc int[1];
        for (var plane = 0; plane < y.Count; plane++)
        {
            var (first, step) = _channelsLast ? ((plane / channels * pixels * channels) + (plane % channels), channels) : (plane * pixels, 1);
            sum[0] = step == 1 ? ByteLanes.Sum(values.Slice(first, pixels)) : Sum(values, first, step, pixels);
            Requantization.Run(sum, unchecked(-from.Zero * pixels), scale, zero, y.Values<T>().Slice(plane, 1));
        }
    }

    private static int Sum<T>(ReadOnlySpan<T> values, int first, int step, int count) where T : unmanaged
    {
        var sum = 0;
        for (var i = 0; i < count; i++) sum = unchecked(sum + ByteLanes.Number(values[first + (i * step)]));
        return sum;
    }
}
