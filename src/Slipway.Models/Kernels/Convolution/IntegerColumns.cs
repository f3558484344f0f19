using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The columns of a block of outputs, packed for <see cref="IntegerColumnTiles"/>: by panel, step, column and weight of the step. Rows of an element and the outputs' windows are copied
/// in chunks of a vector, of which the later overwrites what the earlier has written too much.
/// </summary>
internal readonly unsafe struct IntegerColumns
{
    /// <summary>Outputs of a chunk.</summary>
    public const int Chunk = 16;

    private readonly IntegerConvolution _convolution;
    private readonly int _block;
    private readonly int* _from, _to, _lengths;
    private readonly byte* _rows;

    /// <param name="block">Most columns, a multiple of the widest panel.</param>
    /// <param name="scratch"><see cref="Bytes"/>.</param>
    public IntegerColumns(IntegerConvolution convolution, int block, byte* scratch)
    {
        (_convolution, _block) = (convolution, block);
        _from = (int*)scratch;
        _to = _from + block;
        _lengths = _to + block;
        _rows = (byte*)(_lengths + block);
    }

    /// <summary>Bytes of scratch memory.</summary>
    public static long Bytes(int block) => ((long)block * 3 * sizeof(int)) + (4L * RowBytes(block));

    private static int RowBytes(int block) => block + IntegerPlanes.Slack;

    /// <param name="channel">The first of the group.</param>
    /// <param name="column">The first output.</param>
    /// <param name="count">Outputs, at least 1.</param>
    /// <param name="flip">Added by exclusive or to every byte.</param>
    /// <param name="tiles">Which will read them.</param>
    /// <param name="panels">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(in IntegerPlaneSource source, int channel, int column, int count, byte flip, IntegerColumnTiles tiles, byte* panels)
    {
        var shape = _convolution.Shape;
        var (group, taps, k) = (tiles.Group, shape.Taps, shape.WeightsPerFilter);
        var steps = tiles.StepsOf(k);
        var offsets = _convolution.TapOffsets;
        var isFlat = _convolution.Planes.IsFlat;
        var chunks = isFlat ? 0 : Split(column, count);
        var stride = shape.Width.Stride;
        var rows = stackalloc byte*[4];
        var (tap, at) = (0, channel);
        for (var step = 0; step < steps; step++)
        {
            for (var part = 0; part < group; part++)
            {
                // What is multiplied by the zeros behind the last weight does not matter.
                if ((step * group) + part >= k)
                {
                    rows[part] = rows[part - 1];
                    continue;
                }
                var from = source.Plane(at);
                if (isFlat)
                {
                    rows[part] = from + column;
                    at++;
                    continue;
                }
                rows[part] = _rows + ((nint)part * RowBytes(_block));
                Gather(from + offsets[tap], stride, chunks, rows[part]);
                if (++tap == taps) (tap, at) = (0, at + 1);
            }
            Interleave(rows, group, tiles.Width, (count + Chunk - 1) / Chunk, flip, panels + ((nint)step * group * tiles.Width), (nint)steps * group * tiles.Width);
        }
    }

    /// <summary>Cuts a block into chunks that lie in one line each.</summary>
    private int Split(int column, int count)
    {
        var (stride, outputs) = (_convolution.Shape.Width.Stride, _convolution.LineOutputs);
        var (line, x) = Math.DivRem(column, outputs);
        var chunks = 0;
        for (var done = 0; done < count; line++, x = 0)
        {
            var start = _convolution.Lines[line] + (x * stride);
            var length = Math.Min(outputs - x, count - done);
            for (var i = 0; i < length; i += Chunk, chunks++) (_from[chunks], _to[chunks], _lengths[chunks]) = (start + (i * stride), done + i, Math.Min(Chunk, length - i));
            done += length;
        }
        return chunks;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(byte* from, int stride, int chunks, byte* to)
    {
        int* starts = _from, ends = _to;
        switch (stride)
        {
            case 1:
                for (var i = 0; i < chunks; i++) Vector128.Load(from + starts[i]).Store(to + ends[i]);
                break;
            case 2:
                var even = Vector256.Create((ushort)0xFF);
                for (var i = 0; i < chunks; i++)
                {
                    var pairs = Vector256.Load((ushort*)(from + starts[i])) & even;
                    Vector128.Narrow(pairs.GetLower(), pairs.GetUpper()).Store(to + ends[i]);
                }
                break;
            default:
                for (var i = 0; i < chunks; i++)
                {
                    byte* read = from + starts[i], write = to + ends[i];
                    for (var j = 0; j < _lengths[i]; j++, read += stride) write[j] = *read;
                }
                break;
        }
    }

    /// <summary>Puts the rows of a step together, column by column.</summary>
    /// <param name="next">From a panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave(byte** rows, int group, int width, int chunks, byte flip, byte* to, nint next)
    {
        var flips = Vector128.Create(flip);
        switch (group)
        {
            case 4:
                byte* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
                for (var i = 0; i < chunks; i++, a += Chunk, b += Chunk, c += Chunk, d += Chunk, to += next)
                {
                    var (first, second, third, fourth) = (Vector128.Load(a) ^ flips, Vector128.Load(b) ^ flips, Vector128.Load(c) ^ flips, Vector128.Load(d) ^ flips);
                    var (lowLeft, lowRight) = (Sse2.UnpackLow(first, second).AsUInt16(), Sse2.UnpackLow(third, fourth).AsUInt16());
                    var (highLeft, highRight) = (Sse2.UnpackHigh(first, second).AsUInt16(), Sse2.UnpackHigh(third, fourth).AsUInt16());
                    Sse2.UnpackLow(lowLeft, lowRight).AsByte().Store(to);
                    Sse2.UnpackHigh(lowLeft, lowRight).AsByte().Store(to + 16);
                    Sse2.UnpackLow(highLeft, highRight).AsByte().Store(to + 32);
                    Sse2.UnpackHigh(highLeft, highRight).AsByte().Store(to + 48);
                }
                break;
            case 2:
                for (var i = 0; i < chunks; i++)
                {
                    var write = Panel(to, i, width, group, next);
                    var (first, second) = (Vector128.Load(rows[0] + (i * Chunk)) ^ flips, Vector128.Load(rows[1] + (i * Chunk)) ^ flips);
                    Sse2.UnpackLow(first, second).Store(write);
                    Sse2.UnpackHigh(first, second).Store(write + 16);
                }
                break;
            default:
                // Panels of half a chunk.
                for (var i = 0; i < chunks; i++, to += 2 * next)
                {
                    var row = Vector128.Load(rows[0] + (i * Chunk)) ^ flips;
                    row.GetLower().Store(to);
                    row.GetUpper().Store(to + next);
                }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Panel(byte* to, int chunk, int width, int group, nint next) =>
        width == Chunk ? to + (chunk * next) : to + ((chunk >> 1) * next) + ((chunk & 1) * Chunk * group);
}

/// <summary>Where the planes of an item are.</summary>
/// <param name="planes">Those of the input.</param>
/// <param name="bytes">From one of them to the next.</param>
/// <param name="copied">From this channel on they are in <paramref name="copies"/>.</param>
/// <param name="copyBytes">From a copy to the next.</param>
internal readonly unsafe struct IntegerPlaneSource(byte* planes, nint bytes, int copied, byte* copies, nint copyBytes)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Plane(int channel) => channel < copied ? planes + (channel * bytes) : copies + ((channel - copied) * copyBytes);
}
