using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Functions of ai.onnx over blocks of floats that are made of a function of the kernels and some arithmetic around it. Results may be written over arguments.</summary>
internal static class RealFunctions
{
    private const int Block = 256;

    /// <summary>gamma · x where x is not below 0, else gamma · alpha · (exp(x) - 1).</summary>
    public static void Elu(ReadOnlySpan<double> x, Span<double> y, double alpha, double gamma)
    {
        Span<double> inner = stackalloc double[Block];
        for (var start = 0; start < x.Length; start += Block)
        {
            var from = x.Slice(start, Math.Min(Block, x.Length - start));
            VectorMath.ExpM1(from, inner[..from.Length]);
            for (var i = 0; i < from.Length; i++) y[start + i] = gamma * (from[i] < 0 ? alpha * inner[i] : from[i]);
        }
    }

    /// <summary>x where it is not below 0, else alpha · (exp(x / alpha) - 1).</summary>
    public static void Celu(ReadOnlySpan<double> x, Span<double> y, double alpha)
    {
        Span<double> inner = stackalloc double[Block];
        for (var start = 0; start < x.Length; start += Block)
        {
            var from = x.Slice(start, Math.Min(Block, x.Length - start));
            for (var i = 0; i < from.Length; i++) inner[i] = from[i] / alpha;
            VectorMath.ExpM1(inner[..from.Length], inner[..from.Length]);
            for (var i = 0; i < from.Length; i++) y[start + i] = from[i] < 0 ? alpha * inner[i] : from[i];
        }
    }

    /// <summary>x · sigmoid(alpha · x).</summary>
    public static void Swish(ReadOnlySpan<double> x, Span<double> y, double alpha)
    {
        Span<double> inner = stackalloc double[Block];
        for (var start = 0; start < x.Length; start += Block)
        {
            var from = x.Slice(start, Math.Min(Block, x.Length - start));
            for (var i = 0; i < from.Length; i++) inner[i] = alpha * from[i];
            VectorMath.Sigmoid(inner[..from.Length], inner[..from.Length]);
            for (var i = 0; i < from.Length; i++) y[start + i] = from[i] * inner[i];
        }
    }

    public static void Softsign(ReadOnlySpan<double> x, Span<double> y)
    {
        for (var i = 0; i < y.Length; i++) y[i] = x[i] / (1 + Math.Abs(x[i]));
    }

    /// <summary>max(0, min(1, alpha · x + beta)).</summary>
    public static void HardSigmoid(ReadOnlySpan<double> x, Span<double> y, double alpha, double beta)
    {
        Affine(x, y, alpha, beta);
        for (var i = 0; i < y.Length; i++) y[i] = Math.Clamp(y[i], 0, 1);
    }

    /// <summary>x · max(0, min(1, x / 6 + 1/2)).</summary>
    public static void HardSwish(ReadOnlySpan<double> x, Span<double> y)
    {
        for (var i = 0; i < y.Length; i++) y[i] = x[i] * Math.Clamp((x[i] * (1.0 / 6)) + 0.5, 0, 1);
    }

    /// <summary>x where it is above alpha, else 0; NaN stays.</summary>
    public static void Threshold(ReadOnlySpan<double> x, Span<double> y, double alpha)
    {
        for (var i = 0; i < y.Length; i++) y[i] = x[i] > alpha ? x[i] : 0;
    }

    /// <summary>alpha · f(beta · x).</summary>
    public static void Scaled<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, double beta, ElementMap<T> function) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BinaryLoops.Run<NumberOperations.Multiply, T>(x, [T.CreateTruncating(beta)], y);
        function(y, y);
        BinaryLoops.Run<NumberOperations.Multiply, T>(y, [T.CreateTruncating(alpha)], y);
    }

    public static void Sqrt<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var i = 0;
        for (; i <= y.Length - Vector<T>.Count; i += Vector<T>.Count) Vector.SquareRoot(new Vector<T>(x[i..])).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = T.Sqrt(x[i]);
    }

    public static void Reciprocal<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => BinaryLoops.Run<NumberOperations.Divide, T>([T.One], x, y);

    public static void Affine<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, double beta) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BinaryLoops.Run<NumberOperations.Multiply, T>(x, [T.CreateTruncating(alpha)], y);
        BinaryLoops.Run<NumberOperations.Add, T>(y, [T.CreateTruncating(beta)], y);
    }
}
