namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution with groups of one channel: each channel's padded plane is written once into the nearest cache and read there tap by tap. Rows shorter than a vector
/// are computed together with the places between them, which are left out afterwards.
/// </summary>
internal sealed unsafe class DepthwiseConvolution : Convolution
{
    private readonly TapPlanes _planes;
    private readonly TapKernel _kernel;
    private readonly float[]? _weights;
    private Work? _idle;

    public DepthwiseConvolution(ConvolutionShape shape, Activation activation, float[]? weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, weights is not null, bias)
    {
        _planes = new TapPlanes(shape);
        _kernel = TapKernel.For(vectors);
        _weights = weights;
    }

    /// <summary>Rows are shorter than a vector.</summary>
    private bool IsNarrow => Shape.Width.Output < _kernel.VectorLength;

    /// <summary>Outputs of a slice and the places between them.</summary>
    private int FlatLength => ((Shape.Height.Output - 1) * _planes.RowPitch) + Shape.Width.Output;

    /// <summary>Floats of one thread: a channel's planes, and a slice before the places between its outputs are left out.</summary>
    private long ScratchPerThread => Aligned((long)_planes.ChannelPitch + _kernel.Slack) + (IsNarrow ? Aligned((long)FlatLength + _kernel.Slack) : 0);

    public override long ScratchBytes(int threads) => Alignment + (threads * ScratchPerThread * sizeof(float));

    protected override void Run(in ConvolutionOperands operands)
    {
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        fixed (float* weights = _weights)
        {
            work.Operands = operands;
            if (HasWeights) work.Operands.Weights = weights;
            var channels = (long)operands.Batch * Shape.Channels;
            work.Parts = (int)Math.Min(operands.Threads, channels);
            WorkerPool.Shared.Run(work, work.Parts, operands.Threads);
        }
        Volatile.Write(ref _idle, work);
    }

    private static long Aligned(long floats)
    {
        const int Unit = Alignment / sizeof(float);
        return (floats + Unit - 1) / Unit * Unit;
    }

    private void RunChannel(in ConvolutionOperands operands, int item, int channel, float* scratch)
    {
        var plane = operands.Input + ((((nint)item * Shape.Channels) + channel) * Shape.InputPixels);
        if (!_planes.IsInput || IsNarrow)
        {
            _planes.Fill(plane, scratch);
            plane = scratch;
        }
        var flat = scratch + Aligned((long)_planes.ChannelPitch + _kernel.Slack);
        var epilogue = Epilogue(operands, item);
        fixed (int* offsets = _planes.Offsets)
        {
            for (var i = 0; i < Shape.FiltersPerGroup; i++)
            {
                var filter = (channel * Shape.FiltersPerGroup) + i;
                var weights = operands.Weights + ((nint)filter * Shape.Taps);
                var output = operands.Output + ((((nint)item * Shape.Filters) + filter) * Shape.OutputPixels);
                for (var z = 0; z < Shape.Depth.Output; z++)
                {
                    var from = plane + ((nint)z * _planes.SlicePitch);
                    var to = output + ((nint)z * Shape.Height.Output * Shape.Width.Output);
                    if (!IsNarrow)
                    {
                        _kernel.Rows(from, _planes.RowPitch, offsets, weights, Shape.Taps, to, Shape.Height.Output, Shape.Width.Output);
                        continue;
                    }
                    _kernel.Flat(from, offsets, weights, Shape.Taps, flat, FlatLength);
                    for (var y = 0; y < Shape.Height.Output; y++) StridedCopy.Run(flat + ((nint)y * _planes.RowPitch), 1, to + ((nint)y * Shape.Width.Output), Shape.Width.Output);
                }
                epilogue.Apply(output, Shape.OutputPixels, 1, Shape.OutputPixels, filter, 0);
            }
        }
    }

    /// <summary>One run; a part is some channels of some items.</summary>
    private sealed class Work(DepthwiseConvolution convolution) : IParallelWork
    {
        public ConvolutionOperands Operands;
        public int Parts;

        public void Run(int part)
        {
            var channels = convolution.Shape.Channels;
            var all = (long)Operands.Batch * channels;
            var scratch = (float*)Operands.Scratch + (part * convolution.ScratchPerThread);
            for (var i = all * part / Parts; i < all * (part + 1) / Parts; i++) convolution.RunChannel(Operands, (int)(i / channels), (int)(i % channels), scratch);
        }
    }
}
