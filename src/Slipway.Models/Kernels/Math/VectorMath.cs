namespace Slipway.Models.Kernels;

/// <summary>
/// Mathematical functions over spans, on the widest vectors of the machine, with the same bits on every machine and at every position.
/// Results may be written over their arguments. Bounds on errors are at <see cref="Float32"/> and <see cref="Float64"/>; functions that only
/// <see cref="Float64"/> has are computed in it for float32 too and rounded, within 1 ULP.
/// </summary>
internal static class VectorMath
{
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Exp, float>(x, y);

    public static void Exp(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Exp, double>(x, y);

    public static void ExpM1(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.ExpM1, float>(x, y);

    public static void ExpM1(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.ExpM1, double>(x, y);

    public static void Exp2(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Exp2, float>(x, y);

    public static void Exp2(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Exp2, double>(x, y);

    public static void Log(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Log, float>(x, y);

    public static void Log(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Log, double>(x, y);

    public static void Log1P(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Log1P, float>(x, y);

    public static void Log1P(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Log1P, double>(x, y);

    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Tanh, float>(x, y);

    public static void Tanh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Tanh, double>(x, y);

    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Sigmoid, float>(x, y);

    public static void Sigmoid(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Sigmoid, double>(x, y);

    public static void Silu(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Silu, float>(x, y);

    public static void Silu(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Silu, double>(x, y);

    public static void Softplus(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Softplus, float>(x, y);

    public static void Softplus(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Softplus, double>(x, y);

    public static void Mish(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Mish, float>(x, y);

    public static void Mish(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Mish, double>(x, y);

    public static void Erf(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Erf, float>(x, y);

    public static void Erf(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Erf, double>(x, y);

    public static void Gelu(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Gelu, float>(x, y);

    public static void Gelu(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Gelu, double>(x, y);

    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.GeluTanh, float>(x, y);

    public static void GeluTanh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.GeluTanh, double>(x, y);

    public static void Sin(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Sin, float>(x, y);

    public static void Sin(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Sin, double>(x, y);

    public static void Cos(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Cos, float>(x, y);

    public static void Cos(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Cos, double>(x, y);

    public static void Tan(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Tan>(x, y);

    public static void Tan(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Tan, double>(x, y);

    public static void Asin(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Asin>(x, y);

    public static void Asin(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Asin, double>(x, y);

    public static void Acos(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Acos>(x, y);

    public static void Acos(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Acos, double>(x, y);

    public static void Atan(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Atan>(x, y);

    public static void Atan(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Atan, double>(x, y);

    public static void Sinh(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Sinh>(x, y);

    public static void Sinh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Sinh, double>(x, y);

    public static void Cosh(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Cosh>(x, y);

    public static void Cosh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Cosh, double>(x, y);

    public static void Asinh(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Asinh>(x, y);

    public static void Asinh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Asinh, double>(x, y);

    public static void Acosh(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Acosh>(x, y);

    public static void Acosh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Acosh, double>(x, y);

    public static void Atanh(ReadOnlySpan<float> x, Span<float> y) => WideFunctionMap.Map<Functions.Atanh>(x, y);

    public static void Atanh(ReadOnlySpan<double> x, Span<double> y) => FunctionMap.Map<Functions.Atanh, double>(x, y);

    /// <summary>z[i] = x[i] to the power y[i], or y[0] for all when it has one element.</summary>
    public static void Pow(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
    {
        // Squares are what networks raise to most; the product is the rounded power.
        if (y is [2f]) BinaryLoops.Run<NumberOperations.Multiply, float>(x, x, z);
        else WideFunctionMap.Map<Functions.PowForSingle>(x, y, z);
    }

    /// <summary>z[i] = x[i] to the power y[i], or y[0] for all when it has one element.</summary>
    public static void Pow(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z) => FunctionMap.Map<Functions.Pow, double>(x, y, z);
}
