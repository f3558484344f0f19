using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    private const MethodImplOptions Apart = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>
    /// x^y, within 8 ULP where the result is near the ends of the range and 2 elsewhere, with the special values of IEEE 754's pow: y · ln x is
    /// carried as two numbers.
    /// </summary>
    [MethodImpl(Inline)]
    public static V Pow<V>(V x, V y)
        where V : unmanaged, ISimdVector<V, double>
    {
        var magnitude = V.Abs(x);
        var log = LogWithError(magnitude, out var logError);
        var product = y * log;
        var productError = V.FusedMultiplyAdd(y, log, -product) + (y * logError);
        productError = V.Select(V.LessThan(V.Abs(product), V.Create(800.0)), productError, V.Create(0.0));
        return PowSpecial(x, y, magnitude, ExpOfSum(product, productError));
    }

    /// <summary>x^y to 44 bits: enough to be rounded to float32.</summary>
    [MethodImpl(Inline)]
    public static V PowForSingle<V>(V x, V y)
        where V : unmanaged, ISimdVector<V, double>
    {
        var magnitude = V.Abs(x);
        return PowSpecial(x, y, magnitude, ExpOfSum(y * LogApart(magnitude), V.Create(0.0)));
    }

    // The parts of a power are not inlined: together they are more than the compiler takes into one method.

    /// <summary>The logarithm of a number that is not negative, as two numbers.</summary>
    [MethodImpl(Apart)]
    private static V LogWithError<V>(V x, out V error)
        where V : unmanaged, ISimdVector<V, double>
    {
        var f = Split(x, out var exponent);
        // s = f / (2 + f) and ln(1 + f) = 2s + s³ · R, the first term with its rounding error.
        var divisor = f + V.Create(2.0);
        var divisorError = f - (divisor - V.Create(2.0));
        var s = f / divisor;
        var sError = (V.FusedMultiplyAdd(-s, divisor, f) - (s * divisorError)) / divisor;
        var square = s * s;
        var tail = Polynomial(square, LogTail) * square * s;
        var twice = s + s;
        var scaled = exponent * V.Create(Ln2High);
        var scaledError = V.FusedMultiplyAdd(exponent, V.Create(Ln2High), -scaled) + (exponent * V.Create(Ln2Low));
        var high = scaled + twice;
        var part = high - scaled;
        var low = (scaled - (high - part)) + (twice - part) + (scaledError + sError + sError + tail);
        var log = high + low;
        error = low - (log - high);
        log = LogSpecial(x, log);
        // An infinite logarithm has no error.
        error = V.Select(V.LessThan(V.Abs(log), V.Create(double.PositiveInfinity)), error, V.Create(0.0));
        return log;
    }

    [MethodImpl(Apart)]
    private static V LogApart<V>(V x)
        where V : unmanaged, ISimdVector<V, double> => Log(x);

    [MethodImpl(Apart)]
    private static V ExpOfSum<V>(V x, V error)
        where V : unmanaged, ISimdVector<V, double> => Exp(x, error, out var scale) * scale;

    /// <summary>Signs, not-a-numbers and the cases that are 1.</summary>
    [MethodImpl(Apart)]
    private static V PowSpecial<V>(V x, V y, V magnitude, V result)
        where V : unmanaged, ISimdVector<V, double>
    {
        var one = V.Create(1.0);
        var integer = IsInteger(y);
        var odd = integer & ~IsInteger(y * V.Create(0.5));
        var negative = V.LessThan(x, V.Create(0.0));
        var infinite = V.AreEqual(magnitude, V.Create(double.PositiveInfinity));
        result = V.Select(negative & ~integer & ~infinite, V.Create(double.NaN), result);
        result |= odd & x & Bits<V>(long.MinValue);
        result = V.Select(V.AreEqual(magnitude, magnitude) & V.AreEqual(y, y), result, x + y);
        // −1 to an infinite power, 1 to any, any to the power 0.
        result = V.Select(V.AreEqual(magnitude, one) & V.AreEqual(V.Abs(y), V.Create(double.PositiveInfinity)), one, result);
        return V.Select(V.AreEqual(x, one) | V.AreEqual(y, V.Create(0.0)), one, result);
    }

    [MethodImpl(Inline)]
    private static V IsInteger<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var magnitude = V.Abs(x);
        // From 2^52 on every number is one.
        var large = V.LessThanOrEqual(V.Create(4503599627370496.0), magnitude);
        var rounded = (magnitude + V.Create(4503599627370496.0)) - V.Create(4503599627370496.0);
        return large | V.AreEqual(rounded, magnitude);
    }
}
