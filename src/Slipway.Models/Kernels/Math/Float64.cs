using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// Functions of float64 lanes by polynomials with fused multiply-add, so that a machine's mathematical library has no part in the result.
/// Bounds are in units in the last place (ULP) of the result and are what the tests measure. NaN gives NaN; infinities, zeros with their signs
/// and subnormal arguments and results are as in IEEE 754's recommended functions.
/// </summary>
internal static partial class Float64
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>1.5 · 2⁵²: a number added to it is rounded to an integer, which then stands in the low bits.</summary>
    private const double RoundingShift = 6755399441055744;

    private const double SmallestNormal = 2.2250738585072014E-308;
    private const double Ln2High = 0.6931471805599453;
    private const double Ln2Low = 2.3190468138462996e-17;

    [MethodImpl(Inline)]
    private static V Bits<V>(long bits)
        where V : unmanaged, ISimdVector<V, double> => V.Create(BitConverter.Int64BitsToDouble(bits));

    /// <summary>A polynomial by Horner's rule, the coefficient of the highest power first.</summary>
    [MethodImpl(Inline)]
    private static V Polynomial<V>(V x, ReadOnlySpan<double> coefficients)
        where V : unmanaged, ISimdVector<V, double>
    {
        var p = V.Create(coefficients[0]);
        for (var i = 1; i < coefficients.Length; i++) p = V.FusedMultiplyAdd(p, x, V.Create(coefficients[i]));
        return p;
    }

    /// <summary>A number that is not negative, with the sign of <paramref name="sign"/>.</summary>
    [MethodImpl(Inline)]
    private static V WithSign<V>(V magnitude, V sign)
        where V : unmanaged, ISimdVector<V, double> => magnitude | (sign & Bits<V>(long.MinValue));
}
