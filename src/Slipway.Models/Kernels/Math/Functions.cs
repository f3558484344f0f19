using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>Functions as types: loops over spans, epilogues of matrix products and fused chains take them as type arguments.</summary>
internal static partial class Functions
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly struct Exp : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Exp(x);
    }

    public readonly struct ExpM1 : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.ExpM1(x);
    }

    public readonly struct Exp2 : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Exp2(x);
    }

    public readonly struct Log : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Log(x);
    }

    public readonly struct Log1P : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Log1P(x);
    }

    public readonly struct Tanh : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Tanh(x);
    }

    public readonly struct Sigmoid : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Sigmoid(x);
    }

    public readonly struct Silu : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Silu(x);
    }

    public readonly struct Softplus : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Softplus(x);
    }

    public readonly struct Mish : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Mish(x);
    }

    public readonly struct Erf : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Erf(x);
    }

    public readonly struct Gelu : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Gelu(x);
    }

    public readonly struct GeluTanh : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.GeluTanh(x);
    }

    public readonly struct Sin : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Sin(x);
    }

    public readonly struct Cos : IFunction<float>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Cos(x);
    }

}
