using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class VectorMathTests
{
    private delegate void Function(ReadOnlySpan<float> x, Span<float> y);

    private static readonly Dictionary<string, (Function Fast, Func<double, double> Exact, double Ulps)> Functions = new()
    {
        ["Exp"] = (VectorMath.Exp, Math.Exp, 1),
        ["ExpM1"] = (VectorMath.ExpM1, Exact.ExpM1, 2),
        ["Exp2"] = (VectorMath.Exp2, x => Math.Pow(2, x), 1),
        ["Log"] = (VectorMath.Log, Math.Log, 1),
        ["Log1P"] = (VectorMath.Log1P, Exact.Log1P, 2),
        ["Tanh"] = (VectorMath.Tanh, Math.Tanh, 2),
        ["Sigmoid"] = (VectorMath.Sigmoid, Exact.Sigmoid, 2),
        ["Silu"] = (VectorMath.Silu, Exact.Silu, 4),
        ["Softplus"] = (VectorMath.Softplus, Exact.Softplus, 2),
        ["Mish"] = (VectorMath.Mish, Exact.Mish, 4),
        ["Erf"] = (VectorMath.Erf, Exact.Erf, 2),
        ["Gelu"] = (VectorMath.Gelu, Exact.Gelu, 4),
        ["GeluTanh"] = (VectorMath.GeluTanh, Exact.GeluTanh, 4),
        ["Sin"] = (VectorMath.Sin, Math.Sin, 2),
        ["Cos"] = (VectorMath.Cos, Math.Cos, 2),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_is_within_its_bound_for_arguments_of_every_exponent(string name)
    {
        var (fast, exact, bound) = Functions[name];
        var x = Float32Accuracy.Everywhere();
        var y = new float[x.Length];
        fast(x, y);
        var (ulps, at) = Float32Accuracy.Worst(x, y, exact);
        TestContext.Current.SendDiagnosticMessage($"{name}: {ulps:F3} ULP at {at:R}");
        Assert.True(ulps <= bound, $"{name}({at:R}) is off by {ulps:F3} ULP, more than {bound}");
    }
}
