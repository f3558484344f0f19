using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Copies every stride-th element of a row.</summary>
internal static unsafe class StridedCopy
{
    /// <param name="from">The first row, of which the elements 0, stride, 2·stride … are read, and those between them, but none after the last.</param>
    /// <param name="fromPitch">From a row to the next.</param>
    /// <param name="stride">1 or more.</param>
    /// <param name="to">Where they go, side by side.</param>
    /// <param name="toPitch">From a row to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="count">Of elements copied in a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint fromPitch, int stride, float* to, nint toPitch, int rows, int count)
    {
        for (; rows > 0; rows--, from += fromPitch, to += toPitch)
        {
            if (stride == 1) Copy(from, to, count);
            else if (stride == 2) CopySecond(from, to, count);
            else Gather(from, stride, to, count);
        }
    }

    /// <summary>Copies a row of neighbouring elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to, int count)
    {
        var i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count) Vector512.Load(from + i).Store(to + i);
        if (count >= Vector512<float>.Count)
        {
            if (i < count) Vector512.Load(from + count - Vector512<float>.Count).Store(to + count - Vector512<float>.Count);
            return;
        }
        if (count >= Vector256<float>.Count)
        {
            Vector256.Load(from).Store(to);
            Vector256.Load(from + count - Vector256<float>.Count).Store(to + count - Vector256<float>.Count);
            return;
        }
        if (count >= Vector128<float>.Count)
        {
            Vector128.Load(from).Store(to);
            Vector128.Load(from + count - Vector128<float>.Count).Store(to + count - Vector128<float>.Count);
            return;
        }
        for (; i < count; i++) to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopySecond(float* from, float* to, int count)
    {
        var i = 0;
        if (Avx2.IsSupported && count > Vector256<float>.Count)
        {
            for (; i < count - Vector256<float>.Count; i += Vector256<float>.Count) Eight(from + (2 * i), odd: false).Store(to + i);
            // The last ones are taken from one element before them, for there may be none behind.
            i = count - Vector256<float>.Count;
            Eight(from + (2 * i) - 1, odd: true).Store(to + i);
            return;
        }
        if (Sse.IsSupported && count > Vector128<float>.Count)
        {
            for (; i < count - Vector128<float>.Count; i += Vector128<float>.Count) Sse.Shuffle(Vector128.Load(from + (2 * i)), Vector128.Load(from + (2 * i) + Vector128<float>.Count), 0b10_00_10_00).Store(to + i);
            i = count - Vector128<float>.Count;
            Sse.Shuffle(Vector128.Load(from + (2 * i) - 1), Vector128.Load(from + (2 * i) - 1 + Vector128<float>.Count), 0b11_01_11_01).Store(to + i);
            return;
        }
        for (; i < count; i++) to[i] = from[2 * i];
    }

    /// <summary>Every second of sixteen elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(float* from, bool odd)
    {
        var (low, high) = (Vector256.Load(from), Vector256.Load(from + Vector256<float>.Count));
        var mixed = odd ? Avx.Shuffle(low, high, 0b11_01_11_01) : Avx.Shuffle(low, high, 0b10_00_10_00);
        return Avx2.Permute4x64(mixed.AsDouble(), 0b11_01_10_00).AsSingle();
    }

    private static void Gather(float* from, int stride, float* to, int count)
    {
        for (nint i = 0; i < count; i++) to[i] = from[i * stride];
    }
}
