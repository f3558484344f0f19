namespace Slipway.Models.Kernels;

/// <summary>
/// Mathematical functions over spans, on the widest vectors of the machine, with the same bits on every machine and at every position.
/// Results may be written over their arguments. Bounds on errors are at <see cref="Float32"/>.
/// </summary>
internal static partial class VectorMath
{
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Exp, float>(x, y);

    public static void ExpM1(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.ExpM1, float>(x, y);

    public static void Exp2(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Exp2, float>(x, y);

    public static void Log(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Log, float>(x, y);

    public static void Log1P(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Log1P, float>(x, y);

    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Tanh, float>(x, y);

    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Sigmoid, float>(x, y);

    public static void Silu(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Silu, float>(x, y);

    public static void Softplus(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Softplus, float>(x, y);

    public static void Mish(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Mish, float>(x, y);

    public static void Erf(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Erf, float>(x, y);

    public static void Gelu(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Gelu, float>(x, y);

    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.GeluTanh, float>(x, y);

    public static void Sin(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Sin, float>(x, y);

    public static void Cos(ReadOnlySpan<float> x, Span<float> y) => FunctionMap.Map<Functions.Cos, float>(x, y);

}
