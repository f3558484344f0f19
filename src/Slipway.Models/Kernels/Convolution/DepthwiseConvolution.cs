namespace Slipway.Models.Kernels;

/// <summary>A convolution with groups of one channel: each channel's padded plane is written once into the nearest cache and read there tap by tap.</summary>
internal sealed unsafe class DepthwiseConvolution : Convolution
{
    private readonly TapPlanes _planes;
    private readonly TapKernel _kernel;
    private readonly GemmKernel _vectors;
    private readonly float[]? _weights;
    private Work? _idle;

    public DepthwiseConvolution(ConvolutionShape shape, Activation activation, float[]? weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, weights is not null, bias)
    {
        _planes = new TapPlanes(shape.Window, 1);
        _kernel = TapKernel.WeightedSum(vectors, shape.Window);
        (_weights, _vectors) = (weights, vectors);
    }

    public override Convolution? Resized(ConvolutionShape shape) => Shares(shape, ConvolutionKernel.Depthwise, _vectors) ? new DepthwiseConvolution(shape, Activation, _weights, Bias, _vectors) : null;

    private long FloatsPerThread => _kernel.PlanesLength(_planes) + _kernel.NarrowLength(Shape.Window);

    private bool CopiesInput => !_planes.IsInput || _kernel.IsNarrow(Shape.Window);

    public override long ScratchBytes(int threads) => Alignment + (threads * FloatsPerThread * sizeof(float));

    protected override void Run(in ConvolutionOperands operands)
    {
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        fixed (float* weights = _weights)
        {
            work.Operands = operands;
            if (HasWeights) work.Operands.Weights = weights;
            work.Parts = (int)Math.Min(operands.Threads, (long)operands.Batch * Shape.Channels);
            WorkerPool.Shared.Run(work, work.Parts, operands.Threads);
        }
        Volatile.Write(ref _idle, work);
    }

    private void RunChannel(in ConvolutionOperands operands, int item, int channel, float* scratch)
    {
        var plane = operands.Input + ((((nint)item * Shape.Channels) + channel) * Shape.InputPixels);
        if (CopiesInput)
        {
            _planes.Fill(plane, scratch);
            plane = scratch;
        }
        var narrow = scratch + _kernel.PlanesLength(_planes);
        var epilogue = Epilogue(operands, item);
        for (var i = 0; i < Shape.FiltersPerGroup; i++)
        {
            var filter = (channel * Shape.FiltersPerGroup) + i;
            var output = operands.Output + ((((nint)item * Shape.Filters) + filter) * Shape.OutputPixels);
            _kernel.Run(Shape.Window, _planes, plane, operands.Weights + ((nint)filter * Shape.Taps), narrow, output);
            epilogue.Apply(output, Shape.OutputPixels, 1, Shape.OutputPixels, filter, 0);
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
            var scratch = (float*)Operands.Scratch + (part * convolution.FloatsPerThread);
            if (convolution.CopiesInput) convolution._planes.Pad(scratch, 0);
            for (var i = all * part / Parts; i < all * (part + 1) / Parts; i++) convolution.RunChannel(Operands, (int)(i / channels), (int)(i % channels), scratch);
        }
    }
}
