using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>A comparison: 1 or 0. With NaN all are 0.</summary>
internal readonly struct EqualOperator<T> : IBinaryOperator<T, byte>
    where T : unmanaged, INumber<T>
{
    public static byte Invoke(T a, T b) => a == b ? (byte)1 : (byte)0;
}

/// <inheritdoc cref="EqualOperator{T}"/>
internal readonly struct LessOperator<T> : IBinaryOperator<T, byte>
    where T : unmanaged, INumber<T>
{
    public static byte Invoke(T a, T b) => a < b ? (byte)1 : (byte)0;
}

/// <inheritdoc cref="EqualOperator{T}"/>
internal readonly struct LessOrEqualOperator<T> : IBinaryOperator<T, byte>
    where T : unmanaged, INumber<T>
{
    public static byte Invoke(T a, T b) => a <= b ? (byte)1 : (byte)0;
}

/// <inheritdoc cref="EqualOperator{T}"/>
internal readonly struct GreaterOperator<T> : IBinaryOperator<T, byte>
    where T : unmanaged, INumber<T>
{
    public static byte Invoke(T a, T b) => a > b ? (byte)1 : (byte)0;
}

/// <inheritdoc cref="EqualOperator{T}"/>
internal readonly struct GreaterOrEqualOperator<T> : IBinaryOperator<T, byte>
    where T : unmanaged, INumber<T>
{
    public static byte Invoke(T a, T b) => a >= b ? (byte)1 : (byte)0;
}
