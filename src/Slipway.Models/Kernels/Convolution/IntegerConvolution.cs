using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// Convolution of int8 or uint8 tensors with zero points: sums are exact in int32 (a sum beyond it wraps around), padding counts as the input's zero point. The result is
/// left as int32, or scaled and rounded to int8 or uint8 again. A run allocates nothing and is safe from many threads at once.
/// </summary>
internal sealed unsafe class IntegerConvolution
{
    /// <summary>Bytes of columns that are packed at a time, about: some of a second-level cache.</summary>
    private const int ColumnBytes = 192 << 10;
    private const int MostColumns = 256;

    /// <summary>A multiple of every panel's columns.</summary>
    private const int LeastColumns = 32;

    /// <summary>Sums of lines that are computed at a time, about: some of a first-level cache.</summary>
    private const int TapSums = 2048;
    private const int SumsSlack = 16;

    /// <summary>Multiply-adds that are worth a thread.</summary>
    private const int WorthAThread = 512 << 10;
    private const int MostGroup = 4;
    private const int MostRows = 12;
    private const int Alignment = AlignedMemory.Alignment;

    private readonly int[] _tapOffsets, _tapWords, _lines;

    private readonly int _leastPart;

    /// <param name="shape">Of one item.</param>
    /// <param name="leastPart">Multiply-adds that are worth a thread.</param>
    /// <exception cref="Slipway.Core.ModelException">A padded plane would have more than <see cref="int.MaxValue"/> elements.</exception>
    public IntegerConvolution(ConvolutionShape shape, int leastPart = WorthAThread)
    {
        _leastPart = leastPart;
        (Shape, Planes) = (shape, new IntegerPlanes(shape.Window));
        _tapOffsets = new int[shape.Taps];
        for (var tap = 0; tap < shape.Taps; tap++) _tapOffsets[tap] = Planes.Tap(tap);
        _tapWords = IntegerTaps.Offsets(Planes, shape);
        _lines = new int[shape.Depth.Output * shape.Height.Output];
        for (var line = 0; line < _lines.Length; line++) _lines[line] = Planes.Line(line);
        CopiedPlanes = Planes.IsPadded ? shape.Channels : Math.Min(shape.Channels, (IntegerPlanes.Slack + shape.InputPixels - 1) / shape.InputPixels);
        SharedBytes = Align(((long)CopiedPlanes * Planes.Bytes) + IntegerPlanes.Slack);
        TapPlaneBytes = Align(Planes.Bytes + IntegerTaps.Slack(shape.Width));
        LineOutputs = shape.Width.Output;
        TapLines = Math.Max(1, TapSums / LineOutputs);
    }

    public ConvolutionShape Shape { get; }

    public IntegerPlanes Planes { get; }

    /// <summary>Where each tap is in a window.</summary>
    public ReadOnlySpan<int> TapOffsets => _tapOffsets;

    /// <summary>Where each group of <see cref="IntegerFilters.TapGroup"/> taps in a row is in a window.</summary>
    public ReadOnlySpan<int> TapWords => _tapWords;

    /// <summary>Where the first window of each line of outputs is.</summary>
    public ReadOnlySpan<int> Lines => _lines;

    /// <summary>Outputs of a line: the axis divides for them each time.</summary>
    public int LineOutputs { get; }

    /// <summary>The last channels, whose planes are read from copies.</summary>
    public int CopiedPlanes { get; }

    /// <summary>Scratch memory of the copies.</summary>
    public long SharedBytes { get; }

    /// <summary>A plane that is read by vectors.</summary>
    public long TapPlaneBytes { get; }

    /// <summary>Lines whose sums are computed at a time.</summary>
    public int TapLines { get; }

    /// <summary>Parts that threads share: never more than the pool's budget.</summary>
    public int PartsFor(int threads) => (int)Math.Clamp(Shape.Operations / 2 / _leastPart, 1, Math.Min(threads, WorkerPool.Shared.Budget));

    /// <summary>Outputs of a filter that are computed at a time: a multiple of every panel's columns.</summary>
    public int BlockFor(int parts)
    {
        var block = Math.Clamp(ColumnBytes / Shape.WeightsPerFilter, LeastColumns, Math.Min(MostColumns, Shape.OutputPixels + LeastColumns - 1)) / LeastColumns * LeastColumns;
        while (block > LeastColumns && (long)Shape.Groups * ((Shape.OutputPixels + block - 1) / block) < parts) block -= LeastColumns;
        return block;
    }

    /// <summary>Scratch memory of a part.</summary>
    public long PartBytes(IntegerForm form, int block) => Align(form == IntegerForm.Taps
        ? TapPlaneBytes + (sizeof(int) * (((long)TapLines * LineOutputs) + SumsSlack))
        : IntegerColumns.Bytes(block) + (block * (Shape.WeightsPerFilter + (long)(MostGroup + ((MostRows + 1) * sizeof(int))))));

