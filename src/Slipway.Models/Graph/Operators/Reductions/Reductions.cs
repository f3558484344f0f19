using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>Two running numbers of a reduction; most need one.</summary>
internal struct Running<T>(T first, T second)
{
    public T First = first;
    public T Second = second;
}

/// <summary>A reduction of numbers, one after another.</summary>
internal interface IReduction
{
    static abstract Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    static abstract void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    static abstract T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>The reductions of ai.onnx. Integers wrap around; NaN is passed on; of nothing they give their neutral element, the mean NaN (of integers 0).</summary>
internal static class Reductions
{
    public readonly struct Sum : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => default;

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First + x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First;
    }

    public readonly struct Mean : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => default;

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First + x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            typeof(T) == typeof(double) || count > 0 ? running.First / T.CreateTruncating(count) : T.Zero;
    }

    public readonly struct Product : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => new(T.One, T.Zero);

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First * x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First;
    }

    public readonly struct Maximum : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => new(typeof(T) == typeof(double) ? T.CreateTruncating(double.NegativeInfinity) : T.MinValue, T.Zero);

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = T.Max(running.First, x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First;
    }

    public readonly struct Minimum : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => new(typeof(T) == typeof(double) ? T.CreateTruncating(double.PositiveInfinity) : T.MaxValue, T.Zero);

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = T.Min(running.First, x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First;
    }

    /// <summary>The sum of sizes.</summary>
    public readonly struct L1 : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => default;

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First + (T.IsNegative(x) ? -x : x));

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First;
    }

    public readonly struct SumOfSquares : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => default;

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First + x * x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First;
    }

    /// <summary>The root of the sum of squares.</summary>
    public readonly struct L2 : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => default;

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First + x * x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(Math.Sqrt(double.CreateTruncating(running.First)));
    }

    public readonly struct LogSum : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => default;

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => running.First = unchecked(running.First + x);

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(Math.Log(double.CreateTruncating(running.First)));
    }

    /// <summary>log Σ exp(x), without overflow: the greatest so far, and the sum of exponentials below it.</summary>
    public readonly struct LogSumExp : IReduction
    {
        public static Running<T> Begin<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Maximum.Begin<T>();

        public static void Next<T>(ref Running<T> running, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (T.IsNaN(running.First)) return;
            if (x == running.First)
            {
                if (!T.IsNegativeInfinity(x)) running.Second += T.One;
            }
            else if (x < running.First)
            {
                running.Second += Exp(x - running.First);
            }
            else
            {
                running.Second = (T.IsZero(running.Second) ? T.Zero : running.Second * Exp(running.First - x)) + T.One;
                running.First = x;
            }
        }

        public static T End<T>(in Running<T> running, int count) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            T.IsInfinity(running.First) ? running.First : T.CreateTruncating(double.CreateTruncating(running.First) + Math.Log(double.CreateTruncating(running.Second)));

        private static T Exp<T>(T x) where T : unmanaged, INumber<T> => T.CreateTruncating(Math.Exp(double.CreateTruncating(x)));
    }
}
