using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>The remainder with the sign of the divisor.</summary>
/// <exception cref="Slipway.Core.RecordException">An integer is divided by zero.</exception>
internal readonly struct ModOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Invoke(T a, T b)
    {
        var remainder = IntegerDivision.Remainder(a, b);
        return !T.IsZero(remainder) && T.IsNegative(remainder) != T.IsNegative(b) ? remainder + b : remainder;
    }
}

/// <summary>The remainder with the sign of the dividend, as C's fmod.</summary>
/// <exception cref="Slipway.Core.RecordException">An integer is divided by zero.</exception>
internal readonly struct FmodOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T a, T b) => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half) ? a % b : IntegerDivision.Remainder(a, b);
}

internal readonly struct BitAndOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T a, T b) => a & b;

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a & b;
}

internal readonly struct BitOrOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T a, T b) => a | b;

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a | b;
}

internal readonly struct BitXorOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T a, T b) => a ^ b;

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a ^ b;
}

/// <summary>Zeros come in from the right; a shift by all bits or more leaves none.</summary>
internal readonly struct ShiftLeftOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    public static T Invoke(T a, T b)
    {
        var count = int.CreateSaturating(b);
        return count >= a.GetByteCount() * 8 ? T.Zero : a << count;
    }
}

/// <summary>Zeros come in from the left; a shift by all bits or more leaves none.</summary>
internal readonly struct ShiftRightOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    public static T Invoke(T a, T b)
    {
        var count = int.CreateSaturating(b);
        return count >= a.GetByteCount() * 8 ? T.Zero : a >>> count;
    }
}
