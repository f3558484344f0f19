using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Copies an operand into the order in which a micro-kernel reads it.</summary>
internal static unsafe class Packing<T>
    where T : unmanaged
{
    /// <summary>Panels whose rows are read together: a few lines of a cache, and no more places to write than it keeps apart.</summary>
    private const int PanelsAtOnce = 4;

    /// <summary>Writes <paramref name="steps"/> times <paramref name="width"/> elements: the lanes of a step side by side, then zeros up to the width.</summary>
    /// <param name="from">The first element of the first lane.</param>
    /// <param name="step">From a step to the next, in elements.</param>
    /// <param name="lane">From a lane to the next, in elements.</param>
    /// <param name="steps">0 or more.</param>
    /// <param name="lanes">1 to <paramref name="width"/>.</param>
    /// <param name="width">Elements of a packed step.</param>
    /// <param name="to">Where they go.</param>
    public static void Pack(T* from, nint step, nint lane, nint steps, int lanes, int width, T* to)
    {
        if (lanes < width) new Span<T>(to, checked((int)(steps * width))).Clear();
        if (lane == 1) Copy(from, step, steps, lanes, width, to);
        else if (step == 1 && CanTranspose(steps, lanes)) Transpose(from, lane * sizeof(T), steps, lanes, width, to);
        else Gather(from, step, lane, steps, lanes, width, to);
    }

    /// <summary>Panels of neighbouring columns, each with its steps one after another, from rows that are read from end to end.</summary>
    /// <param name="from">The first panel's first step.</param>
    /// <param name="step">From a step to the next, in elements.</param>
    /// <param name="steps">0 or more.</param>
    /// <param name="panels">0 or more.</param>
    /// <param name="width">Columns of a panel.</param>
    /// <param name="to">Where they go.</param>
    public static void PackPanels(T* from, nint step, nint steps, int panels, int width, T* to)
    {
        for (var first = 0; first < panels; first += PanelsAtOnce, from += PanelsAtOnce * width, to += PanelsAtOnce * width * steps)
        {
            var together = Math.Min(PanelsAtOnce, panels - first);
            T* row = from, packed = to;
            for (nint k = 0; k < steps; k++, row += step, packed += width)
            {
                T* read = row, write = packed;
                for (var panel = 0; panel < together; panel++, read += width, write += steps * width) Copy(read, 0, 1, width, width, write);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* from, nint step, nint steps, int lanes, int width, T* to)
    {
        if (lanes % Vector512<T>.Count != 0)
        {
            TileCopy.Run(from, step, to, width, steps, lanes);
            return;
        }
        for (nint k = 0; k < steps; k++, from += step, to += width)
        {
            for (var j = 0; j < lanes; j += Vector512<T>.Count) Vector512.Load(from + j).Store(to + j);
        }
    }

    private static void Gather(T* from, nint step, nint lane, nint steps, int lanes, int width, T* to)
    {
        for (nint k = 0; k < steps; k++, from += step, to += width)
        {
            var read = from;
            for (var j = 0; j < lanes; j++, read += lane) to[j] = *read;
        }
    }

    /// <summary>There are enough lanes and steps for <see cref="Transpose"/>, and this processor interleaves.</summary>
    public static bool CanTranspose(nint steps, int lanes) =>
        sizeof(T) is 4 or 8 && lanes >= Vector128<T>.Count && steps >= Vector128<T>.Count && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported);

    /// <summary>
    /// Lanes whose steps lie side by side, <paramref name="laneBytes"/> from one to the next, in square blocks; where the last block would reach beyond the end, it
    /// overlaps the one before.
    /// </summary>
    public static void Transpose(T* from, nint laneBytes, nint steps, int lanes, int width, T* to)
    {
        var block = Vector128<T>.Count;
        for (nint k = 0; ; k = nint.Min(k + block, steps - block))
        {
            for (var j = 0; ; j = Math.Min(j + block, lanes - block))
            {
                Block((byte*)(from + k) + (j * laneBytes), laneBytes, to + (k * width) + j, width);
                if (j == lanes - block) break;
            }
            if (k == steps - block) break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(byte* from, nint lane, T* to, nint width)
    {
        if (sizeof(T) == 8)
        {
            var (first, second) = (Vector128.Load((ulong*)from), Vector128.Load((ulong*)(from + lane)));
            InterleaveLow(first, second).Store((ulong*)to);
            InterleaveHigh(first, second).Store((ulong*)(to + width));
            return;
        }
        var (a, b) = (Vector128.Load((uint*)from), Vector128.Load((uint*)(from + lane)));
        var (c, d) = (Vector128.Load((uint*)(from + (2 * lane))), Vector128.Load((uint*)(from + (3 * lane))));
        var (abLow, abHigh) = (InterleaveLow(a, b).AsUInt64(), InterleaveHigh(a, b).AsUInt64());
        var (cdLow, cdHigh) = (InterleaveLow(c, d).AsUInt64(), InterleaveHigh(c, d).AsUInt64());
        InterleaveLow(abLow, cdLow).Store((ulong*)to);
        InterleaveHigh(abLow, cdLow).Store((ulong*)(to + width));
        InterleaveLow(abHigh, cdHigh).Store((ulong*)(to + (2 * width)));
        InterleaveHigh(abHigh, cdHigh).Store((ulong*)(to + (3 * width)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> InterleaveLow(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> InterleaveHigh(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> InterleaveLow(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> InterleaveHigh(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
