using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// The right operand of a convolution as a product: row k is one tap over one channel, column j one output. The matrix is never whole in memory: panels of a few
/// columns are copied from the <see cref="TapPlanes"/> when the product asks for them.
/// </summary>
internal sealed unsafe class WindowColumns(ConvolutionShape shape, TapPlanes planes) : ImplicitColumns<float>
{
    /// <summary>Floats that a copy of whole vectors may read and write too many.</summary>
    public const int Slack = 15;

    private float* _planes;
    private float* _end;

    /// <param name="first">The planes of the group's first channel.</param>
    /// <param name="end">Behind the last float that may be read.</param>
    public void Set(float* first, float* end)
    {
        _planes = first;
        _end = end;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pack(int column, int columns, int width, int step, int steps, float* to)
    {
        var runs = stackalloc Run[columns];
        var count = Divide(column, columns, runs);
        var last = runs[count - 1];
        var reach = last.From + last.Count + Slack;
        var offsets = planes.Offsets;
        var (channel, tap) = Math.DivRem(step, offsets.Length);
        var from = _planes + ((nint)channel * planes.ChannelPitch);
        // A copy that is too long writes into steps that follow; the last ones have none.
        for (; (steps - 1) * width > Slack; steps--, to += width)
        {
            var row = from + offsets[tap];
            if (row + reach > _end) break;
            if (count == 1) CopyLong(row + runs[0].From, to, columns);
            else Copy(row, runs, count, to);
            if (++tap == offsets.Length)
            {
                tap = 0;
                from += planes.ChannelPitch;
            }
        }
        for (; steps > 0; steps--, to += width)
        {
            var row = from + offsets[tap];
            for (var i = 0; i < count; i++) StridedCopy.Copy(row + runs[i].From, to + runs[i].To, runs[i].Count);
            if (++tap == offsets.Length)
            {
                tap = 0;
                from += planes.ChannelPitch;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* row, Run* runs, int count, float* to)
    {
        for (var i = 0; i < count; i++)
        {
            var run = runs[i];
            if (run.Count <= Vector256<float>.Count) Vector256.Load(row + run.From).Store(to + run.To);
            else CopyLong(row + run.From, to + run.To, run.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLong(float* from, float* to, int count)
    {
        Vector512.Load(from).Store(to);
        for (var i = Vector512<float>.Count; i < count; i += Vector512<float>.Count) Vector512.Load(from + i).Store(to + i);
    }

    /// <summary>Neighbouring outputs of one row read neighbouring floats: the columns as such runs.</summary>
    private int Divide(int column, int columns, Run* runs)
    {
        var outputWidth = shape.Width.Output;
        if (planes.RowPitch == outputWidth && planes.SlicePitch == outputWidth * shape.Height.Output)
        {
            runs[0] = new Run { From = column, To = 0, Count = columns };
            return 1;
        }
        var (line, x) = Math.DivRem(column, outputWidth);
        var (z, y) = Math.DivRem(line, shape.Height.Output);
        var count = 0;
        for (var done = 0; done < columns; x = 0)
        {
            var length = Math.Min(outputWidth - x, columns - done);
            runs[count++] = new Run { From = (z * planes.SlicePitch) + (y * planes.RowPitch) + x, To = done, Count = length };
            done += length;
            if (++y < shape.Height.Output) continue;
            y = 0;
            z++;
        }
        return count;
    }

    private struct Run
    {
        public int From;
        public int To;
        public int Count;
    }
}
