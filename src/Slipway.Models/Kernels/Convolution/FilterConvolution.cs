using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution as the product of columns [outputs, channels · taps] and weights [channels · taps, filters]. Where outputs are few, vectors of them would be half empty,
/// and vectors of filters are full; and a block of weights, which then are most of what is read, stays in the nearest cache until all outputs have used it, while the
/// next one is on its way from memory.
/// </summary>
internal sealed unsafe class FilterConvolution : Convolution
{
    /// <summary>Bytes of a block of weights.</summary>
    private const int BlockBytes = 32 << 10;

    /// <summary>Most outputs; their columns are held whole.</summary>
    private const int MostPixels = 256;

    /// <summary>By how much vectors of outputs have to be longer than the outputs.</summary>
    private const double LeastWaste = 1.1;
    private const int CacheLine = 64;

    private readonly TapPlanes _planes;
    private readonly GemmDriver<float> _driver;
    private readonly PackedMatrix<float>[] _weights;
    private Work? _idle;

    public FilterConvolution(ConvolutionShape shape, Activation activation, ReadOnlySpan<float> weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, hasWeights: true, bias)
    {
        _planes = new TapPlanes(shape.Window, shape.Channels);
        _driver = GemmDriver<float>.For(vectors);
        _weights = new PackedMatrix<float>[shape.Groups];
        for (var group = 0; group < shape.Groups; group++)
        {
            var length = shape.FiltersPerGroup * shape.WeightsPerFilter;
            _weights[group] = PackedMatrix<float>.Pack(shape.WeightsPerFilter, shape.FiltersPerGroup, weights.Slice(group * length, length), 1, shape.WeightsPerFilter, vectors);
        }
    }

    private long PlanesLength => _planes.IsInput ? 0 : Aligned(((long)_planes.ChannelPitch * Shape.Channels) + WindowColumns.Slack);

    private long ColumnsLength => Aligned((long)Shape.OutputPixels * Shape.WeightsPerFilter);

    /// <summary>Of one thread: the outputs of a panel, filters side by side.</summary>
    private long TileLength => Aligned((long)Shape.OutputPixels * 2 * _driver.VectorLength);

    /// <summary>Whether vectors of outputs would be so empty, and vectors of filters full, that this is the faster way.</summary>
    public static bool Suits(ConvolutionShape shape, GemmKernel vectors)
    {
        if (shape.OutputPixels > MostPixels) return false;
        var driver = GemmDriver<float>.For(vectors);
        return driver.PanelsOf(shape.OutputPixels).TotalWidth > LeastWaste * shape.OutputPixels
            && driver.PanelsOf(shape.FiltersPerGroup).TotalWidth <= LeastWaste * shape.FiltersPerGroup;
    }

    public override long ScratchBytes(int threads) => Alignment + ((PlanesLength + ColumnsLength + (threads * TileLength)) * sizeof(float));

    protected override void Run(in ConvolutionOperands operands)
    {
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        for (var item = 0; item < operands.Batch; item++) Run(operands, item, work);
        Volatile.Write(ref _idle, work);
    }

    private static long Aligned(long floats)
    {
        const int Unit = Alignment / sizeof(float);
        return (floats + Unit - 1) / Unit * Unit;
    }

    private void Run(in ConvolutionOperands operands, int item, Work work)
    {
        var input = operands.Input + ((nint)item * Shape.InputLength);
        var scratch = (float*)operands.Scratch;
        var planes = _planes.IsInput ? input : scratch;
        var end = _planes.IsInput ? input + Shape.InputLength : scratch + PlanesLength;
        if (!_planes.IsInput) work.Fill.Run(input, planes, operands.Threads);
        work.Pixels = scratch + PlanesLength;
        work.Tiles = work.Pixels + ColumnsLength;
        work.Epilogue = Epilogue(operands, item);
        for (work.Group = 0; work.Group < Shape.Groups; work.Group++)
        {
            work.Columns.Set(planes + ((nint)work.Group * Shape.ChannelsPerGroup * _planes.ChannelPitch), end);
            work.Output = operands.Output + ((nint)item * Shape.OutputLength) + ((nint)work.Group * Shape.FiltersPerGroup * Shape.OutputPixels);
            work.IsUnfolding = true;
            work.Parts = Math.Min(operands.Threads, _driver.StripsOf(Shape.OutputPixels).Count);
            WorkerPool.Shared.Run(work, work.Parts, operands.Threads);
            work.IsUnfolding = false;
            work.Parts = Math.Min(operands.Threads, _driver.PanelsOf(Shape.FiltersPerGroup).Count);
            WorkerPool.Shared.Run(work, work.Parts, operands.Threads);
        }
    }

