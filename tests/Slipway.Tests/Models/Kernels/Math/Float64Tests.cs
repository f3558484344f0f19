using System.Globalization;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class Float64Tests
{
    private delegate void Function(ReadOnlySpan<double> x, Span<double> y);

    private static readonly Dictionary<string, (Function Fast, double Ulps, Func<double, double>? Library)> Functions = new()
    {
        ["Exp"] = (VectorMath.Exp, 1, Math.Exp),
        ["ExpM1"] = (VectorMath.ExpM1, 2, null),
        ["Exp2"] = (VectorMath.Exp2, 2, x => Math.Pow(2, x)),
        ["Log"] = (VectorMath.Log, 1, Math.Log),
        ["Log1P"] = (VectorMath.Log1P, 2, null),
        ["Tanh"] = (VectorMath.Tanh, 3, Math.Tanh),
        ["Sigmoid"] = (VectorMath.Sigmoid, 2, null),
        ["Silu"] = (VectorMath.Silu, 4, null),
        ["Softplus"] = (VectorMath.Softplus, 2, null),
        ["Mish"] = (VectorMath.Mish, 4, null),
        ["Erf"] = (VectorMath.Erf, 2, null),
        ["Gelu"] = (VectorMath.Gelu, 6, null),
        ["GeluTanh"] = (VectorMath.GeluTanh, 6, null),
        ["Sin"] = (VectorMath.Sin, 1, Math.Sin),
        ["Cos"] = (VectorMath.Cos, 1, Math.Cos),
        ["Tan"] = (VectorMath.Tan, 2, Math.Tan),
        ["Asin"] = (VectorMath.Asin, 2, Math.Asin),
        ["Acos"] = (VectorMath.Acos, 2, Math.Acos),
        ["Atan"] = (VectorMath.Atan, 2, Math.Atan),
        ["Sinh"] = (VectorMath.Sinh, 3, Math.Sinh),
        ["Cosh"] = (VectorMath.Cosh, 2, Math.Cosh),
        ["Asinh"] = (VectorMath.Asinh, 3, Math.Asinh),
        ["Acosh"] = (VectorMath.Acosh, 3, Math.Acosh),
        ["Atanh"] = (VectorMath.Atanh, 3, Math.Atanh),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    public static TheoryData<string> InTheLibrary => [.. Functions.Where(f => f.Value.Library is not null).Select(f => f.Key)];

    /// <summary>Values of mpmath with 420 digits: the argument, the nearest number, and what is missing to the exact value in ULP.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Function_is_within_its_bound_of_exact_values(string name)
    {
        double worst = 0, at = 0;
        foreach (var (x, y, rest, _) in Golden(name))
        {
            var result = new double[1];
            Functions[name].Fast([x], result);
            var ulps = Math.Abs(((result[0] - y) / Ulp(y)) - rest);
            if (ulps > worst) (worst, at) = (ulps, x);
        }
        TestContext.Current.SendDiagnosticMessage($"{name}: {worst:F3} ULP at {at:R}");
        Assert.True(worst <= Functions[name].Ulps, $"{name}({at:R}) is off by {worst:F3} ULP");
    }

    [Fact]
    public void Power_is_within_its_bound_of_exact_values()
    {
        foreach (var (x, z, rest, y) in Golden("Pow"))
        {
            var result = new double[1];
            VectorMath.Pow([x], [y], result);
            var ulps = Math.Abs(((result[0] - z) / Ulp(z)) - rest);
            Assert.True(ulps <= (Math.Abs(Math.Log(z)) < 50 ? 2 : 8), $"Pow({x:R}, {y:R}) is off by {ulps:F3} ULP");
        }
    }

    /// <summary>The C library's own error is up to one unit.</summary>
    [Theory]
    [MemberData(nameof(InTheLibrary))]
    public void Function_agrees_with_the_library_for_arguments_of_every_exponent(string name)
    {
        var (fast, bound, library) = Functions[name];
        var x = new double[200_007];
        for (var i = 0; i < x.Length - 7; i++) x[i] = BitConverter.UInt64BitsToDouble((ulong)i * 92233720368547UL);
        ReadOnlySpan<double> special = [0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, -1];
        special.CopyTo(x.AsSpan(^7));
        var y = new double[x.Length];
        fast(x, y);
        double worst = 0, at = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var expected = library!(x[i]);
            if (y[i].Equals(expected) && double.IsNegative(y[i]) == double.IsNegative(expected)) continue;
            var ulps = double.IsNaN(expected) && double.IsNaN(y[i]) ? 0 : Math.Abs(y[i] - expected) / Ulp(expected);
            if (!(ulps <= worst)) (worst, at) = (ulps, x[i]);
            if (expected == 0 && y[i] == 0) (worst, at) = (double.PositiveInfinity, x[i]);
        }
        TestContext.Current.SendDiagnosticMessage($"{name}: {worst:F3} ULP of the library's at {at:R}");
        Assert.True(worst <= bound + 1, $"{name}({at:R}) is {worst:F3} ULP from the library's {library!(at):R}");
    }

    private static double Ulp(double y) => y == 0 ? double.Epsilon : Math.Max(double.Epsilon, Math.ScaleB(1, Math.ILogB(y) - 52));

    private static IEnumerable<(double X, double Y, double Missing, double Second)> Golden(string name)
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Models", "Kernels", "Math", "fixtures", "float64.tsv")))
        {
            var cells = line.Split('\t');
            if (cells[0] == name) yield return (Number(cells[1]), Number(cells[2]), Number(cells[3]), cells.Length > 4 ? Number(cells[4]) : 0);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
