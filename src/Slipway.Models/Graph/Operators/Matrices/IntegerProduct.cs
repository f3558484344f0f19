using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>The exact product of two matrices of integers; sums wrap around.</summary>
internal static class IntegerProduct
{
    /// <summary>c[i, j] = Σ a[i, k] · b[k, j]; a and b are read with strides, c is dense.</summary>
    public static void Run<T>(int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn, Span<T> c)
        where T : unmanaged, INumber<T>
    {
        c = c[..(m * n)];
        c.Clear();
        for (var i = 0; i < m; i++)
        {
            var row = c.Slice(i * n, n);
            for (var p = 0; p < k; p++)
            {
                var x = a[i * aRow + p * aColumn];
                if (T.IsZero(x)) continue;
                for (var j = 0; j < row.Length; j++) row[j] = unchecked(row[j] + x * b[p * bRow + j * bColumn]);
            }
        }
    }
}
