using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>Sum; integers wrap.</summary>
internal readonly struct AddOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T a, T b) => a + b;

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a + b;
}

/// <summary>Difference; integers wrap.</summary>
internal readonly struct SubOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T a, T b) => a - b;

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a - b;
}

/// <summary>Product; integers wrap.</summary>
internal readonly struct MulOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T a, T b) => a * b;

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a * b;
}

/// <summary>Quotient. Of integers truncated towards zero; the smallest divided by −1 is itself.</summary>
/// <exception cref="RecordException">An integer is divided by zero.</exception>
internal readonly struct DivOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke(T a, T b) => IsVectorized || typeof(T) == typeof(Half) ? a / b : IntegerDivision.Quotient(a, b);

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => a / b;
}

/// <summary>The smaller; NaN when either is, −0 below +0.</summary>
internal readonly struct MinOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T a, T b) => T.Min(a, b);

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => Vector.Min(a, b);
}

/// <summary>The larger; NaN when either is, −0 below +0.</summary>
internal readonly struct MaxOperator<T> : IBinaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T a, T b) => T.Max(a, b);

    public static Vector<T> Invoke(Vector<T> a, Vector<T> b) => Vector.Max(a, b);
}
