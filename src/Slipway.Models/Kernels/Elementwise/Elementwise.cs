using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>Operations of one or two elements over whole tensors. Nothing is allocated.</summary>
internal static class Elementwise
{
    /// <summary>result[i] = op(a[i], b[i]) with <paramref name="a"/> and <paramref name="b"/> repeated as <paramref name="plan"/> says.</summary>
    /// <param name="plan">Of the three shapes.</param>
    /// <param name="a">Row-major.</param>
    /// <param name="b">Row-major.</param>
    /// <param name="result">Row-major. May be the memory of an argument that is as large, else shares none with them.</param>
    public static void Run<T, TResult, TOperator>(BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> result)
        where T : unmanaged
        where TResult : unmanaged
        where TOperator : struct, IBinaryOperator<T, TResult>
    {
        RequireLength(a.Length, plan.CountA, nameof(a));
        RequireLength(b.Length, plan.CountB, nameof(b));
        RequireLength(result.Length, plan.Count, nameof(result));
        if (result.IsEmpty) return;
        var extents = plan.Extents;
        var stridesA = plan.StridesA;
        var stridesB = plan.StridesB;
        var inner = extents.Length - 1;
        var count = (int)extents[inner];
        var (stepA, stepB) = ((int)stridesA[inner], (int)stridesB[inner]);
        if (inner == 0)
        {
            RunInner<T, TResult, TOperator>(a, stepA, b, stepB, result);
            return;
        }
        Span<int> index = stackalloc int[inner];
        index.Clear();
        int offsetA = 0, offsetB = 0;
        for (var offset = 0; ; offset += count)
        {
            RunInner<T, TResult, TOperator>(Row(a, offsetA, stepA, count), stepA, Row(b, offsetB, stepB, count), stepB, result.Slice(offset, count));
            var loop = inner - 1;
            for (; loop >= 0; loop--)
            {
                offsetA += (int)stridesA[loop];
                offsetB += (int)stridesB[loop];
                if (++index[loop] < extents[loop]) break;
                offsetA -= (int)(stridesA[loop] * extents[loop]);
                offsetB -= (int)(stridesB[loop] * extents[loop]);
                index[loop] = 0;
            }
            if (loop < 0) return;
        }
    }

    /// <summary>result[i] = op(a[i], b[i]).</summary>
    /// <param name="a">As long as <paramref name="result"/>, or one element for all.</param>
    /// <param name="b">As long as <paramref name="result"/>, or one element for all.</param>
    /// <param name="result">The same memory as an argument or none of it.</param>
    public static void Run<T, TOperator>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result)
        where T : unmanaged
        where TOperator : struct, IBinaryOperator<T, T>
    {
        if (a.Length != 1) RequireLength(a.Length, result.Length, nameof(a));
        if (b.Length != 1) RequireLength(b.Length, result.Length, nameof(b));
        RunInner<T, T, TOperator>(a, a.Length == 1 ? 0 : 1, b, b.Length == 1 ? 0 : 1, result);
    }

    /// <summary>result[i] = op(x[i]).</summary>
    /// <param name="x">Any number of elements.</param>
    /// <param name="result">As many; the same memory or none of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TResult, TOperator>(ReadOnlySpan<T> x, Span<TResult> result)
        where T : unmanaged
        where TResult : unmanaged
        where TOperator : struct, IUnaryOperator<T, TResult>
    {
        RequireLength(result.Length, x.Length, nameof(result));
        var i = 0;
        if (TOperator.IsVectorized && Unsafe.SizeOf<T>() == Unsafe.SizeOf<TResult>())
        {
            ref var source = ref MemoryMarshal.GetReference(x);
            ref var target = ref MemoryMarshal.GetReference(result);
            for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                TOperator.Invoke(Vector.LoadUnsafe(ref source, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
            }
        }
        for (; i < x.Length; i++) result[i] = TOperator.Invoke(x[i]);
    }

    private static ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> tensor, int offset, int step, int count) => tensor.Slice(offset, step == 0 ? 1 : count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunInner<T, TResult, TOperator>(ReadOnlySpan<T> a, int stepA, ReadOnlySpan<T> b, int stepB, Span<TResult> result)
        where T : unmanaged
        where TResult : unmanaged
        where TOperator : struct, IBinaryOperator<T, TResult>
    {
        var i = 0;
        if (TOperator.IsVectorized && Unsafe.SizeOf<T>() == Unsafe.SizeOf<TResult>() && result.Length >= Vector<T>.Count)
        {
            ref var left = ref MemoryMarshal.GetReference(a);
            ref var right = ref MemoryMarshal.GetReference(b);
            ref var target = ref MemoryMarshal.GetReference(result);
            var vectors = result.Length - Vector<T>.Count;
            if (stepA == 0)
            {
                var repeated = Vector.Create(a[0]);
                for (; i <= vectors; i += Vector<T>.Count)
                {
                    TOperator.Invoke(repeated, stepB == 0 ? Vector.Create(b[0]) : Vector.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
                }
            }
            else if (stepB == 0)
            {
                var repeated = Vector.Create(b[0]);
                for (; i <= vectors; i += Vector<T>.Count) TOperator.Invoke(Vector.LoadUnsafe(ref left, (nuint)i), repeated).StoreUnsafe(ref target, (nuint)i);
            }
            else
            {
                for (; i <= vectors; i += Vector<T>.Count)
                {
                    TOperator.Invoke(Vector.LoadUnsafe(ref left, (nuint)i), Vector.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
                }
            }
        }
        for (; i < result.Length; i++) result[i] = TOperator.Invoke(a[i * stepA], b[i * stepB]);
    }

    private static void RequireLength(int length, long expected, string name)
    {
        if (length != expected) throw new ArgumentException($"has {length} elements where {expected} are wanted", name);
    }
}
