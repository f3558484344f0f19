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
        ["Tan"] = (VectorMath.Tan, Math.Tan, 0.501),
        ["Asin"] = (VectorMath.Asin, Math.Asin, 0.501),
        ["Acos"] = (VectorMath.Acos, Math.Acos, 0.501),
        ["Atan"] = (VectorMath.Atan, Math.Atan, 0.501),
        ["Sinh"] = (VectorMath.Sinh, Math.Sinh, 0.501),
        ["Cosh"] = (VectorMath.Cosh, Math.Cosh, 0.501),
        ["Asinh"] = (VectorMath.Asinh, Math.Asinh, 0.501),
        ["Acosh"] = (VectorMath.Acosh, Math.Acosh, 0.501),
        ["Atanh"] = (VectorMath.Atanh, Math.Atanh, 0.501),
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

    [Fact]
    public void Sine_and_cosine_are_within_their_bounds_next_to_multiples_of_a_quarter_turn()
    {
        var x = new float[400_000];
        for (var i = 0; i < x.Length; i++)
        {
            // Three numbers around each multiple, far enough to leave the range of the fast reduction.
            var near = (float)(i / 3 * (Math.PI / 2));
            x[i] = (i % 3) switch { 0 => near, 1 => MathF.BitIncrement(near), _ => -MathF.BitDecrement(near) };
        }
        var y = new float[x.Length];
        VectorMath.Sin(x, y);
        var (ulps, at) = Float32Accuracy.Worst(x, y, Math.Sin);
        Assert.True(ulps <= 2, $"Sin({at:R}) is off by {ulps:F3} ULP");
        VectorMath.Cos(x, y);
        (ulps, at) = Float32Accuracy.Worst(x, y, Math.Cos);
        Assert.True(ulps <= 2, $"Cos({at:R}) is off by {ulps:F3} ULP");
    }

    [Fact]
    public void Power_is_the_rounded_power_of_float64()
    {
        var random = new Random(5);
        var x = new float[200_000];
        var y = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            y[i] = (i % 3) switch
            {
                0 => random.Next(-20, 20),
                1 => (float)(random.NextDouble() * 88 / Math.Log(Math.Abs(x[i]))),
                _ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
            };
        }
        var z = new float[x.Length];
        VectorMath.Pow(x, y, z);
        for (var i = 0; i < x.Length; i++)
        {
            var (ulps, _) = Float32Accuracy.Worst([x[i]], [z[i]], b => Math.Pow(b, y[i]));
            Assert.True(ulps <= 0.51, $"Pow({x[i]:R}, {y[i]:R}) is off by {ulps:F3} ULP");
        }
    }

    [Fact]
    public void Power_has_the_special_values_of_the_standard()
    {
        double[] numbers = [0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e300, -1e300, 4e-320, -4e-320, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 4503599627370497, 9007199254740992];
        foreach (var x in numbers)
        {
            foreach (var y in numbers)
            {
                var z = new double[1];
                VectorMath.Pow([x], [y], z);
                var expected = Math.Pow(x, y);
                var ordinary = double.IsFinite(expected) && expected != 0 && Math.Abs(z[0] - expected) <= Math.Abs(expected) * 2.3e-16;
                Assert.True(ordinary || (z[0].Equals(expected) && (double.IsNaN(expected) || double.IsNegative(z[0]) == double.IsNegative(expected))), $"Pow({x}, {y}) is {z[0]:R}, expected {expected:R}");
            }
        }
    }
}
