using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// Convolution of int8 or uint8 tensors with zero points: sums are exact in int32 (a sum beyond it wraps around), padding counts as the input's zero point. The result is
/// left as int32, or scaled and rounded to int8 or uint8 again. A run allocates nothing and is safe from many threads at once.
/// </summary>
/// <param name="shape">Of one item.</param>
internal sealed partial class IntegerConvolution(ConvolutionShape shape)
{
    /// <summary>Bytes of columns that are unfolded at a time, about: some of a second-level cache.</summary>
    private const int ColumnBytes = 256 << 10;
    private const int LeastColumns = 64;

    public ConvolutionShape Shape { get; } = shape;

    /// <summary>Bytes of scratch memory that a run needs, for a batch of any size.</summary>
    public long ScratchBytes => IsByChannel ? (long)Shape.Width.Output * sizeof(int) : ((long)BlockColumns * Shape.WeightsPerFilter) + ((long)BlockColumns * Shape.FiltersPerGroup * sizeof(int)) + sizeof(int);

    /// <summary>Outputs that are computed at a time.</summary>
    private int BlockColumns => Math.Min(Math.Max(ColumnBytes / Shape.WeightsPerFilter, LeastColumns), Shape.OutputPixels);

    /// <summary>Convolves a batch to int32: ONNX's ConvInteger.</summary>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="input">Items side by side.</param>
    /// <param name="inputZero">The input's zero point.</param>
    /// <param name="weights">As <see cref="ConvolutionShape"/> says.</param>
    /// <param name="weightZeros">None for 0, one for all filters, or one for each.</param>
    /// <param name="output">Items side by side.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes, of any content.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <typeparam name="TInput"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <typeparam name="TWeight"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    public void Run<TInput, TWeight>(int batch, ReadOnlySpan<TInput> input, TInput inputZero, ReadOnlySpan<TWeight> weights, ReadOnlySpan<TWeight> weightZeros, Span<int> output, Span<byte> scratch, int threads)
        where TInput : unmanaged
        where TWeight : unmanaged
    {
        Require("output", (long)batch * Shape.OutputLength, output.Length);
        var target = new PlainTarget(output);
        Run(batch, input, inputZero, weights, weightZeros, ref target, scratch, threads);
    }

    /// <summary>Convolves a batch to small integers: ONNX's QLinearConv.</summary>
    /// <param name="bias">Of int32, added to the sums; or empty.</param>
    /// <param name="scales">How much a unit of the sum is in units of the output (input scale · weight scale / output scale): one for all filters, or one for each.</param>
    /// <param name="output">Items side by side: sums times scale, rounded half to even, plus the zero point, saturated.</param>
    /// <param name="outputZero">The output's zero point.</param>
    /// <typeparam name="TOutput"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <inheritdoc cref="Run{TInput, TWeight}"/>
    public void RunScaled<TInput, TWeight, TOutput>(
        int batch, ReadOnlySpan<TInput> input, TInput inputZero, ReadOnlySpan<TWeight> weights, ReadOnlySpan<TWeight> weightZeros, ReadOnlySpan<int> bias, ReadOnlySpan<float> scales,
        Span<TOutput> output, TOutput outputZero, Span<byte> scratch, int threads)
        where TInput : unmanaged
        where TWeight : unmanaged
        where TOutput : unmanaged
    {
        Require("output", (long)batch * Shape.OutputLength, output.Length);
        if (bias.Length != 0) Require("bias", Shape.Filters, bias.Length);
        if (scales.Length != 1) Require("scales", Shape.Filters, scales.Length);
        var target = new ScaledTarget<TOutput>(output, bias, scales, outputZero);
        Run(batch, input, inputZero, weights, weightZeros, ref target, scratch, threads);
    }

