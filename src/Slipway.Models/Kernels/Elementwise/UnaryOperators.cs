using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>The magnitude; the smallest integer is its own.</summary>
internal readonly struct AbsOperator<T> : IUnaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T x) => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half) ? T.Abs(x) : T.IsNegative(x) ? T.Zero - x : x;

    public static Vector<T> Invoke(Vector<T> x) => Vector.Abs(x);
}

/// <summary>−x; integers wrap.</summary>
internal readonly struct NegOperator<T> : IUnaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => Vector<T>.IsSupported;

    public static T Invoke(T x) => -x;

    public static Vector<T> Invoke(Vector<T> x) => -x;
}

/// <summary>−1, 0 or 1; NaN stays NaN.</summary>
internal readonly struct SignOperator<T> : IUnaryOperator<T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => x > T.Zero ? T.One : x < T.Zero ? T.Zero - T.One : T.IsNaN(x) ? x : T.Zero;
}

internal readonly struct FloorOperator : IUnaryOperator<float, float>, IUnaryOperator<double, double>
{
    public static bool IsVectorized => true;

    public static float Invoke(float x) => MathF.Floor(x);

    public static Vector<float> Invoke(Vector<float> x) => Vector.Floor(x);

    public static double Invoke(double x) => Math.Floor(x);

    public static Vector<double> Invoke(Vector<double> x) => Vector.Floor(x);
}

internal readonly struct CeilOperator : IUnaryOperator<float, float>, IUnaryOperator<double, double>
{
    public static bool IsVectorized => true;

    public static float Invoke(float x) => MathF.Ceiling(x);

    public static Vector<float> Invoke(Vector<float> x) => Vector.Ceiling(x);

    public static double Invoke(double x) => Math.Ceiling(x);

    public static Vector<double> Invoke(Vector<double> x) => Vector.Ceiling(x);
}

/// <summary>The nearest integer, of two the even one.</summary>
internal readonly struct RoundOperator : IUnaryOperator<float, float>, IUnaryOperator<double, double>
{
    public static bool IsVectorized => true;

    public static float Invoke(float x) => MathF.Round(x);

    public static Vector<float> Invoke(Vector<float> x) => Vector.Round(x);

    public static double Invoke(double x) => Math.Round(x);

    public static Vector<double> Invoke(Vector<double> x) => Vector.Round(x);
}

internal readonly struct SqrtOperator : IUnaryOperator<float, float>, IUnaryOperator<double, double>
{
    public static bool IsVectorized => true;

    public static float Invoke(float x) => MathF.Sqrt(x);

    public static Vector<float> Invoke(Vector<float> x) => Vector.SquareRoot(x);

    public static double Invoke(double x) => Math.Sqrt(x);

    public static Vector<double> Invoke(Vector<double> x) => Vector.SquareRoot(x);
}

/// <summary>1 / x.</summary>
internal readonly struct ReciprocalOperator : IUnaryOperator<float, float>, IUnaryOperator<double, double>
{
    public static bool IsVectorized => true;

    public static float Invoke(float x) => 1 / x;

    public static Vector<float> Invoke(Vector<float> x) => Vector<float>.One / x;

    public static double Invoke(double x) => 1 / x;

    public static Vector<double> Invoke(Vector<double> x) => Vector<double>.One / x;
}
