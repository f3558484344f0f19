using System.Diagnostics;
using System.Runtime.Intrinsics;
using Slipway.Models.Kernels;

namespace Slipway.Benchmarks;

/// <summary>
/// Nanoseconds per element of the vector functions against a loop over System.MathF (float32) or System.Math (float64), on 4,096 numbers in the
/// nearest caches: the best of many rounds, taken in turns. Run with DOTNET_EnableAVX512=0 or DOTNET_EnableAVX2=0 for narrower machines.
/// </summary>
internal static class VectorMathSpeed
{
    private const int Count = 4096;
    private const int Rounds = 60;
    private const int Repeats = 8;

    private delegate void Function<T>(ReadOnlySpan<T> x, Span<T> y);

    private static readonly (string Name, Function<float> Vector, Func<float, float> Scalar)[] Singles =
    [
        ("exp", VectorMath.Exp, MathF.Exp),
        ("expm1", VectorMath.ExpM1, x => MathF.Exp(x) - 1),
        ("log", VectorMath.Log, MathF.Log),
        ("tanh", VectorMath.Tanh, MathF.Tanh),
        ("sigmoid", VectorMath.Sigmoid, x => 1 / (1 + MathF.Exp(-x))),
        ("silu", VectorMath.Silu, x => x / (1 + MathF.Exp(-x))),
        ("softplus", VectorMath.Softplus, x => MathF.Log(1 + MathF.Exp(x))),
        ("mish", VectorMath.Mish, x => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)))),
        ("gelu (tanh)", VectorMath.GeluTanh, x => 0.5f * x * (1 + MathF.Tanh(0.7978846f * (x + (0.044715f * x * x * x))))),
        ("sin", VectorMath.Sin, MathF.Sin),
        ("cos", VectorMath.Cos, MathF.Cos),
        ("tan", VectorMath.Tan, MathF.Tan),
        ("asin", VectorMath.Asin, MathF.Asin),
        ("atan", VectorMath.Atan, MathF.Atan),
        ("sinh", VectorMath.Sinh, MathF.Sinh),
        ("asinh", VectorMath.Asinh, MathF.Asinh),
        ("pow 1.7", (x, y) => VectorMath.Pow(x, [1.7f], y), x => MathF.Pow(x, 1.7f)),
        ("erf", VectorMath.Erf, _ => float.NaN),
        ("gelu (erf)", VectorMath.Gelu, _ => float.NaN),
        ("softmax, rows of 512", (x, y) => Softmax.Run(x, y, Count / 512, 512, 1), _ => float.NaN),
        ("layer-norm, rows of 512", (x, y) => LayerNorm.Run(x, y, 512, default, default, 1e-5f), _ => float.NaN),
    ];

    private static readonly (string Name, Function<double> Vector, Func<double, double> Scalar)[] Doubles =
    [
        ("exp", VectorMath.Exp, Math.Exp),
        ("log", VectorMath.Log, Math.Log),
        ("tanh", VectorMath.Tanh, Math.Tanh),
        ("sin", VectorMath.Sin, Math.Sin),
        ("pow 1.7", (x, y) => VectorMath.Pow(x, [1.7], y), x => Math.Pow(x, 1.7)),
    ];

    public static int Run()
    {
        Console.WriteLine($"vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits; ns per element, and how much faster than the scalar loop");
        var random = new Random(1);
        var singles = new float[Count];
        for (var i = 0; i < Count; i++) singles[i] = (float)(random.NextDouble() * 8) - 4;
        foreach (var (name, vector, scalar) in Singles) Print("float32 " + name, Best(vector, scalar, name is "log" or "pow 1.7" ? Array.ConvertAll(singles, MathF.Abs) : singles), float.IsNaN(scalar(1)));
        var doubles = Array.ConvertAll(singles, x => (double)x);
        foreach (var (name, vector, scalar) in Doubles) Print("float64 " + name, Best(vector, scalar, name is "log" or "pow 1.7" ? Array.ConvertAll(doubles, Math.Abs) : doubles), noScalar: false);
        return 0;
    }

    private static (double Vector, double Scalar) Best<T>(Function<T> vector, Func<T, T> scalar, T[] x)
    {
        var y = new T[Count];
        (double Vector, double Scalar) best = (double.MaxValue, double.MaxValue);
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds || Stopwatch.GetElapsedTime(begun).TotalMilliseconds < 400; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var repeat = 0; repeat < Repeats; repeat++) vector(x, y);
            best.Vector = Math.Min(best.Vector, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            start = Stopwatch.GetTimestamp();
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                for (var i = 0; i < Count; i++) y[i] = scalar(x[i]);
            }
            best.Scalar = Math.Min(best.Scalar, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }
        return (best.Vector / (Count * Repeats), best.Scalar / (Count * Repeats));
    }

    private static void Print(string name, (double Vector, double Scalar) ns, bool noScalar) =>
        Console.WriteLine(noScalar ? $"{name,-32}{ns.Vector,8:F3}" : $"{name,-32}{ns.Vector,8:F3}{ns.Scalar,10:F3}{ns.Scalar / ns.Vector,8:F1} x");
}