    private void Run<TInput, TWeight, TTarget>(int batch, ReadOnlySpan<TInput> input, TInput inputZero, ReadOnlySpan<TWeight> weights, ReadOnlySpan<TWeight> weightZeros, ref TTarget target, Span<byte> scratch, int threads)
        where TInput : unmanaged
        where TWeight : unmanaged
        where TTarget : ITarget, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Require("input", (long)batch * Shape.InputLength, input.Length);
        Require("weights", Shape.WeightsLength, weights.Length);
        if (weightZeros.Length > 1) Require("zero points of the weights", Shape.Filters, weightZeros.Length);
        if (scratch.Length < ScratchBytes) throw new ArgumentException($"an integer convolution needs {ScratchBytes} bytes of scratch memory and has {scratch.Length}", nameof(scratch));
        if (IsByChannel)
        {
            RunByChannel(batch, input, inputZero, weights, weightZeros, ref target, MemoryMarshal.Cast<byte, int>(scratch)[..Shape.Width.Output]);
            return;
        }
        var (k, filters, block) = (Shape.WeightsPerFilter, Shape.FiltersPerGroup, BlockColumns);
        var columns = MemoryMarshal.Cast<byte, TInput>(scratch[..(block * k)]);
        var sums = MemoryMarshal.Cast<byte, int>(scratch[(block * k)..]);
        Span<TInput> inputZeros = [inputZero];
        for (var item = 0; item < batch; item++)
        {
            for (var group = 0; group < Shape.Groups; group++)
            {
                var first = group * filters;
                var channels = input.Slice((item * Shape.InputLength) + (group * Shape.ChannelsPerGroup * Shape.InputPixels), Shape.ChannelsPerGroup * Shape.InputPixels);
                var zeros = weightZeros.Length > 1 ? weightZeros.Slice(first, filters) : weightZeros;
                for (var column = 0; column < Shape.OutputPixels; column += block)
                {
                    var count = Math.Min(block, Shape.OutputPixels - column);
                    Unfold(channels, inputZero, column, count, columns);
                    IntegerGemm.RunBatch(1, filters, count, k, weights.Slice(first * k, filters * k), 0, k, 1, zeros, columns[..(count * k)], 0, count, 1, inputZeros, sums[..(filters * count)], 0, count, threads);
                    for (var i = 0; i < filters; i++) target.Take(sums.Slice(i * count, count), first + i, (((item * Shape.Filters) + first + i) * Shape.OutputPixels) + column);
                }
            }
        }
    }

    /// <summary>Writes the columns of some outputs: for each channel and tap a row of elements.</summary>
    private void Unfold<T>(ReadOnlySpan<T> channels, T zero, int column, int count, Span<T> columns)
        where T : unmanaged
    {
        var (depth, height, width) = (Shape.Depth, Shape.Height, Shape.Width);
        var row = columns;
        for (var channel = 0; channel < Shape.ChannelsPerGroup; channel++)
        {
            var pixels = channels.Slice(channel * Shape.InputPixels, Shape.InputPixels);
            for (var tap = 0; tap < Shape.Taps; tap++, row = row[count..])
            {
                var (taps, kx) = Math.DivRem(tap, width.Kernel);
                var (kz, ky) = Math.DivRem(taps, height.Kernel);
                var (line, x) = Math.DivRem(column, width.Output);
                for (var done = 0; done < count; line++, x = 0)
                {
                    var length = Math.Min(width.Output - x, count - done);
                    var (oz, oy) = Math.DivRem(line, height.Output);
                    var iz = ((long)oz * depth.Stride) + ((long)kz * depth.Dilation) - depth.PadBegin;
                    var iy = ((long)oy * height.Stride) + ((long)ky * height.Dilation) - height.PadBegin;
                    var to = row.Slice(done, length);
                    if (iz < 0 || iz >= depth.Input || iy < 0 || iy >= height.Input) to.Fill(zero);
                    else Copy(pixels.Slice((int)((iz * height.Input) + iy) * width.Input, width.Input), ((long)x * width.Stride) + ((long)kx * width.Dilation) - width.PadBegin, width.Stride, zero, to);
                    done += length;
                }
            }
        }
    }

    private static void Copy<T>(ReadOnlySpan<T> line, long begin, int stride, T zero, Span<T> to)
        where T : unmanaged
    {
        if (stride == 1 && begin >= 0 && begin + to.Length <= line.Length)
        {
            line.Slice((int)begin, to.Length).CopyTo(to);
            return;
        }
        for (var i = 0; i < to.Length; i++, begin += stride) to[i] = begin >= 0 && begin < line.Length ? line[(int)begin] : zero;
    }

    private static void Require(string what, long expected, int found)
    {
        if (expected != found) throw new ArgumentException($"an integer convolution's {what} should have the length {expected} and has {found}", what);
    }

    /// <summary>Where finished sums of one filter go.</summary>
    private interface ITarget
    {
        void Take(ReadOnlySpan<int> sums, int filter, int position);
    }

    private readonly ref struct PlainTarget(Span<int> output) : ITarget
    {
        private readonly Span<int> _output = output;

        public void Take(ReadOnlySpan<int> sums, int filter, int position) => sums.CopyTo(_output[position..]);
    }

    private readonly ref struct ScaledTarget<T>(Span<T> output, ReadOnlySpan<int> bias, ReadOnlySpan<float> scales, T zero) : ITarget
        where T : unmanaged
    {
        private readonly Span<T> _output = output;
        private readonly ReadOnlySpan<int> _bias = bias;
        private readonly ReadOnlySpan<float> _scales = scales;

        public void Take(ReadOnlySpan<int> sums, int filter, int position)
        {
            Requantization.Run(sums, _bias.IsEmpty ? 0 : _bias[filter], _scales[_scales.Length == 1 ? 0 : filter], zero, _output.Slice(position, sums.Length));
        }
    }
}
