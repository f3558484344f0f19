using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>An activation as a type, so that the loop over a tile is compiled with it inside.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IEpilogueFunction<T>
    where T : unmanaged
{
    static abstract V Invoke<V>(V x, V alpha, V beta)
        where V : unmanaged, ISimdVector<V, T>;
}

/// <summary>The functions of <see cref="ActivationKind"/>.</summary>
internal static class EpilogueFunctions
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    private static V Bounded<V, T>(V x, V low, V high)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged
    {
        x = V.Select(V.LessThan(x, low), low, x);
        return V.Select(V.LessThan(high, x), high, x);
    }

    [MethodImpl(Inline)]
    private static V Constant<V, T>(double value)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Create(T.CreateTruncating(value));

    public readonly struct None<T> : IEpilogueFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<T>.Invoke<V>(V x, V alpha, V beta) => x;
    }

    public readonly struct Relu<T> : IEpilogueFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<T>.Invoke<V>(V x, V alpha, V beta) => V.Select(V.LessThan(x, V.Create(T.Zero)), V.Create(T.Zero), x);
    }

    public readonly struct Clip<T> : IEpilogueFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<T>.Invoke<V>(V x, V alpha, V beta) => Bounded<V, T>(x, alpha, beta);
    }

    public readonly struct LeakyRelu<T> : IEpilogueFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<T>.Invoke<V>(V x, V alpha, V beta) => V.Select(V.LessThan(x, V.Create(T.Zero)), x * alpha, x);
    }

    public readonly struct HardSigmoid<T> : IEpilogueFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<T>.Invoke<V>(V x, V alpha, V beta) => Bounded<V, T>((x * alpha) + beta, V.Create(T.Zero), V.Create(T.One));
    }

    public readonly struct HardSwish<T> : IEpilogueFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<T>.Invoke<V>(V x, V alpha, V beta) =>
            x * Bounded<V, T>((x * Constant<V, T>(1.0 / 6)) + Constant<V, T>(0.5), V.Create(T.Zero), V.Create(T.One));
    }

    /// <summary>A function without constants.</summary>
    public readonly struct Plain<TFunction> : IEpilogueFunction<float>
        where TFunction : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IEpilogueFunction<float>.Invoke<V>(V x, V alpha, V beta) => TFunction.Invoke(x);
    }
}
