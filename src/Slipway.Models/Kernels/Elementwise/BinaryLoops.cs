using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>An operation on two numbers, for one element and for a vector of them; both give the same bits.</summary>
internal interface INumberOperation
{
    static abstract bool HasVectors<T>();

    static abstract T Of<T>(T a, T b) where T : unmanaged, INumber<T>;

    static abstract Vector<T> Of<T>(Vector<T> a, Vector<T> b);
}

/// <summary>Loops over a run of elements; an operand of one element serves the whole run.</summary>
internal static class BinaryLoops
{
    public static void Run<TOperation, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where TOperation : INumberOperation
        where T : unmanaged, INumber<T>
    {
        if (a.Length == 1 && b.Length == 1)
        {
            y.Fill(TOperation.Of(a[0], b[0]));
            return;
        }
        var done = Vector<T>.IsSupported && TOperation.HasVectors<T>() ? RunVectors<TOperation, T>(a, b, y) : 0;
        if (a.Length == 1)
        {
            var one = a[0];
            for (var i = done; i < y.Length; i++) y[i] = TOperation.Of(one, b[i]);
        }
        else if (b.Length == 1)
        {
            var one = b[0];
            for (var i = done; i < y.Length; i++) y[i] = TOperation.Of(a[i], one);
        }
        else
        {
            for (var i = done; i < y.Length; i++) y[i] = TOperation.Of(a[i], b[i]);
        }
    }

    private static int RunVectors<TOperation, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where TOperation : INumberOperation
        where T : unmanaged, INumber<T>
    {
        var width = Vector<T>.Count;
        var end = y.Length - width;
        if (end < 0) return 0;
        var i = 0;
        if (a.Length == 1)
        {
            var one = new Vector<T>(a[0]);
            b = b[..y.Length];
            for (; i <= end; i += width) TOperation.Of(one, Load(b, i)).StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        }
        else if (b.Length == 1)
        {
            var one = new Vector<T>(b[0]);
            a = a[..y.Length];
            for (; i <= end; i += width) TOperation.Of(Load(a, i), one).StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        }
        else
        {
            a = a[..y.Length];
            b = b[..y.Length];
            for (; i <= end; i += width) TOperation.Of(Load(a, i), Load(b, i)).StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ReadOnlySpan<T> values, int index) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)index);
}