    /// <summary>Bytes of scratch memory that a run needs.</summary>
    /// <param name="batch">Items.</param>
    /// <param name="threads">Most threads that it will use.</param>
    public long ScratchBytes(int batch, IntegerForm form, int threads)
    {
        if (form == IntegerForm.Items) return (long)batch * Shape.Filters * sizeof(int);
        var parts = PartsFor(threads);
        return (form == IntegerForm.Tiles ? SharedBytes : 0) + (parts * PartBytes(form, BlockFor(parts)));
    }

    /// <summary>Convolves a batch to int32: ONNX's ConvInteger.</summary>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="input">Items side by side.</param>
    /// <param name="inputZero">The input's zero point.</param>
    /// <param name="filters">The weights, packed for this convolution.</param>
    /// <param name="output">Items side by side.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes, of any content.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <typeparam name="TInput"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">A span does not have its length, or the filters are of another convolution.</exception>
    public void Run<TInput>(int batch, ReadOnlySpan<TInput> input, TInput inputZero, IntegerFilters filters, Span<int> output, Span<byte> scratch, int threads)
        where TInput : unmanaged
    {
        Check(batch, input.Length, filters, output.Length, scratch.Length, threads);
        if (filters.Form == IntegerForm.Items)
        {
            Multiply(batch, input, inputZero, filters, output, threads);
            return;
        }
        fixed (int* to = output)
        {
            Run(batch, input, inputZero, new IntegerConvolutionProblem { Convolution = this, Filters = filters, Output = to }, scratch, threads);
        }
    }

    /// <summary>Convolves a batch to small integers: ONNX's QLinearConv.</summary>
    /// <param name="bias">Of int32, added to the sums; or empty.</param>
    /// <param name="scales">By filter: how much a unit of the sum is in units of the output (input scale · weight scale / output scale).</param>
    /// <param name="output">Items side by side: sums times scale, rounded half to even, plus the zero point, saturated.</param>
    /// <param name="outputZero">The output's zero point.</param>
    /// <typeparam name="TOutput"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <inheritdoc cref="Run{TInput}"/>
    public void RunScaled<TInput, TOutput>(
        int batch, ReadOnlySpan<TInput> input, TInput inputZero, IntegerFilters filters, ReadOnlySpan<int> bias, ReadOnlySpan<float> scales, Span<TOutput> output, TOutput outputZero, Span<byte> scratch, int threads)
        where TInput : unmanaged
        where TOutput : unmanaged
    {
        Check(batch, input.Length, filters, output.Length, scratch.Length, threads);
        if (bias.Length != 0) Require("bias", Shape.Filters, bias.Length);
        Require("scales", Shape.Filters, scales.Length);
        if (filters.Form == IntegerForm.Items)
        {
            var sums = MemoryMarshal.Cast<byte, int>(scratch)[..output.Length];
            Multiply(batch, input, inputZero, filters, sums, threads);
            Requantization.Rows(sums, bias, scales, outputZero, output);
            return;
        }
        fixed (int* biases = bias)
        fixed (float* factors = scales)
        fixed (TOutput* to = output)
        {
            var problem = new IntegerConvolutionProblem
            {
                Convolution = this, Filters = filters, Bias = biases, Scales = factors, Output = to, IsOutputSigned = IntegerSign.IsSigned<TOutput>(), OutputZero = ByteLanes.Number(outputZero),
            };
            Run(batch, input, inputZero, problem, scratch, threads);
        }
    }

    private static void Run<TInput>(int batch, ReadOnlySpan<TInput> input, TInput inputZero, IntegerConvolutionProblem problem, Span<byte> scratch, int threads)
        where TInput : unmanaged
    {
        fixed (TInput* from = input)
        fixed (byte* memory = scratch)
        {
            problem.Batch = batch;
            problem.Input = (byte*)from;
            problem.Flip = IntegerSign.IsSigned<TInput>() ? (byte)0x80 : (byte)0;
            problem.Zero = Unsafe.BitCast<TInput, byte>(inputZero);
            IntegerConvolutionWork.Run(problem, memory, threads);
        }
        GC.KeepAlive(problem.Filters);
    }

    private void Multiply<TInput>(int batch, ReadOnlySpan<TInput> input, TInput inputZero, IntegerFilters filters, Span<int> sums, int threads)
        where TInput : unmanaged =>
        IntegerGemm.Run(batch, Shape.Filters, Shape.WeightsPerFilter, input, Shape.WeightsPerFilter, 1, [inputZero], filters.Items!, sums, Shape.Filters, threads);

    private void Check(int batch, int input, IntegerFilters filters, int output, int scratch, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Require("input", (long)batch * Shape.InputLength, input);
        Require("output", (long)batch * Shape.OutputLength, output);
        if (!filters.Fit(Shape)) throw new ArgumentException("the filters were packed for another convolution", nameof(filters));
        var needed = ScratchBytes(batch, filters.Form, threads);
        if (scratch < needed) throw new ArgumentException($"an integer convolution needs {needed} bytes of scratch memory and has {scratch}", nameof(scratch));
    }

    private static void Require(string what, long expected, int found)
    {
        if (expected != found) throw new ArgumentException($"an integer convolution's {what} should have the length {expected} and has {found}", what);
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
