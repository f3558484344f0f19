namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution with groups of one channel and windows of 3×3 or 5×5 that move by one or two: each row is read where it lies and added to all outputs that see it.
/// Masks keep reads and writes inside the tensors, so that nothing is copied. Needs AVX-512.
/// </summary>
internal sealed unsafe class DepthwiseRowConvolution : Convolution
{
    private const int Lanes = 16;

    /// <summary>Beyond the last that is read of a row of padding: two vectors and the taps between them.</summary>
    private const int Zeros = 64;

    private readonly DepthwiseRowLoop _loop, _sums;
    private readonly int _vectors;
    private readonly int[] _columns;
    private readonly float[] _masks, _kept;
    private readonly float[]? _weights;
    private Work? _idle;

    public DepthwiseRowConvolution(ConvolutionShape shape, Activation activation, float[]? weights, float[]? bias)
        : base(shape, activation, weights is not null, bias)
    {
        var (size, stride, width) = (shape.Width.Kernel, shape.Width.Stride, shape.Width.Output);
        _weights = weights;
        _loop = DepthwiseRowLoop.For(size, stride, activation.Kind);
        _sums = DepthwiseRowLoop.For(size, stride, ActivationKind.None);
        _columns = new int[(width + Lanes - 1) / Lanes];
        // A vector for each tap; or for each second, and the one behind it.
        _vectors = stride == 1 ? size : size + 1;
        _masks = new float[_columns.Length * _vectors * Lanes];
        _kept = new float[Lanes];
        var all = BitConverter.UInt32BitsToSingle(uint.MaxValue);
        _kept.AsSpan(0, Math.Min(Lanes, width)).Fill(all);
        for (var block = 0; block < _columns.Length; block++)
        {
            // The last block overlaps the one before it.
            _columns[block] = Math.Max(0, Math.Min(block * Lanes, width - Lanes));
            for (var i = 0; i < _vectors * Lanes; i++)
            {
                var (vector, lane) = Math.DivRem(i, Lanes);
                var from = stride == 1 ? vector + lane : (vector / 2 * 2) + (vector % 2 * Lanes) + lane;
                var x = (_columns[block] * stride) + from - shape.Width.PadBegin;
                if (x >= 0 && x < shape.Width.Input) _masks[(block * _vectors * Lanes) + i] = all;
            }
        }
    }

    /// <summary>Whether it takes the shape.</summary>
    public static bool Supports(ConvolutionShape shape, GemmKernel vectors) =>
        shape.ChannelsPerGroup == 1 && GemmSelection.Resolve(vectors) == GemmKernel.Vector512 && shape.Depth == WindowAxis.Absent
        && shape.Width is { Kernel: 3 or 5, Stride: 1 or 2, Dilation: 1 } && shape.Height.Kernel == shape.Width.Kernel && shape.Height.Stride == shape.Width.Stride && shape.Height.Dilation == 1;

    public override Convolution? Resized(ConvolutionShape shape) => Shares(shape, ConvolutionKernel.DepthwiseRows, GemmKernel.Vector512) ? new DepthwiseRowConvolution(shape, Activation, _weights, Bias) : null;

    public override long ScratchBytes(int threads) => 0;

    protected override void Run(in ConvolutionOperands operands)
    {
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        fixed (float* weights = _weights)
        {
            work.Operands = operands;
            if (HasWeights) work.Operands.Weights = weights;
            work.Parts = (int)Math.Min(operands.Threads, (long)operands.Batch * Shape.Filters);
            WorkerPool.Shared.Run(work, work.Parts, operands.Threads);
        }
        Volatile.Write(ref _idle, work);
    }

    private void RunFilters(in ConvolutionOperands operands, long first, long end)
    {
        var zeros = stackalloc float[Zeros];
        new Span<float>(zeros, Zeros).Clear();
        var epilogue = Epilogue(operands, 0);
        var ends = epilogue.Residual == null && Activation.Kind <= ActivationKind.HardSwish;
        fixed (float* masks = _masks, kept = _kept)
        {
            var block = new DepthwiseRowBlock
            {
                Pitch = Shape.Width.Input,
                Rows = Shape.Height.Input,
                Above = Shape.Height.PadBegin,
                FirstRow = Shape.Height.Kernel - 1 - Shape.Height.PadBegin,
                LastRow = ((nint)(Shape.Height.Output - 1) * Shape.Height.Stride) + Shape.Height.Kernel - 1 - Shape.Height.PadBegin,
                ToPitch = Shape.Width.Output,
                Ahead = 2 * (nint)Shape.InputPixels,
                ToAhead = 2 * (nint)Shape.OutputPixels,
                Kept = kept,
                Zeros = zeros,
                Low = epilogue.Low,
                High = epilogue.High,
            };
            for (var i = first; i < end; i += 2)
            {
                var (one, other) = (FilterOf(operands, i, ends), FilterOf(operands, Math.Min(i + 1, end - 1), ends));
                for (var column = 0; column < _columns.Length; column++)
                {
                    block.From = (_columns[column] * Shape.Width.Stride) - Shape.Width.PadBegin;
                    block.To = _columns[column];
                    block.Masks = masks + (column * _vectors * Lanes);
                    (ends ? _loop : _sums).Run(block, one, other);
                }
                if (ends) continue;
                for (var j = i; j < Math.Min(i + 2, end); j++)
                {
                    var (item, filter) = Math.DivRem(j, Shape.Filters);
                    Epilogue(operands, (int)item).Apply(operands.Output + ((nint)j * Shape.OutputPixels), Shape.OutputPixels, 1, Shape.OutputPixels, (nint)filter, 0);
                }
            }
        }
    }

    private DepthwiseRowFilter FilterOf(in ConvolutionOperands operands, long index, bool ends)
    {
        var (item, filter) = Math.DivRem(index, Shape.Filters);
        return new DepthwiseRowFilter
        {
            Input = operands.Input + ((nint)item * Shape.InputLength) + ((nint)(filter / Shape.FiltersPerGroup) * Shape.InputPixels),
            Output = operands.Output + ((nint)index * Shape.OutputPixels),
            Weights = operands.Weights + ((nint)filter * Shape.Taps),
            Bias = ends && operands.Bias != null ? operands.Bias + filter : null,
        };
    }

    /// <summary>One run; a part is some filters of some items.</summary>
    private sealed class Work(DepthwiseRowConvolution convolution) : IParallelWork
    {
        public ConvolutionOperands Operands;
        public int Parts;

        public void Run(int part)
        {
            var all = (long)Operands.Batch * convolution.Shape.Filters;
            convolution.RunFilters(Operands, all * part / Parts, all * (part + 1) / Parts);
        }
    }
}
