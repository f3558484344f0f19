using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// Transposed convolution of float32 or float64 tensors: input <c>[channels, …]</c>, weights <c>[channels, filters / groups, taps]</c>, output <c>[filters, …]</c>, the channels of
/// each item in groups. A product of weights and input gives what every input pixel spreads, and <see cref="ColumnSum"/> adds it up.
/// </summary>
/// <remarks>
/// Each product is one chain of fused multiply-adds over the channels of the group, from 0; then the taps that fall on an output are added in their order, from 0; then
/// bias and activation. The bits do not depend on threads or the position in a batch.
/// </remarks>
internal sealed unsafe class TransposedConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedRows<T>[]? _weights;
    private readonly T[] _bias;
    private readonly int _channelsPerGroup, _filtersPerGroup;
    private Work? _idle;

    /// <param name="channels">Of the input.</param>
    /// <param name="filters">Channels of the output.</param>
    /// <param name="groups">Into which channels and filters are divided.</param>
    /// <param name="sum">The spatial axes: its columns are the input's pixels, its image the output's.</param>
    /// <param name="weights">Constant weights, packed here; empty when each run brings them.</param>
    /// <param name="bias">Constant bias, one value for each filter; or empty.</param>
    /// <param name="activation">Applied to every output.</param>
    /// <exception cref="ModelException">Channels or filters cannot be divided so, or weights or bias do not have the length that follows.</exception>
    public TransposedConvolution(int channels, int filters, int groups, ColumnSum sum, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, Activation activation = default)
    {
        if (channels < 1 || filters < 1 || groups < 1 || channels % groups != 0 || filters % groups != 0)
        {
            throw new ModelException($"a transposed convolution's {channels} channels and {filters} filters cannot be divided into {groups} groups");
        }
        (Channels, Filters, Groups, Sum, Activation) = (channels, filters, groups, sum, activation);
        (_channelsPerGroup, _filtersPerGroup) = (channels / groups, filters / groups);
        InputLength = SpatialWindow.Count("transposed convolution's input", channels, sum.Positions);
        OutputLength = SpatialWindow.Count("transposed convolution's output", filters, sum.ImageLength);
        WeightsLength = SpatialWindow.Count("transposed convolution's weights", channels, _filtersPerGroup, sum.Taps);
        SpatialWindow.Count("transposed convolution's columns", _filtersPerGroup, sum.ColumnsLength);
        _bias = bias.ToArray();
        if (_bias.Length != 0) RequireBias(_bias.Length);
        if (weights.IsEmpty) return;
        if (weights.Length != WeightsLength) throw new ModelException($"a transposed convolution's weights should have {WeightsLength} elements and have {weights.Length}");
        _weights = new PackedRows<T>[groups];
        for (var group = 0; group < groups; group++) _weights[group] = PackedRows<T>.Pack(Rows, _channelsPerGroup, Of(weights, group), 1, Rows);
    }

    public int Channels { get; }
    public int Filters { get; }
    public int Groups { get; }

    /// <summary>The spatial axes.</summary>
    public ColumnSum Sum { get; }

    /// <summary>Applied to every output.</summary>
    public Activation Activation { get; }

    /// <summary>Elements of one item.</summary>
    public int InputLength { get; }

    /// <summary>Elements of one item's output.</summary>
    public int OutputLength { get; }

    public int WeightsLength { get; }

    /// <summary>The weights are constants; else each run brings them.</summary>
    public bool HasWeights => _weights is not null;

    /// <summary>Bytes of scratch memory that a run needs, for a batch of any size.</summary>
    public long ScratchBytes => (long)Rows * Sum.Positions * sizeof(T);

    /// <summary>Rows of a group's product: what each input pixel spreads.</summary>
    private int Rows => _filtersPerGroup * Sum.Taps;

    /// <summary>Convolves a batch.</summary>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="weights">Empty when they are constants.</param>
    /// <param name="bias">Empty when there is none, or it is a constant.</param>
    /// <param name="input"><paramref name="batch"/> times <see cref="InputLength"/>.</param>
    /// <param name="output"><paramref name="batch"/> times <see cref="OutputLength"/>; overlaps nothing else.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes, of any content.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    public void Run(int batch, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, ReadOnlySpan<T> input, Span<T> output, Span<byte> scratch, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Require("weights", HasWeights ? 0 : WeightsLength, weights.Length);
        Require("input", (long)batch * InputLength, input.Length);
        Require("output", (long)batch * OutputLength, output.Length);
        if (scratch.Length < ScratchBytes) throw new ArgumentException($"a transposed convolution needs {ScratchBytes} bytes of scratch memory and has {scratch.Length}", nameof(scratch));
        if (!bias.IsEmpty) RequireBias(bias.Length);
        else bias = _bias;
        var columns = MemoryMarshal.Cast<byte, T>(scratch)[..(int)(ScratchBytes / sizeof(T))];
        var pixels = Sum.Positions;
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        for (var item = 0; item < batch; item++)
        {
            for (var group = 0; group < Groups; group++)
            {
                var from = input.Slice((item * InputLength) + (group * _channelsPerGroup * pixels), _channelsPerGroup * pixels);
                if (_weights is null) Gemm.Run(Rows, pixels, _channelsPerGroup, Of(weights, group), 1, Rows, from, pixels, 1, columns, pixels, default, threads);
                else Gemm.Run(Rows, pixels, _channelsPerGroup, _weights[group], from, pixels, 1, columns, pixels, default, threads);
                var first = group * _filtersPerGroup;
                fixed (T* c = columns, o = output.Slice((item * OutputLength) + (first * Sum.ImageLength), _filtersPerGroup * Sum.ImageLength), b = bias)
                {
                    work.Columns = c;
                    work.Output = o;
                    work.Epilogue = new EpilogueLoop<T>
                    {
                        Bias = b == null ? null : b + first, BiasKind = b == null ? BiasKind.None : BiasKind.PerRow, Alpha = T.One, Beta = T.One,
                        Activation = Activation.Kind, Low = T.CreateSaturating(Activation.Alpha), High = T.CreateSaturating(Activation.Beta),
                    };
                    WorkerPool.Shared.Run(work, _filtersPerGroup, threads);
                }
            }
        }
        Volatile.Write(ref _idle, work);
    }

    private static void Require(string what, long expected, int found)
    {
        if (expected != found) throw new ArgumentException($"a transposed convolution's {what} should have the length {expected} and has {found}", what);
    }

    private void RequireBias(int found)
    {
        if (found != Filters) throw new ModelException($"a transposed convolution's bias should have {Filters} elements and has {found}");
    }

    private ReadOnlySpan<T> Of(ReadOnlySpan<T> weights, int group) => weights.Slice(group * _channelsPerGroup * Rows, _channelsPerGroup * Rows);

    /// <summary>The sums of one group; a part is one filter.</summary>
    private sealed class Work(TransposedConvolution<T> convolution) : IParallelWork
    {
        public T* Columns;
        public T* Output;
        public EpilogueLoop<T> Epilogue;

        public void Run(int part)
        {
            var sum = convolution.Sum;
            var image = Output + ((nint)part * sum.ImageLength);
            sum.Run(new ReadOnlySpan<T>(Columns + ((nint)part * sum.ColumnsLength), sum.ColumnsLength), new Span<T>(image, sum.ImageLength));
            Epilogue.Apply(image, sum.ImageLength, 1, sum.ImageLength, part, 0);
        }
    }
}
