using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>An integer convolution shared among threads: each part is some blocks of outputs, or some filters of one, with scratch memory of its own.</summary>
internal sealed unsafe class IntegerConvolutionWork : IParallelWork
{
    private static IntegerConvolutionWork? _kept;

    private IntegerConvolutionProblem _problem;
    private byte* _scratch;
    private int _item, _parts, _block;

    private ConvolutionShape Shape => _problem.Convolution.Shape;

    private IntegerFilters Filters => _problem.Filters;

    /// <param name="scratch">As many bytes as the convolution says.</param>
    /// <param name="threads">Most threads.</param>
    public static void Run(in IntegerConvolutionProblem problem, byte* scratch, int threads)
    {
        var work = Interlocked.Exchange(ref _kept, null) ?? new IntegerConvolutionWork();
        work._problem = problem;
        work._scratch = scratch;
        try
        {
            work.RunItems(problem.Convolution.PartsFor(threads));
        }
        finally
        {
            work._problem = default;
            Volatile.Write(ref _kept, work);
        }
    }

    private void RunItems(int parts)
    {
        (_parts, _block) = (parts, _problem.Convolution.BlockFor(parts));
        var copies = _problem.Convolution.CopiedPlanes;
        var planes = _problem.Convolution.Planes;
        if (Filters.Form == IntegerForm.Tiles && planes.IsPadded)
        {
            for (var i = 0; i < copies; i++) planes.Fill(_scratch + (i * (nint)planes.Bytes), _problem.Zero);
        }
        for (_item = 0; _item < _problem.Batch; _item++)
        {
            if (Filters.Form == IntegerForm.Tiles)
            {
                for (var i = 0; i < copies; i++) planes.Copy(Plane(Shape.Channels - copies + i), 0, _scratch + (i * (nint)planes.Bytes));
            }
            if (parts == 1) Run(0);
            else WorkerPool.Shared.Run(this, parts, parts);
        }
    }

    public void Run(int part)
    {
        if (Filters.Form == IntegerForm.Tiles) RunTiles(part);
        else if (!Filters.HasDotProduct) RunTaps<DotProductByPairs, ByteShuffle>(part);
        else if (BytePermutation.IsSupported) RunTaps<DotProductInstruction, BytePermutation>(part);
        else RunTaps<DotProductInstruction, ByteShuffle>(part);
    }

    private byte* Plane(int channel) => _problem.Input + ((nint)_item * Shape.InputLength) + ((nint)channel * Shape.InputPixels);

    private void RunTiles(int part)
    {
        var strips = Filters.Tiles.StripsOf(Shape.FiltersPerGroup);
        var blocks = (Shape.OutputPixels + _block - 1) / _block;
        var units = Shape.Groups * blocks;
        // Units side by side, or, where there are fewer than parts, some strips of one.
        var cuts = units >= _parts ? 1 : Math.Min(_parts / units, Math.Max(strips.Count, 1));
        if (cuts == 1)
        {
            var many = Math.Min(units, _parts);
            if (part >= many) return;
            for (var unit = GemmParts.At(units, part, many); unit < GemmParts.At(units, part + 1, many); unit++) RunBlock(part, unit / blocks, unit % blocks, strips, 0, strips.Count);
        }
        else if (part < units * cuts)
        {
            var (unit, cut) = Math.DivRem(part, cuts);
            RunBlock(part, unit / blocks, unit % blocks, strips, GemmParts.At(strips.Count, cut, cuts), GemmParts.At(strips.Count, cut + 1, cuts));
        }
    }

    private void RunBlock(int part, int group, int block, Strips strips, int firstStrip, int endStrip)
    {
        var (convolution, tiles, steps) = (_problem.Convolution, Filters.Tiles, Filters.Steps);
        var column = block * _block;
        var count = Math.Min(_block, Shape.OutputPixels - column);
        var scratch = _scratch + convolution.SharedBytes + (part * (nint)convolution.PartBytes(Filters.Form, _block));
        var panels = scratch + IntegerColumns.Bytes(_block);
        var ones = (int*)(panels + ((nint)steps * tiles.Group * _block));
        var sums = ones + _block;
        var direct = Shape.Channels - convolution.CopiedPlanes;
        var source = new IntegerPlaneSource(Plane(0), Shape.InputPixels, direct, _scratch, (nint)convolution.Planes.Bytes);
        new IntegerColumns(convolution, _block, scratch).Pack(source, group * Shape.ChannelsPerGroup, column, count, _problem.Flip, tiles, panels);
        if (Filters.HasZeroPoints) tiles.Multiply(1, count, steps, Filters.Ones, panels, ones, _block);
        for (var strip = firstStrip; strip < endStrip; strip++)
        {
            var (first, height) = ((group * Shape.FiltersPerGroup) + strips.Start(strip), strips.Height(strip));
            tiles.Multiply(height, count, steps, Filters.Words + ((nint)first * steps), panels, sums, _block);
            for (var i = 0; i < height; i++)
            {
                var row = sums + ((nint)i * _block);
                if (Filters.HasZeroPoints) Subtract(row, ones, Filters.ZeroPoints[first + i], count);
                _problem.Take(row, count, first + i, ((nint)_item * Shape.OutputLength) + ((nint)(first + i) * Shape.OutputPixels) + column);
            }
        }
    }

    private static void Subtract(int* sums, int* ones, int zero, int count)
    {
        for (var i = 0; i < count; i++) sums[i] = unchecked(sums[i] - (ones[i] * zero));
    }

    private void RunTaps<TDot, TWindow>(int part)
        where TDot : IByteDotProduct
        where TWindow : IByteWindow
    {
        var convolution = _problem.Convolution;
        var planes = convolution.Planes;
        var scratch = _scratch + (part * (nint)convolution.PartBytes(Filters.Form, _block));
        var sums = (int*)(scratch + convolution.TapPlaneBytes);
        planes.Fill(scratch, (byte)(_problem.Zero ^ _problem.Flip));
        var (lines, together) = (convolution.Lines.Length, convolution.TapLines);
        var words = convolution.TapWords.Length;
        var order = IntegerTaps.Order<TWindow>(Shape.Width);
        for (var channel = GemmParts.At(Shape.Channels, part, _parts); channel < GemmParts.At(Shape.Channels, part + 1, _parts); channel++)
        {
            planes.Copy(Plane(channel), _problem.Flip, scratch);
            for (var filter = channel * Shape.FiltersPerGroup; filter < (channel + 1) * Shape.FiltersPerGroup; filter++)
            {
                var weights = Filters.Words + ((nint)filter * words);
                var position = ((nint)_item * Shape.OutputLength) + ((nint)filter * Shape.OutputPixels);
                for (var line = 0; line < lines; line += together)
                {
                    var end = Math.Min(line + together, lines);
                    IntegerTaps.Run<TDot, TWindow>(convolution, order, scratch, weights, line, end, sums);
                    _problem.Take(sums, (end - line) * convolution.LineOutputs, filter, position + ((nint)line * convolution.LineOutputs));
                }
            }
        }
    }
}
