using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>The terms of a p-norm and its root; absolute values and squares are exact where p is 1 or 2.</summary>
internal readonly struct PowerNorm<T>(T p)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T Two = T.One + T.One;

    /// <summary>|x|ᵖ.</summary>
    public T Term(T x) => p == T.One ? T.Abs(x) : p == Two ? x * x : T.Pow(T.Abs(x), p);

    /// <summary>sum^(1/p).</summary>
    public T Root(T sum) => p == T.One ? sum : p == Two ? T.Sqrt(sum) : T.Pow(sum, T.One / p);
}
