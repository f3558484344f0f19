using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>Functions as types: loops over spans, epilogues of matrix products and fused chains take them as type arguments.</summary>
internal static class Functions
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly struct Exp : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Exp(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Exp(x);
    }

    public readonly struct ExpM1 : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.ExpM1(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.ExpM1(x);
    }

    public readonly struct Exp2 : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Exp2(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Exp2(x);
    }

    public readonly struct Log : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Log(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Log(x);
    }

    public readonly struct Log1P : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Log1P(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Log1P(x);
    }

    public readonly struct Tanh : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Tanh(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Tanh(x);
    }

    public readonly struct Sigmoid : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Sigmoid(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Sigmoid(x);
    }

    public readonly struct Silu : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Silu(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Silu(x);
    }

    public readonly struct Softplus : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Softplus(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Softplus(x);
    }

    public readonly struct Mish : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Mish(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Mish(x);
    }

    public readonly struct Erf : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Erf(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Erf(x);
    }

    public readonly struct Gelu : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Gelu(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Gelu(x);
    }

    public readonly struct GeluTanh : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.GeluTanh(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.GeluTanh(x);
    }

    public readonly struct Sin : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Sin(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Sin(x);
    }

    public readonly struct Cos : IFunction<float>, IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<float>.Invoke<V>(V x) => Float32.Cos(x);

        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Cos(x);
    }

    public readonly struct Tan : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Tan(x);
    }

    public readonly struct Asin : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Asin(x);
    }

    public readonly struct Acos : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Acos(x);
    }

    public readonly struct Atan : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Atan(x);
    }

    public readonly struct Sinh : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Sinh(x);
    }

    public readonly struct Cosh : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Cosh(x);
    }

    public readonly struct Asinh : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Asinh(x);
    }

    public readonly struct Acosh : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Acosh(x);
    }

    public readonly struct Atanh : IFunction<double>
    {
        [MethodImpl(Inline)]
        static V IFunction<double>.Invoke<V>(V x) => Float64.Atanh(x);
    }

    public readonly struct Pow : IFunction2<double>
    {
        [MethodImpl(Inline)]
        static V IFunction2<double>.Invoke<V>(V x, V y) => Float64.Pow(x, y);
    }

    /// <summary>To be rounded to float32.</summary>
    public readonly struct PowForSingle : IFunction2<double>
    {
        [MethodImpl(Inline)]
        static V IFunction2<double>.Invoke<V>(V x, V y) => Float64.PowForSingle(x, y);
    }
}
