using System.Buffers;
using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>The discrete Fourier transform of any length, in double: Cooley and Tukey's for powers of two, Bluestein's for others.</summary>
internal static class Fourier
{
    /// <summary>Transforms in place, without dividing by the length.</summary>
    public static void Transform(Span<Complex> values, bool inverse)
    {
        if (values.Length <= 1) return;
        if (System.Numerics.BitOperations.IsPow2(values.Length)) TransformPower(values, inverse);
        else TransformAny(values, inverse);
    }

    private static void TransformPower(Span<Complex> values, bool inverse)
    {
        var n = values.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            var bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i < j) (values[i], values[j]) = (values[j], values[i]);
        }
        for (var length = 2; length <= n; length <<= 1)
        {
            var angle = (inverse ? 2 : -2) * Math.PI / length;
            for (var k = 0; k < length / 2; k++)
            {
                var root = new Complex(Math.Cos(angle * k), Math.Sin(angle * k));
                for (var i = k; i < n; i += length)
                {
                    var (even, odd) = (values[i], values[i + (length / 2)] * root);
                    (values[i], values[i + (length / 2)]) = (even + odd, even - odd);
                }
            }
        }
    }

    private static void TransformAny(Span<Complex> values, bool inverse)
    {
        var n = values.Length;
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((2 * n) - 1));
        var rented = ArrayPool<Complex>.Shared.Rent((2 * size) + n);
        var a = rented.AsSpan(0, size);
        var b = rented.AsSpan(size, size);
        var chirp = rented.AsSpan(2 * size, n);
        a.Clear();
        b.Clear();
        for (var k = 0; k < n; k++)
        {
            // k² modulo 2n keeps the angle small and exact.
            var angle = (inverse ? 1 : -1) * Math.PI * ((long)k * k % (2L * n)) / n;
            chirp[k] = new Complex(Math.Cos(angle), Math.Sin(angle));
            a[k] = values[k] * chirp[k];
            b[k] = Complex.Conjugate(chirp[k]);
            if (k > 0) b[size - k] = b[k];
        }
        TransformPower(a, false);
        TransformPower(b, false);
        for (var k = 0; k < size; k++) a[k] *= b[k];
        TransformPower(a, true);
        for (var k = 0; k < n; k++) values[k] = a[k] / size * chirp[k];
        ArrayPool<Complex>.Shared.Return(rented);
    }
}
