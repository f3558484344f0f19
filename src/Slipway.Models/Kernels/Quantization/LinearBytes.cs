using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Floats to int8 or uint8 and back with one scale and one zero point.</summary>
internal static class LinearBytes
{
    /// <summary><c>saturate(round(x / scale) + zero)</c>, halves to even; what is not a number becomes 0.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Quantize<T>(ReadOnlySpan<float> x, float scale, int zero, Span<T> y)
        where T : unmanaged
    {
        Require(x.Length, y.Length);
        var (least, greatest) = ((float)ByteLanes.Least<T>(), (float)ByteLanes.Greatest<T>());
        var i = 0;
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
        {
            var (scales, zeros, low, high) = (Vector512.Create(scale), Vector512.Create((float)zero), Vector512.Create(least), Vector512.Create(greatest));
            for (; i <= y.Length - Vector512<int>.Count; i += Vector512<int>.Count)
            {
                var numbers = Vector512.Round(Vector512.Create(x.Slice(i, Vector512<int>.Count)) / scales) + zeros;
                numbers &= Vector512.Equals(numbers, numbers);
                ByteLanes.Store(Avx512F.ConvertToVector512Int32(Avx512F.Min(Avx512F.Max(numbers, low), high)), ref y.Slice(i, Vector512<int>.Count)[0]);
            }
        }
        if (Vector256.IsHardwareAccelerated)
        {
            var (scales, zeros, low, high) = (Vector256.Create(scale), Vector256.Create((float)zero), Vector256.Create(least), Vector256.Create(greatest));
            for (; i <= y.Length - ByteLanes.Count; i += ByteLanes.Count)
            {
                var numbers = Vector256.Round(Vector256.Create(x.Slice(i, ByteLanes.Count)) / scales) + zeros;
                ByteLanes.Store(Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(numbers, low), high)), ref y.Slice(i, ByteLanes.Count)[0]);
            }
        }
        for (; i < y.Length; i++) y[i] = ByteLanes.Element<T>((int)Math.Clamp(MathF.Round(x[i] / scale) + zero, least, greatest));
    }

    /// <summary><c>(x − zero) · scale</c>.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Dequantize<T>(ReadOnlySpan<T> x, float scale, int zero, Span<float> y)
        where T : unmanaged
    {
        Require(x.Length, y.Length);
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var (scales, zeros) = (Vector256.Create(scale), Vector256.Create(zero));
            for (; i <= y.Length - ByteLanes.Count; i += ByteLanes.Count) (Vector256.ConvertToSingle(ByteLanes.Load(in x.Slice(i, ByteLanes.Count)[0]) - zeros) * scales).CopyTo(y.Slice(i, ByteLanes.Count));
        }
        for (; i < y.Length; i++) y[i] = (ByteLanes.Number(x[i]) - zero) * scale;
    }

    private static void Require(int x, int y)
    {
        if (x != y) throw new ArgumentException($"{x} elements do not become {y}", nameof(y));
    }
}