    private void Unfold(Work work, int first, int end)
    {
        var strips = _driver.StripsOf(Shape.OutputPixels);
        for (var strip = first; strip < end; strip++)
        {
            var (start, height) = (strips.Start(strip), strips.Height(strip));
            work.Columns.Pack(start, height, height, 0, Shape.WeightsPerFilter, work.Pixels + ((nint)start * Shape.WeightsPerFilter));
        }
    }

    private void Multiply(Work work, int first, int end, float* tile)
    {
        var panels = _driver.PanelsOf(Shape.FiltersPerGroup);
        for (var panel = first; panel < end; panel++)
        {
            var (filter, filters, width) = (panels.Start(panel), panels.ColumnsOf(panel), panels.WidthOf(panel));
            var weights = _weights[work.Group].Pointer + ((nint)filter * Shape.WeightsPerFilter);
            Multiply(work, weights, width, tile);
            var output = work.Output + ((nint)filter * Shape.OutputPixels);
            Transposition.Run(tile, width, Shape.OutputPixels, filters, output);
            work.Epilogue.Apply(output, Shape.OutputPixels, filters, Shape.OutputPixels, (work.Group * Shape.FiltersPerGroup) + filter, 0);
        }
    }

    private void Multiply(Work work, float* weights, int width, float* tile)
    {
        var strips = _driver.StripsOf(Shape.OutputPixels);
        var steps = Shape.WeightsPerFilter;
        var block = BlockBytes / (width * sizeof(float));
        for (var step = 0; step < steps; step += block)
        {
            var count = Math.Min(block, steps - step);
            var here = weights + ((nint)step * width);
            // The block that follows, of this panel or the next, lies behind this one; asking for what is behind the last does no harm.
            var next = (byte*)(here + ((nint)count * width));
            for (var strip = 0; strip < strips.Count; strip++)
            {
                Prefetch(next + ((long)BlockBytes * strip / strips.Count), next + ((long)BlockBytes * (strip + 1) / strips.Count));
                var (start, height) = (strips.Start(strip), strips.Height(strip));
                _driver.RunTile(height, width, count, work.Pixels + ((nint)start * steps) + ((nint)step * height), here, tile + ((nint)start * width), width, step > 0);
            }
        }
    }

    private static void Prefetch(byte* from, byte* end)
    {
        if (!Sse.IsSupported) return;
        for (; from < end; from += CacheLine) Sse.Prefetch1(from);
    }

    /// <summary>One run; a part is some strips of outputs to unfold, or some panels of filters.</summary>
    private sealed class Work(FilterConvolution convolution) : IParallelWork
    {
        public PlaneFill Fill { get; } = new(convolution.Shape, convolution._planes);

        public WindowColumns Columns { get; } = new(convolution.Shape, convolution._planes);

        public EpilogueLoop<float> Epilogue;
        public float* Pixels;
        public float* Tiles;
        public float* Output;
        public int Group;
        public int Parts;
        public bool IsUnfolding;

        public void Run(int part)
        {
            var all = IsUnfolding ? convolution._driver.StripsOf(convolution.Shape.OutputPixels).Count : convolution._driver.PanelsOf(convolution.Shape.FiltersPerGroup).Count;
            var (first, end) = ((int)((long)all * part / Parts), (int)((long)all * (part + 1) / Parts));
            if (IsUnfolding) convolution.Unfold(this, first, end);
            else convolution.Multiply(this, first, end, Tiles + (part * convolution.TileLength));
        }
    }
}
