using System.Globalization;
using Slipway.Core;

namespace Slipway.Benchmarks.Onnx;

/// <summary>How far answers are from those expected: the largest difference, and the largest share of the allowed one.</summary>
internal readonly record struct Agreement(double Worst, double Share, string Wrong)
{
    private const double Relative = 1e-3;
    private const double Absolute = 1e-4;

    /// <summary>Nothing was compared.</summary>
    public static Agreement None { get; } = new(double.NaN, 0, "");

    public bool Agrees => Share <= 1 && Wrong.Length == 0;

    /// <param name="slack">Allowed besides.</param>
    public static Agreement Of(Batch given, Batch expected, double slack = 0)
    {
        double worst = 0, share = 0;
        for (var i = 0; i < expected.Count; i++)
        {
            var (a, b) = (given[i], expected[i]);
            if (a.Type != b.Type || !a.Shape.SequenceEqual(b.Shape)) return new(double.NaN, 0, $"{a} is not {b}");
            for (var j = 0; j < b.Count; j++)
            {
                var (x, y) = (Number(a, j), Number(b, j));
                var difference = x.Equals(y) ? 0 : Math.Abs(x - y);
                if (double.IsNaN(difference)) return new(double.NaN, 0, string.Create(CultureInfo.InvariantCulture, $"{b.Name}[{j}] is {x}, not {y}"));
                worst = Math.Max(worst, difference);
                share = Math.Max(share, difference / (Absolute + slack + (Relative * Math.Abs(y))));
            }
        }
        return new(worst, share, "");
    }

    public override string ToString() =>
        Wrong.Length > 0 ? $"WRONG: {Wrong}" : double.IsNaN(Worst) ? "" : string.Create(CultureInfo.InvariantCulture, $"{(Agrees ? "" : "WRONG: ")}{Worst:G2}");

    private static double Number(Tensor tensor, int index) => tensor.Type switch
    {
        ElementType.Float32 => tensor.Values<float>()[index],
        ElementType.Float64 => tensor.Values<double>()[index],
        ElementType.Int64 => tensor.Values<long>()[index],
        _ => throw new NotSupportedException($"answers of {tensor.Type} are not compared"),
    };
}
