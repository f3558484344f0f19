using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution whose taps are read where they lie: in the input if each window has one element, else in the <see cref="WindowBands"/> of some rows of outputs. No
/// column is ever copied tap by tap, and each output is written once.
/// </summary>
internal sealed unsafe class DirectConvolution : Convolution
{
    /// <summary>Bytes of a band: some of a second-level cache.</summary>
    private const int BandBytes = 384 << 10;

    /// <summary>Bytes that a band of the least columns may have.</summary>
    private const int MostBandBytes = 2 << 20;

    /// <summary>Least columns of a band, that its last tile be a small part.</summary>
    private const int LeastColumns = 256;

    /// <summary>Bytes of a block of weights: some of a second-level cache.</summary>
    private const int WeightsBytes = 256 << 10;

    /// <summary>Parts for each thread, so that one that is late holds up little.</summary>
    private const int PartsPerThread = 4;

    /// <summary>As many as there are bits for their scratch memory.</summary>
    private const int MostThreads = 64;

    /// <summary>Tiles that write finished outputs, and tiles that write bare sums.</summary>
    private readonly WindowTiles _tiles, _sums;
    private readonly GemmDriver<float> _driver;
    private readonly PackedRows<float>[] _weights;
    private readonly WindowBands? _bands;
    private readonly int[] _offsets;
    private readonly int _bandsPerSlice;
    private Work? _idle;

    public DirectConvolution(ConvolutionShape shape, Activation activation, ReadOnlySpan<float> weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, hasWeights: true, bias)
    {
        _driver = GemmDriver<float>.For(vectors);
        (_tiles, _sums) = (WindowTiles.For(vectors, activation.Kind), WindowTiles.For(vectors));
        _weights = new PackedRows<float>[shape.Groups];
        for (var group = 0; group < _weights.Length; group++)
        {
            var length = shape.FiltersPerGroup * shape.WeightsPerFilter;
            _weights[group] = PackedRows<float>.Pack(shape.FiltersPerGroup, shape.WeightsPerFilter, weights.Slice(group * length, length), shape.WeightsPerFilter, 1, vectors);
        }
        if (ReadsInput(shape))
        {
            _offsets = new int[shape.ChannelsPerGroup];
            for (var channel = 0; channel < _offsets.Length; channel++) _offsets[channel] = channel * shape.InputPixels;
            _bandsPerSlice = (int)Math.Max(1, shape.OutputPixels / Math.Max(LeastColumns, BandBytes / sizeof(float) / shape.ChannelsPerGroup));
            return;
        }
        _bandsPerSlice = BandsOf(shape);
        _bands = new WindowBands(shape, (shape.Height.Output + _bandsPerSlice - 1) / _bandsPerSlice);
        _offsets = _bands.Offsets;
    }

    private long BandLength => _bands is null ? 0 : Aligned(_bands.Length);

    /// <summary>Bands of an item.</summary>
    private long Bands => (long)Shape.Groups * (_bands is null ? 1 : Shape.Depth.Output) * _bandsPerSlice;

    /// <summary>Whether there are as many outputs as a tile has columns, and the smallest band stays in the cache.</summary>
    public static bool Supports(ConvolutionShape shape, GemmKernel vectors)
    {
        if (shape.Height.Output * (long)shape.Width.Output < 2 * WindowTiles.For(vectors).VectorLength) return false;
        if (ReadsInput(shape)) return true;
        var (row, beyond) = WindowBands.FloatsOf(shape);
        return ((row * LeastRows(shape)) + beyond) * sizeof(float) <= MostBandBytes;
    }

    public override long ScratchBytes(int threads) => _bands is null ? 0 : Alignment + (Math.Min(threads, MostThreads) * BandLength * sizeof(float));

    protected override void Run(in ConvolutionOperands operands)
    {
        var threads = GemmParts.Threads(operands.Batch * (double)Shape.OutputLength * Shape.WeightsPerFilter, Math.Min(operands.Threads, MostThreads));
        var bands = operands.Batch * Bands;
        var work = Interlocked.Exchange(ref _idle, null) ?? new Work(this);
        fixed (int* offsets = _offsets)
        {
            work.Operands = operands;
            work.Offsets = offsets;
            work.FreeScratch = ulong.MaxValue;
            work.FilterParts = FilterParts(bands, threads);
            WorkerPool.Shared.Run(work, checked((int)(bands * work.FilterParts)), threads);
        }
        Volatile.Write(ref _idle, work);
    }

    /// <summary>
    /// Into how many parts the filters of a band are divided, so that threads get as many parts each, or so many that it matters little. Each part of a band's filters writes
    /// the band again: no more of them than needed.
    /// </summary>
    private int FilterParts(long bands, int threads)
    {
        if (threads <= 1 || bands == 0) return 1;
        var strips = _driver.StripsOf(Shape.FiltersPerGroup).Count;
        var most = (long)threads * PartsPerThread;
        if (_bands is null) return (int)Math.Clamp((most + bands - 1) / bands, 1, strips);
        var parts = 1;
        while (parts < Math.Min(threads, strips) && bands * parts < most && bands * parts % threads != 0) parts++;
        return parts;
    }

    private static long Aligned(long floats)
    {
        const int Unit = Alignment / sizeof(float);
        return (floats + Unit - 1) / Unit * Unit;
    }

