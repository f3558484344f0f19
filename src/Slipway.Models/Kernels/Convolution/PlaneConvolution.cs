namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution with outputs of 7×7, as the last layers of most networks of images have them: too few for the tiles of a <see cref="DirectConvolution"/>, of which a
/// quarter would be empty. What each tap sees is read from the input itself, or from one band of all channels. Needs AVX-512.
/// </summary>
internal sealed unsafe class PlaneConvolution : Convolution
{
    /// <summary>Bytes of a band: no more than a second-level cache has.</summary>
    private const int MostBandBytes = 1 << 20;

    private readonly WindowBands? _bands;
    private readonly int[] _offsets;

    /// <summary>Of each eight filters, tap by tap.</summary>
    private readonly AlignedMemory<float> _weights;
    private Work? _idle;

    public PlaneConvolution(ConvolutionShape shape, Activation activation, ReadOnlySpan<float> weights, float[]? bias)
        : base(shape, activation, hasWeights: true, bias)
    {
        var taps = shape.WeightsPerFilter;
        _weights = new AlignedMemory<float>(weights.Length);
        fixed (float* from = weights)
        {
            for (var filter = 0; filter < shape.Filters; filter += PlaneTile.Filters)
            {
                Packing<float>.Pack(from + ((nint)filter * taps), 1, taps, taps, PlaneTile.Filters, PlaneTile.Filters, _weights.Pointer + ((nint)filter * taps));
            }
        }
        if (DirectConvolution.ReadsInput(shape))
        {
            _offsets = new int[taps];
            for (var channel = 0; channel < taps; channel++) _offsets[channel] = channel * shape.InputPixels;
            return;
        }
        _bands = new WindowBands(shape, shape.Height.Output);
        _offsets = _bands.Offsets;
    }

    /// <summary>Whether the outputs are as many as a tile's, filters come in eights, and a band stays in the cache.</summary>
    public static bool Supports(ConvolutionShape shape, GemmKernel vectors)
    {
        if (GemmSelection.Resolve(vectors) != GemmKernel.Vector512 || shape.OutputPixels != PlaneTile.Pixels || shape.Depth.Output != 1 || shape.FiltersPerGroup % PlaneTile.Filters != 0) return false;
        if (DirectConvolution.ReadsInput(shape)) return true;
        var (row, beyond) = WindowBands.FloatsOf(shape);
        return ((row * shape.Height.Output) + beyond) * sizeof(float) <= MostBandBytes;
    }

    public override long ScratchBytes(int threads) => _bands is null ? 0 : Alignment + ((long)_bands.Length * sizeof(float));

    protected override void Run(in ConvolutionOperands operands)
    {
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        var threads = GemmParts.Threads((double)Shape.OutputLength * Shape.WeightsPerFilter, operands.Threads);
        fixed (int* offsets = _offsets)
        {
            work.Operands = operands;
            work.Offsets = offsets;
            for (work.Item = 0; work.Item < operands.Batch; work.Item++)
            {
                for (work.Group = 0; work.Group < Shape.Groups; work.Group++) Run(work, threads);
            }
        }
        Volatile.Write(ref _idle, work);
    }

    private void Run(Work work, int threads)
    {
        work.Elements = work.Operands.Input + ((nint)work.Item * Shape.InputLength) + ((nint)work.Group * Shape.ChannelsPerGroup * Shape.InputPixels);
        if (_bands is not null)
        {
            work.IsFilling = true;
            work.Parts = Math.Clamp(threads, 1, Shape.ChannelsPerGroup);
            WorkerPool.Shared.Run(work, work.Parts, threads);
            work.Elements = (float*)work.Operands.Scratch;
        }
        work.IsFilling = false;
        work.Parts = Math.Clamp(threads, 1, Shape.FiltersPerGroup / PlaneTile.Filters);
        WorkerPool.Shared.Run(work, work.Parts, threads);
    }

    private void Multiply(Work work, int first, int end)
    {
        var taps = Shape.WeightsPerFilter;
        var epilogue = Epilogue(work.Operands, work.Item);
        for (var filter = first; filter < end; filter += PlaneTile.Filters)
        {
            var at = (nint)filter * PlaneTile.Pixels;
            var c = work.Operands.Output + ((nint)work.Item * Shape.OutputLength) + at;
            PlaneTile.Run(taps, _weights.Pointer + ((nint)filter * taps), work.Elements, work.Offsets, work.Operands.Bias == null ? null : work.Operands.Bias + filter, c);
            // With the bias in it, all of the tile is one row to what is left to do.
            var rest = epilogue with { Bias = null, BiasKind = BiasKind.None, Residual = epilogue.Residual == null ? null : epilogue.Residual + at };
            if (!rest.IsEmpty) rest.Apply(c, PlaneTile.Filters * PlaneTile.Pixels, 1, PlaneTile.Filters * PlaneTile.Pixels, 0, 0);
        }
    }

    /// <summary>One group of one item; a part is some channels of the band to fill, or some filters.</summary>
    private sealed class Work(PlaneConvolution convolution) : IParallelWork
    {
        public ConvolutionOperands Operands;
        public int* Offsets;
        public float* Elements;
        public int Item;
        public int Group;
        public int Parts;
        public bool IsFilling;

        public void Run(int part)
        {
            var shape = convolution.Shape;
            if (IsFilling)
            {
                convolution._bands!.Fill(Elements, 0, 0, shape.Height.Output, GemmParts.At(shape.ChannelsPerGroup, part, Parts), GemmParts.At(shape.ChannelsPerGroup, part + 1, Parts), (float*)Operands.Scratch);
                return;
            }
            var tiles = shape.FiltersPerGroup / PlaneTile.Filters;
            var first = Group * shape.FiltersPerGroup;
            convolution.Multiply(this, first + (GemmParts.At(tiles, part, Parts) * PlaneTile.Filters), first + (GemmParts.At(tiles, part + 1, Parts) * PlaneTile.Filters));
        }
    }
}
