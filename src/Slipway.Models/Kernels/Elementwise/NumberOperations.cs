using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>Operations of ai.onnx on two numbers of one type. Integers wrap around; NaN is passed on.</summary>
internal static class NumberOperations
{
    public readonly struct Add : INumberOperation
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => unchecked(a + b);

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => a + b;
    }

    public readonly struct Subtract : INumberOperation
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => unchecked(a - b);

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => a - b;
    }

    public readonly struct Multiply : INumberOperation
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => unchecked(a * b);

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => a * b;
    }

    /// <summary>Integers are divided towards zero; a division by zero is an error of the data.</summary>
    public readonly struct Divide : INumberOperation
    {
        public static bool HasVectors<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (HasVectors<T>()) return a / b;
            if (T.IsZero(b)) throw new RecordException("an integer is divided by zero");
            return b == unchecked(T.Zero - T.One) && T.IsNegative(b) ? unchecked(T.Zero - a) : a / b;
        }

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => a / b;
    }

    public readonly struct Maximum : INumberOperation
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => T.Max(a, b);

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => Vector.Max(a, b);
    }

    public readonly struct Minimum : INumberOperation
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => T.Min(a, b);

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => Vector.Min(a, b);
    }

    /// <summary>The remainder with the sign of the divisor, as Python's <c>%</c>.</summary>
    public readonly struct Modulo : INumberOperation
    {
        public static bool HasVectors<T>() => false;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            var rest = Remainder.Of(a, b);
            return !T.IsZero(rest) && T.IsNegative(rest) != T.IsNegative(b) ? rest + b : rest;
        }

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => throw new NotSupportedException();
    }

    /// <summary>The remainder with the sign of the dividend, as C's <c>fmod</c>.</summary>
    public readonly struct Remainder : INumberOperation
    {
        public static bool HasVectors<T>() => false;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) return a % b;
            if (T.IsZero(b)) throw new RecordException("the remainder of an integer divided by zero is asked for");
            return b == unchecked(T.Zero - T.One) && T.IsNegative(b) ? T.Zero : a % b;
        }

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => throw new NotSupportedException();
    }

    /// <summary>PRelu: the slope where the element is below zero.</summary>
    public readonly struct Slope : INumberOperation
    {
        public static bool HasVectors<T>() => true;

        public static T Of<T>(T a, T b) where T : unmanaged, INumber<T> => a < T.Zero ? unchecked(a * b) : a;

        public static Vector<T> Of<T>(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.LessThan(a, Vector<T>.Zero), a * b, a);
    }
}
