using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Functions of ai.onnx on numbers of any type. Integers wrap around; NaN is passed on.</summary>
internal static class NumberMaps
{
    public readonly struct Absolute : INumberMap
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T x) where T : unmanaged, INumber<T> => IsFloat<T>() ? T.Abs(x) : T.IsNegative(x) ? unchecked(T.Zero - x) : x;

        public static Vector<T> Of<T>(Vector<T> x) => Vector.Abs(x);
    }

    public readonly struct Negate : INumberMap
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T x) where T : unmanaged, INumber<T> => unchecked(-x);

        public static Vector<T> Of<T>(Vector<T> x) => -x;
    }

    /// <summary>-1, 0 or 1; NaN stays NaN.</summary>
    public readonly struct Sign : INumberMap
    {
        public static bool HasVectors<T>() => false;

        public static T Of<T>(T x) where T : unmanaged, INumber<T> => x > T.Zero ? T.One : x < T.Zero ? unchecked(T.Zero - T.One) : T.IsNaN(x) ? x : T.Zero;
    }

    public readonly struct Relu : INumberMap
    {
        public static Activation Activation => Activation.Relu;

        public static bool HasVectors<T>() => true;

        public static T Of<T>(T x) where T : unmanaged, INumber<T> => x < T.Zero ? T.Zero : x;

        public static Vector<T> Of<T>(Vector<T> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
    }

    public readonly struct Floor : INumberMap
    {
        public static bool HasVectors<T>() => IsFloat<T>();

        public static T Of<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(MathF.Floor(float.CreateTruncating(x))) : typeof(T) == typeof(double) ? T.CreateTruncating(Math.Floor(double.CreateTruncating(x))) : x;

        public static Vector<T> Of<T>(Vector<T> x) => typeof(T) == typeof(float) ? Vector.Floor(x.As<T, float>()).As<float, T>() : Vector.Floor(x.As<T, double>()).As<double, T>();
    }

    public readonly struct Ceiling : INumberMap
    {
        public static bool HasVectors<T>() => IsFloat<T>();

        public static T Of<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(MathF.Ceiling(float.CreateTruncating(x))) : typeof(T) == typeof(double) ? T.CreateTruncating(Math.Ceiling(double.CreateTruncating(x))) : x;

        public static Vector<T> Of<T>(Vector<T> x) => typeof(T) == typeof(float) ? Vector.Ceiling(x.As<T, float>()).As<float, T>() : Vector.Ceiling(x.As<T, double>()).As<double, T>();
    }

    /// <summary>To the nearest integer, ties to even.</summary>
    public readonly struct Round : INumberMap
    {
        public static bool HasVectors<T>() => IsFloat<T>();

        public static T Of<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(MathF.Round(float.CreateTruncating(x))) : typeof(T) == typeof(double) ? T.CreateTruncating(Math.Round(double.CreateTruncating(x))) : x;

        public static Vector<T> Of<T>(Vector<T> x) => typeof(T) == typeof(float) ? Vector.Round(x.As<T, float>()).As<float, T>() : Vector.Round(x.As<T, double>()).As<double, T>();
    }

    private static bool IsFloat<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);
}
