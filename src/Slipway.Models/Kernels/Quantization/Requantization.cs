using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// Sums of int32 as int8 or uint8: <c>saturate(round((sum + bias) · scale) + zero)</c>, halves to even. The sum becomes a float32 and each operation is rounded to float32, as in ONNX Runtime:
/// the same bits on every processor.
/// </summary>
internal static unsafe class Requantization
{
    /// <summary>Sums that share a bias and a scale: one channel of a convolution.</summary>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Run<T>(ReadOnlySpan<int> sums, int bias, float scale, T zero, Span<T> to)
        where T : unmanaged
    {
        Require(sums.Length, to.Length, nameof(to));
        var range = new Range(ByteLanes.Number(zero), ByteLanes.Least<T>(), ByteLanes.Greatest<T>());
        var i = 0;
        // What is not a number is not compared in one way by all processors.
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated && to.Length >= Vector512<int>.Count && float.IsFinite(scale))
        {
            fixed (int* from = sums)
            fixed (T* bytes = to) RunVectors(from, bias, scale, range, (byte*)bytes, to.Length);
            return;
        }
        if (Vector256.IsHardwareAccelerated)
        {
            var (biases, scales) = (Vector256.Create(bias), Vector256.Create(scale));
            for (; i <= to.Length - ByteLanes.Count; i += ByteLanes.Count) ByteLanes.Store(range.Of(Vector256.Create(sums.Slice(i, ByteLanes.Count)) + biases, scales), ref to.Slice(i, ByteLanes.Count)[0]);
        }
        for (; i < to.Length; i++) to[i] = ByteLanes.Element<T>(range.Of(unchecked(sums[i] + bias), scale));
    }

    /// <summary>At least a vector; the last two may overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunVectors(int* sums, int bias, float scale, Range range, byte* to, int count)
    {
        var (biases, scales, least, greatest, zero) = (Vector512.Create(bias), Vector512.Create(scale), Vector512.Create(range.Least), Vector512.Create(range.Greatest), Vector512.Create(range.Zero));
        var i = 0;
        for (; i <= count - (2 * Vector512<int>.Count); i += 2 * Vector512<int>.Count)
        {
            var first = Avx512F.Min(Avx512F.Max(Avx512F.ConvertToVector512Single(Vector512.Load(sums + i) + biases) * scales, least), greatest);
            var second = Avx512F.Min(Avx512F.Max(Avx512F.ConvertToVector512Single(Vector512.Load(sums + i + Vector512<int>.Count) + biases) * scales, least), greatest);
            Avx512F.ConvertToVector128Byte(Avx512F.ConvertToVector512Int32(first) + zero).Store(to + i);
            Avx512F.ConvertToVector128Byte(Avx512F.ConvertToVector512Int32(second) + zero).Store(to + i + Vector512<int>.Count);
        }
        for (; i < count; i += Vector512<int>.Count)
        {
            i = Math.Min(i, count - Vector512<int>.Count);
            var last = Avx512F.Min(Avx512F.Max(Avx512F.ConvertToVector512Single(Vector512.Load(sums + i) + biases) * scales, least), greatest);
            Avx512F.ConvertToVector128Byte(Avx512F.ConvertToVector512Int32(last) + zero).Store(to + i);
        }
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
        public readonly int Zero = zero;
        public readonly float Least = least - zero;
        public readonly float Greatest = greatest - zero;

        public Vector256<int> Of(Vector256<int> sum, Vector256<float> scale) =>
            Vector256.ConvertToInt32(Vector256.Round(Vector256.Min(Vector256.Max(Vector256.ConvertToSingle(sum) * scale, Vector256.Create(Least)), Vector256.Create(Greatest)))) + Vector256.Create(Zero);

        public int Of(int sum, float scale) => (int)MathF.Round(Math.Clamp(sum * scale, Least, Greatest)) + Zero;
    }
}
