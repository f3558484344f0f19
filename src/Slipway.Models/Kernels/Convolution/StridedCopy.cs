using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Copies every stride-th element of a row.</summary>
internal static unsafe class StridedCopy
{
    /// <param name="from">Of which the elements 0, stride, 2·stride … are read, and those between them, but none after the last.</param>
    /// <param name="stride">1 or more.</param>
    /// <param name="to">Where they go, side by side.</param>
    /// <param name="count">Of elements copied.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* from, int stride, float* to, int count)
    {
        if (stride == 1) Copy(from, to, count);
        else if (stride == 2) CopySecond(from, to, count);
        else Gather(from, stride, to, count);
    }

    private static void Copy(float* from, float* to, int count)
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

    private static void CopySecond(float* from, float* to, int count)
    {
        var i = 0;
        if (Avx512F.IsSupported)
        {
            var even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            for (; i < count - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                Avx512F.PermuteVar16x32x2(Vector512.Load(from + (2 * i)), even, Vector512.Load(from + (2 * i) + Vector512<float>.Count)).Store(to + i);
            }
        }
        for (; i < count; i++) to[i] = from[2 * i];
    }

    private static void Gather(float* from, int stride, float* to, int count)
    {
        for (nint i = 0; i < count; i++) to[i] = from[i * stride];
    }
}
