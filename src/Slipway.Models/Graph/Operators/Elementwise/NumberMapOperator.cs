using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

internal interface INumberMap
{
    static abstract T Of<T>(T x) where T : unmanaged, INumber<T>;
}

/// <summary>A function of each element of a tensor of numbers: Abs, Neg, Sign, Relu, Floor, Ceil, Round.</summary>
internal sealed class NumberMapOperator<TMap> : FloatOperator where TMap : INumberMap
{
    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    protected override void Compute(RunContext context)
    {
        var function = new Function(context);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Function(RunContext context) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var x = context.Input(0).Values<T>();
            var y = context.Output(0).Values<T>()[..x.Length];
            for (var i = 0; i < x.Length; i++) y[i] = TMap.Of(x[i]);
        }
    }
}

internal static class NumberMaps
{
    public readonly struct Absolute : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> => IsFloat<T>() ? T.Abs(x) : T.IsNegative(x) ? unchecked(T.Zero - x) : x;
    }

    public readonly struct Negate : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> => unchecked(-x);
    }

    /// <summary>-1, 0 or 1; NaN stays NaN.</summary>
    public readonly struct Sign : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> => x > T.Zero ? T.One : x < T.Zero ? unchecked(T.Zero - T.One) : T.IsNaN(x) ? x : T.Zero;
    }

    public readonly struct Relu : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> => x < T.Zero ? T.Zero : x;
    }

    public readonly struct Floor : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(MathF.Floor(float.CreateTruncating(x))) : typeof(T) == typeof(double) ? T.CreateTruncating(Math.Floor(double.CreateTruncating(x))) : x;
    }

    public readonly struct Ceiling : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(MathF.Ceiling(float.CreateTruncating(x))) : typeof(T) == typeof(double) ? T.CreateTruncating(Math.Ceiling(double.CreateTruncating(x))) : x;
    }

    /// <summary>To the nearest integer, ties to even.</summary>
    public readonly struct Round : INumberMap
    {
        public static T Of<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(float) ? T.CreateTruncating(MathF.Round(float.CreateTruncating(x))) : typeof(T) == typeof(double) ? T.CreateTruncating(Math.Round(double.CreateTruncating(x))) : x;
    }

    private static bool IsFloat<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);
}
