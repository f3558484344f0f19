using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Tests.Models.Kernels.Gemm;

/// <summary>The definition of a product, one element after another.</summary>
internal static class GemmReference
{
    public static T[] Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var c = new T[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (var s = 0; s < k; s++) sum = T.FusedMultiplyAdd(a[(i * aRow) + (s * aColumn)], b[(s * bRow) + (j * bColumn)], sum);
                c[(i * n) + j] = sum;
            }
        }
        return c;
    }

    public static T[] Values<T>(Random random, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[count];
        for (var i = 0; i < count; i++) values[i] = T.CreateTruncating((random.NextDouble() * 2) - 1);
        return values;
    }

    public static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> found)
        where T : unmanaged
    {
        Assert.Equal(expected.Length, found.Length);
        if (!MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(found))) Assert.Equal(expected.ToArray(), found.ToArray());
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(found)), "the bits differ");
    }
}
