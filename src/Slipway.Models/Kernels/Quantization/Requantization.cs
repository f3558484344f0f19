using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// Sums of int32 as int8 or uint8: <c>saturate(round((sum + bias) · scale) + zero)</c>, halves to even. The sum becomes a float32 and each operation is rounded to float32, as in ONNX Runtime:
/// the same bits on every processor.
/// </summary>
internal static class Requantization
{
    /// <summary>Sums that share a bias and a scale: one channel of a convolution.</summary>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Run<T>(ReadOnlySpan<int> sums, int bias, float scale, T zero, Span<T> to)
        where T : unmanaged
    {
        Require(sums.Length, to.Length, nameof(to));
        var range = new Range(ByteLanes.Number(zero), ByteLanes.Least<T>(), ByteLanes.Greatest<T>());
        // What is not a number is not compared in one way by all processors.
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated && to.Length >= Vector512<int>.Count && float.IsFinite(scale))
        {
            var (biases, scales) = (Vector512.Create(bias), Vector512.Create(scale));
            for (var j = 0; ; j = Math.Min(j + Vector512<int>.Count, to.Length - Vector512<int>.Count))
            {
                var bytes = Avx512F.ConvertToVector128Byte(range.Of(Vector512.Create(sums.Slice(j, Vector512<int>.Count)) + biases, scales));
                Unsafe.WriteUnaligned(ref Unsafe.As<T, byte>(ref to.Slice(j, Vector512<int>.Count)[0]), bytes);
                if (j == to.Length - Vector512<int>.Count) return;
            }
        }
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var (biases, scales) = (Vector256.Create(bias), Vector256.Create(scale));
            for (; i <= to.Length - ByteLanes.Count; i += ByteLanes.Count) ByteLanes.Store(range.Of(Vector256.Create(sums.Slice(i, ByteLanes.Count)) + biases, scales), ref to.Slice(i, ByteLanes.Count)[0]);
        }
        for (; i < to.Length; i++) to[i] = ByteLanes.Element<T>(range.Of(unchecked(sums[i] + bias), scale));
    }

    /// <summary>Rows of sums whose columns have each a bias and a scale: a product of matrices.</summary>
    /// <param name="biases">None, or one for each column.</param>
    /// <param name="scales">One for each column.</param>
    /// <inheritdoc cref="Run{T}"/>
    public static void Rows<T>(ReadOnlySpan<int> sums, ReadOnlySpan<int> biases, ReadOnlySpan<float> scales, T zero, Span<T> to)
        where T : unmanaged
    {
        Require(sums.Length, to.Length, nameof(to));
        if (!biases.IsEmpty) Require(scales.Length, biases.Length, nameof(biases));
        var range = new Range(ByteLanes.Number(zero), ByteLanes.Least<T>(), ByteLanes.Greatest<T>());
        for (var row = 0; row < to.Length; row += scales.Length)
        {
            var from = sums.Slice(row, scales.Length);
            var target = to.Slice(row, scales.Length);
            var i = 0;
            if (Vector256.IsHardwareAccelerated)
            {
                for (; i <= target.Length - ByteLanes.Count; i += ByteLanes.Count)
                {
                    var sum = Vector256.Create(from.Slice(i, ByteLanes.Count));
                    if (!biases.IsEmpty) sum += Vector256.Create(biases.Slice(i, ByteLanes.Count));
                    ByteLanes.Store(range.Of(sum, Vector256.Create(scales.Slice(i, ByteLanes.Count))), ref target.Slice(i, ByteLanes.Count)[0]);
                }
            }
            for (; i < target.Length; i++) target[i] = ByteLanes.Element<T>(range.Of(unchecked(from[i] + (biases.IsEmpty ? 0 : biases[i])), scales[i]));
        }
    }

    private static void Require(int expected, int found, string name)
    {
        if (expected != found) throw new ArgumentException($"{expected} elements are expected, there are {found}", name);
    }

    /// <summary>The numbers of a type, counted from its zero point.</summary>
    private readonly struct Range(int zero, int least, int greatest)
    {
        private readonly float _least = least - zero;
        private readonly float _greatest = greatest - zero;

        /// <summary>Of finite scales.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<int> Of(Vector512<int> sum, Vector512<float> scale) =>
            Avx512F.ConvertToVector512Int32(Avx512F.Min(Avx512F.Max(Avx512F.ConvertToVector512Single(sum) * scale, Vector512.Create(_least)), Vector512.Create(_greatest))) + Vector512.Create(zero);

        public Vector256<int> Of(Vector256<int> sum, Vector256<float> scale) =>
            Vector256.ConvertToInt32(Vector256.Round(Vector256.Min(Vector256.Max(Vector256.ConvertToSingle(sum) * scale, Vector256.Create(_least)), Vector256.Create(_greatest)))) + Vector256.Create(zero);

        public int Of(int sum, float scale) => (int)MathF.Round(Math.Clamp(sum * scale, _least, _greatest)) + zero;
    }
}