    /// <summary>Whether each window has one element, which lies where its output's place is.</summary>
    public static bool ReadsInput(ConvolutionShape shape) => IsIdentity(shape.Depth) && IsIdentity(shape.Height) && IsIdentity(shape.Width);

    private static bool IsIdentity(WindowAxis axis) => axis is { Kernel: 1, Stride: 1, PadBegin: 0, PadEnd: 0 };

    /// <summary>Bands of rows that fit the cache, none of which has fewer columns than a tile.</summary>
    private static int BandsOf(ConvolutionShape shape)
    {
        var (row, beyond) = WindowBands.FloatsOf(shape);
        var rows = shape.Height.Output;
        var most = (int)Math.Clamp(((BandBytes / sizeof(float)) - beyond) / row, LeastRows(shape), rows);
        return (rows + most - 1) / most;
    }

    private static int LeastRows(ConvolutionShape shape) => Math.Min((LeastColumns + shape.Width.Output - 1) / shape.Width.Output, shape.Height.Output);

    /// <summary>The first row of a band; without rows, the first column: there all bands but the last have full tiles only.</summary>
    private int Start(int band)
    {
        if (_bands is not null) return GemmParts.At(Shape.Height.Output, band, _bandsPerSlice);
        var tile = 2 * _tiles.VectorLength;
        return band == _bandsPerSlice ? Shape.OutputPixels : GemmParts.At(Shape.OutputPixels / tile, band, _bandsPerSlice) * tile;
    }

    private void RunBand(Work work, long place, int filterPart, float* scratch)
    {
        var (item, inItem) = Math.DivRem(place, Bands);
        var (group, inGroup) = Math.DivRem((int)inItem, (int)(Bands / Shape.Groups));
        var (z, band) = Math.DivRem(inGroup, _bandsPerSlice);
        var input = work.Operands.Input + ((nint)item * Shape.InputLength) + ((nint)group * Shape.ChannelsPerGroup * Shape.InputPixels);
        int first, columns;
        if (_bands is null)
        {
            first = Start(band);
            columns = Start(band + 1) - first;
            input += first;
        }
        else
        {
            var row = Start(band);
            var rows = Start(band + 1) - row;
            _bands.Fill(input, z, row, rows, scratch);
            input = scratch;
            first = ((z * Shape.Height.Output) + row) * Shape.Width.Output;
            columns = rows * Shape.Width.Output;
        }
        var strips = _driver.StripsOf(Shape.FiltersPerGroup).Count;
        Multiply(work, (int)item, group, GemmParts.At(strips, filterPart, work.FilterParts), GemmParts.At(strips, filterPart + 1, work.FilterParts), input, first, columns);
    }

    private void Multiply(Work work, int item, int group, int firstStrip, int endStrip, float* elements, int first, int columns)
    {
        var strips = _driver.StripsOf(Shape.FiltersPerGroup);
        var taps = Shape.WeightsPerFilter;
        var vector = _tiles.VectorLength;
        var weights = _weights[group].Pointer;
        var firstFilter = group * Shape.FiltersPerGroup;
        var output = work.Operands.Output + ((nint)item * Shape.OutputLength) + ((nint)firstFilter * Shape.OutputPixels) + first;
        var epilogue = Epilogue(work.Operands, item);
        var ends = WindowTiles.Ends(epilogue);
        var tiles = ends ? _tiles : _sums;
        var finish = new WindowEnd { Low = epilogue.Low, High = epilogue.High };
        var blockStrips = (int)Math.Max(1, WeightsBytes / ((long)taps * _driver.TileRows * sizeof(float)));
        for (var block = firstStrip; block < endStrip; block += blockStrips)
        {
            var end = Math.Min(block + blockStrips, endStrip);
            for (var done = 0; done < columns; done += 2 * vector)
            {
                // The last tile overlaps the one before it.
                var width = columns - done <= vector ? 1 : 2;
                var column = Math.Min(done, columns - (width * vector));
                for (var strip = block; strip < end; strip++)
                {
                    var (row, height) = (strips.Start(strip), strips.Height(strip));
                    var c = output + ((nint)row * Shape.OutputPixels) + column;
                    if (ends && epilogue.Bias != null) finish.Bias = epilogue.Bias + firstFilter + row;
                    tiles.Run(height, width, taps, weights + ((nint)row * taps), elements + column, work.Offsets, finish, c, Shape.OutputPixels);
                    if (!ends) epilogue.Apply(c, Shape.OutputPixels, height, width * vector, firstFilter + row, first + column);
                }
            }
        }
    }

    /// <summary>One run; a part is some filters of one band.</summary>
    private sealed class Work(DirectConvolution convolution) : IParallelWork
    {
        public ConvolutionOperands Operands;
        public int* Offsets;
        public int FilterParts;

        /// <summary>A bit for each band's scratch memory that no thread uses.</summary>
        public ulong FreeScratch;

        public void Run(int part)
        {
            var (band, filters) = Math.DivRem(part, FilterParts);
            var slot = Take();
            convolution.RunBand(this, band, filters, (float*)Operands.Scratch + (slot * convolution.BandLength));
            Interlocked.Or(ref FreeScratch, 1UL << slot);
        }

        private int Take()
        {
            while (true)
            {
                var free = Volatile.Read(ref FreeScratch);
                var slot = BitOperations.TrailingZeroCount(free);
                if (Interlocked.CompareExchange(ref FreeScratch, free & ~(1UL << slot), free) == free) return slot;
            }
        }
    }
}
