using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>What is made of two quantized numbers, in units of the result with its zero point added, before it is rounded.</summary>
internal interface IQuantizedOperation
{
    /// <summary>No result is infinite or not a number.</summary>
    bool IsFinite { get; }

    Vector512<float> Of(Vector512<float> a, Vector512<float> b);

    Vector256<float> Of(Vector256<float> a, Vector256<float> b);

    float Of(float a, float b);
}

/// <summary><c>a·(sa/sy) + b·(sb/sy) + (zy − (za·sa/sy + zb·sb/sy))</c>, by fused multiply-adds from the right: ONNX Runtime's order.</summary>
internal readonly struct QuantizedSum : IQuantizedOperation
{
    private readonly float _a, _b, _rest;

    private QuantizedSum(float a, float b, float rest) => (_a, _b, _rest) = (a, b, rest);

    /// <param name="scaleA">Units of a, scaleB those of b, in units of the result.</param>
    /// <param name="zeroA">The zero point of a.</param>
    public static QuantizedSum Of(float scaleA, int zeroA, float scaleB, int zeroB, int zero) =>
        new(scaleA, scaleB, zero - MathF.FusedMultiplyAdd(scaleA, zeroA, scaleB * zeroB));

    /// <summary>Where a is one number.</summary>
    public QuantizedSum WithLeft(float a) => new(0, _b, MathF.FusedMultiplyAdd(a, _a, _rest));

    /// <summary>Where b is one number.</summary>
    public QuantizedSum WithRight(float b) => new(_a, 0, MathF.FusedMultiplyAdd(b, _b, _rest));

    public bool IsFinite => QuantizedArithmetic.IsModerate(_a) && QuantizedArithmetic.IsModerate(_b) && QuantizedArithmetic.IsModerate(_rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> a, Vector512<float> b) =>
        Vector512.FusedMultiplyAdd(a, Vector512.Create(_a), Vector512.FusedMultiplyAdd(b, Vector512.Create(_b), Vector512.Create(_rest)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Of(Vector256<float> a, Vector256<float> b) =>
        Vector256.FusedMultiplyAdd(a, Vector256.Create(_a), Vector256.FusedMultiplyAdd(b, Vector256.Create(_b), Vector256.Create(_rest)));

    public float Of(float a, float b) => MathF.FusedMultiplyAdd(a, _a, MathF.FusedMultiplyAdd(b, _b, _rest));
}

/// <summary><c>(a − za)·(b − zb)·scale + zy</c>: the product of the numbers is exact.</summary>
/// <param name="zeroA">The zero point of a.</param>
/// <param name="zeroB">The zero point of b.</param>
/// <param name="scale">sa·sb/sy.</param>
/// <param name="zero">The zero point of the result.</param>
internal readonly struct QuantizedProduct(float zeroA, float zeroB, float scale, float zero) : IQuantizedOperation
{
    public bool IsFinite => QuantizedArithmetic.IsModerate(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> a, Vector512<float> b) => ((a - Vector512.Create(zeroA)) * (b - Vector512.Create(zeroB)) * Vector512.Create(scale)) + Vector512.Create(zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Of(Vector256<float> a, Vector256<float> b) => ((a - Vector256.Create(zeroA)) * (b - Vector256.Create(zeroB)) * Vector256.Create(scale)) + Vector256.Create(zero);

    public float Of(float a, float b) => ((a - zeroA) * (b - zeroB) * scale) + zero;
}

/// <summary>Arithmetic of two rows of int8 or uint8, rounded half to even and saturated.</summary>
internal static class QuantizedArithmetic
{
    /// <summary>Whether sums and products of it with a few bytes are finite.</summary>
    public static bool IsModerate(float constant) => MathF.Abs(constant) < 1e30f;

    /// <param name="a">As many elements as the result, or one for all.</param>
    /// <param name="b">As many elements as the result, or one for all.</param>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">A row has another length.</exception>
    public static void Run<T, TOperation>(in TOperation operation, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> to)
        where T : unmanaged
        where TOperation : struct, IQuantizedOperation
    {
        if ((a.Length != to.Length && a.Length != 1) || (b.Length != to.Length && b.Length != 1)) throw new ArgumentException($"rows of {a.Length} and {b.Length} elements do not fit a result of {to.Length}", nameof(to));
        if (to.IsEmpty) return;
        var (stepA, stepB) = (a.Length == to.Length ? 1 : 0, b.Length == to.Length ? 1 : 0);
        var (least, greatest) = ((float)ByteLanes.Least<T>(), (float)ByteLanes.Greatest<T>());
        var i = 0;
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated && operation.IsFinite)
        {
            var (oneA, oneB) = (Vector512.Create((float)ByteLanes.Number(a[0])), Vector512.Create((float)ByteLanes.Number(b[0])));
            var (low, high) = (Vector512.Create(least), Vector512.Create(greatest));
            for (; i <= to.Length - Vector512<int>.Count; i += Vector512<int>.Count)
            {
                var x = stepA == 0 ? oneA : Vector512.ConvertToSingle(ByteLanes.Load512(in a.Slice(i, Vector512<int>.Count)[0]));
                var y = stepB == 0 ? oneB : Vector512.ConvertToSingle(ByteLanes.Load512(in b.Slice(i, Vector512<int>.Count)[0]));
                ByteLanes.Store(Avx512F.ConvertToVector512Int32(Avx512F.Min(Avx512F.Max(operation.Of(x, y), low), high)), ref to.Slice(i, Vector512<int>.Count)[0]);
            }
        }
        if (Vector256.IsHardwareAccelerated)
        {
            var (oneA, oneB) = (Vector256.Create((float)ByteLanes.Number(a[0])), Vector256.Create((float)ByteLanes.Number(b[0])));
            var (low, high) = (Vector256.Create(least), Vector256.Create(greatest));
            for (; i <= to.Length - ByteLanes.Count; i += ByteLanes.Count)
            {
                var x = stepA == 0 ? oneA : Vector256.ConvertToSingle(ByteLanes.Load(in a.Slice(i, ByteLanes.Count)[0]));
                var y = stepB == 0 ? oneB : Vector256.ConvertToSingle(ByteLanes.Load(in b.Slice(i, ByteLanes.Count)[0]));
                ByteLanes.Store(Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(Vector256.Round(operation.Of(x, y)), low), high)), ref to.Slice(i, ByteLanes.Count)[0]);
            }
        }
        for (; i < to.Length; i++) to[i] = ByteLanes.Element<T>((int)Math.Clamp(MathF.Round(operation.Of(ByteLanes.Number(a[i * stepA]), ByteLanes.Number(b[i * stepB]))), least, greatest));
    }
}
