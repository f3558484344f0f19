using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>The activations of the standard. NaN stays NaN in each.</summary>
internal static class Activations
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>min(max(x, low), high).</summary>
    public readonly struct Clip(float low, float high) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float>
        {
            x = V.Select(V.LessThan(x, V.Create(low)), V.Create(low), x);
            return V.Select(V.LessThan(V.Create(high), x), V.Create(high), x);
        }
    }

    /// <summary>x, times alpha below zero.</summary>
    public readonly struct LeakyRelu(float alpha) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> => V.Select(V.LessThan(x, V.Create(0f)), x * V.Create(alpha), x);
    }

    /// <summary>x above alpha, else 0.</summary>
    public readonly struct ThresholdedRelu(float alpha) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> => V.Select(V.LessThan(V.Create(alpha), x), x, V.Create(0f));
    }

    /// <summary>gamma · x, below zero gamma · alpha · (e^x − 1). Elu has a gamma of 1, Selu both.</summary>
    public readonly struct Selu(float alpha, float gamma) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> =>
            V.Create(gamma) * V.Select(V.LessThan(x, V.Create(0f)), V.Create(alpha) * Float32.ExpM1(x), x);
    }

    /// <summary>x, below zero alpha · (e^(x / alpha) − 1).</summary>
    public readonly struct Celu(float alpha) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> =>
            V.Select(V.LessThan(x, V.Create(0f)), V.Create(alpha) * Float32.ExpM1(x / V.Create(alpha)), x);
    }

    /// <summary>min(max(alpha · x + beta, 0), 1), product and sum rounded each.</summary>
    public readonly struct HardSigmoid(float alpha, float beta) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> => new Clip(0, 1).Invoke((x * V.Create(alpha)) + V.Create(beta));
    }

    /// <summary>x · min(max(x / 6 + ½, 0), 1).</summary>
    public readonly struct HardSwish : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> => x * new HardSigmoid(1f / 6, 0.5f).Invoke(x);
    }

    /// <summary>x / (1 + |x|).</summary>
    public readonly struct Softsign : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> => x / (V.Abs(x) + V.Create(1f));
    }

    /// <summary>x + bias below −lambda, x − bias above lambda, else 0.</summary>
    public readonly struct Shrink(float lambda, float bias) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float>
        {
            var above = V.Select(V.LessThan(V.Create(lambda), x), x - V.Create(bias), V.Create(0f));
            return V.Select(V.LessThan(x, V.Create(-lambda)), x + V.Create(bias), above);
        }
    }

    /// <summary>x · sigmoid(alpha · x).</summary>
    public readonly struct Swish(float alpha) : IActivation
    {
        [MethodImpl(Inline)]
        public V Invoke<V>(V x)
            where V : unmanaged, ISimdVector<V, float> => x * Float32.Sigmoid(x * V.Create(alpha));
    }
}
