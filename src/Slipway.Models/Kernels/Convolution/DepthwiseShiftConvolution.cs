namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution with groups of one channel whose rows are short: each channel is kept once for every tap along the width, as <see cref="DepthwisePlanes"/>, so that vectors
/// of outputs go on from one row to the next. Some channels are written before the first of them is read: what is still on its way to the cache is slow to read.
/// </summary>
internal sealed unsafe class DepthwiseShiftConvolution : Convolution
{
    /// <summary>Bytes that the copies of some channels may have: half of a first-level cache.</summary>
    private const int CopiesBytes = 24 << 10;

    /// <summary>Most channels that are written before they are read.</summary>
    private const int MostChannels = 8;

    /// <summary>Longest rows for which it is the faster way.</summary>
    private const int LongestRow = 16;

    private readonly DepthwisePlanes _planes;
    private readonly int _channels;

    /// <summary>Tiles that write finished outputs, and tiles that write bare sums.</summary>
    private readonly WindowTiles _tiles, _sums;
    private readonly float[]? _weights;
    private Work? _idle;

    public DepthwiseShiftConvolution(ConvolutionShape shape, Activation activation, float[]? weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, weights is not null, bias)
    {
        _planes = new DepthwisePlanes(shape);
        _channels = Math.Clamp(CopiesBytes / sizeof(float) / _planes.Length, 1, MostChannels);
        (_tiles, _sums) = (WindowTiles.For(vectors, activation.Kind), WindowTiles.For(vectors));
        _weights = weights;
    }

    private int FloatsPerThread => _channels * _planes.Length;

    /// <summary>Whether it takes the shape, a vector of outputs fits, and a channel's copies stay in the nearest cache.</summary>
    public static bool Supports(ConvolutionShape shape, GemmKernel vectors) =>
        shape.ChannelsPerGroup == 1 && DepthwisePlanes.Supports(shape) && shape.OutputPixels >= WindowTiles.For(vectors).VectorLength
        && DepthwisePlanes.LengthOf(shape) * sizeof(float) <= CopiesBytes;

    /// <summary>Whether it is faster than a <see cref="DepthwiseConvolution"/>.</summary>
    public static bool Suits(ConvolutionShape shape, GemmKernel vectors) => shape.Width.Output <= LongestRow && Supports(shape, vectors);

    public override long ScratchBytes(int threads) => Alignment + ((long)threads * FloatsPerThread * sizeof(float));

    protected override void Run(in ConvolutionOperands operands)
    {
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        fixed (float* weights = _weights)
        fixed (int* offsets = _planes.Offsets)
        {
            work.Operands = operands;
            work.Offsets = offsets;
            if (HasWeights) work.Operands.Weights = weights;
            work.Parts = (int)Math.Min(operands.Threads, (long)operands.Batch * Shape.Channels);
            WorkerPool.Shared.Run(work, work.Parts, operands.Threads);
        }
        Volatile.Write(ref _idle, work);
    }

    private void RunPart(Work work, long first, long end, float* scratch)
    {
        float* input = work.Operands.Input, after = input + ((nint)work.Operands.Batch * Shape.InputLength);
        for (var i = 0; i < _channels; i++) _planes.Pad(scratch + (i * _planes.Length));
        var item = (int)(first / Shape.Channels);
        var channel = (int)(first % Shape.Channels) - 1;
        var epilogue = Epilogue(work.Operands, item);
        var ends = WindowTiles.EndsChannel(epilogue);
        for (; first < end; first += _channels)
        {
            var count = (int)Math.Min(_channels, end - first);
            for (var i = 0; i < count; i++) _planes.Fill(input + ((nint)(first + i) * Shape.InputPixels), input, after, scratch + (i * _planes.Length));
            for (var i = 0; i < count; i++)
            {
                if (++channel == Shape.Channels)
                {
                    channel = 0;
                    epilogue = Epilogue(work.Operands, ++item);
                }
                RunChannel(work, item, channel, epilogue, ends, scratch + (i * _planes.Length));
            }
        }
    }

    private void RunChannel(Work work, int item, int channel, in EpilogueLoop<float> epilogue, bool ends, float* planes)
    {
        var end = new WindowEnd { Low = epilogue.Low, High = epilogue.High };
        var filter = channel * Shape.FiltersPerGroup;
        var output = work.Operands.Output + ((((nint)item * Shape.Filters) + filter) * Shape.OutputPixels);
        for (var i = 0; i < Shape.FiltersPerGroup; i++, filter++, output += Shape.OutputPixels)
        {
            var weights = work.Operands.Weights + ((nint)filter * Shape.Taps);
            if (ends)
            {
                end.Bias = epilogue.Bias == null ? null : epilogue.Bias + filter;
                _tiles.RunChannel(Shape.OutputPixels, Shape.Taps, weights, planes, work.Offsets, end, output);
                continue;
            }
            _sums.RunChannel(Shape.OutputPixels, Shape.Taps, weights, planes, work.Offsets, end, output);
            epilogue.Apply(output, Shape.OutputPixels, 1, Shape.OutputPixels, filter, 0);
        }
    }

    /// <summary>One run; a part is some channels of some items.</summary>
    private sealed class Work(DepthwiseShiftConvolution convolution) : IParallelWork
    {
        public ConvolutionOperands Operands;
        public int* Offsets;
        public int Parts;

        public void Run(int part)
        {
            var all = (long)Operands.Batch * convolution.Shape.Channels;
            convolution.RunPart(this, all * part / Parts, all * (part + 1) / Parts, (float*)Operands.Scratch + ((nint)part * convolution.FloatsPerThread));
        }
    }
}
