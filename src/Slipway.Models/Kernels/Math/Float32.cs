using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// Functions of float32 lanes by polynomials with fused multiply-add. Bounds on the error are in units in the last place (ULP) of the result,
/// against the exact value, and are what the tests measure over all exponents. NaN gives NaN; infinities, zeros with their signs and
/// subnormal arguments and results are as in IEEE 754's recommended functions.
/// </summary>
internal static partial class Float32
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>1.5 · 2²³: a number added to it is rounded to an integer, which then stands in the low bits.</summary>
    private const float RoundingShift = 12582912f;

    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.6931472f;
    private const float Ln2Low = -1.9046542e-09f;

    /// <summary>Horner's step: p · x + c.</summary>
    [MethodImpl(Inline)]
    private static V Step<V>(V p, V x, float c)
        where V : unmanaged, ISimdVector<V, float> => V.FusedMultiplyAdd(p, x, V.Create(c));

    [MethodImpl(Inline)]
    private static V Scaled<V>(float c, V x, V addend)
        where V : unmanaged, ISimdVector<V, float> => V.FusedMultiplyAdd(V.Create(c), x, addend);

    [MethodImpl(Inline)]
    private static V Bits<V>(int bits)
        where V : unmanaged, ISimdVector<V, float> => V.Create(BitConverter.Int32BitsToSingle(bits));

    /// <summary>|magnitude| with the sign of <paramref name="sign"/>; magnitude is not negative.</summary>
    [MethodImpl(Inline)]
    private static V WithSign<V>(V magnitude, V sign)
        where V : unmanaged, ISimdVector<V, float> => magnitude | (sign & Bits<V>(int.MinValue));
}
