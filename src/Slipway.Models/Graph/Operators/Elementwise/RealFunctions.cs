using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>
/// Activations of ai.onnx over blocks of floats that are made of a function of the kernels and some arithmetic around it. Results may be written over arguments.
/// </summary>
internal static class RealFunctions
{
    private const int Block = 256;

    /// <summary>gamma · x where x is not below 0, else gamma · alpha · (exp(x) - 1).</summary>
    public static void Elu<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, double gamma, ElementMap<T> expMinusOne) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (above, below) = (T.CreateTruncating(gamma), T.CreateTruncating(alpha * gamma));
        Span<T> inner = stackalloc T[Block];
        for (var start = 0; start < x.Length; start += Block)
        {
            var (from, to) = Part(x, y, start);
            expMinusOne(from, inner[..from.Length]);
            for (var i = 0; i < to.Length; i++) to[i] = from[i] < T.Zero ? below * inner[i] : above * from[i];
        }
    }

    /// <summary>max(0, x) + min(0, alpha · (exp(x / alpha) - 1)).</summary>
    public static void Celu<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, ElementMap<T> expMinusOne) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factor = T.CreateTruncating(alpha);
        Span<T> inner = stackalloc T[Block];
        for (var start = 0; start < x.Length; start += Block)
        {
            var (from, to) = Part(x, y, start);
            for (var i = 0; i < from.Length; i++) inner[i] = from[i] / factor;
            expMinusOne(inner[..from.Length], inner[..from.Length]);
            for (var i = 0; i < to.Length; i++) to[i] = T.Max(T.Zero, from[i]) + T.Min(T.Zero, factor * inner[i]);
        }
    }

    /// <summary>alpha · f(beta · x).</summary>
    public static void Scaled<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, double beta, ElementMap<T> function) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BinaryLoops.Run<NumberOperations.Multiply, T>(x, [T.CreateTruncating(beta)], y);
        function(y, y);
        BinaryLoops.Run<NumberOperations.Multiply, T>(y, [T.CreateTruncating(alpha)], y);
    }

    /// <summary>x · sigmoid(alpha · x).</summary>
    public static void Swish<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, ElementMap<T> sigmoid) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factor = T.CreateTruncating(alpha);
        Span<T> inner = stackalloc T[Block];
        for (var start = 0; start < x.Length; start += Block)
        {
            var (from, to) = Part(x, y, start);
            for (var i = 0; i < from.Length; i++) inner[i] = factor * from[i];
            sigmoid(inner[..from.Length], inner[..from.Length]);
            for (var i = 0; i < to.Length; i++) to[i] = from[i] * inner[i];
        }
    }

    public static void Softsign<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < y.Length; i++) y[i] = x[i] / (T.One + T.Abs(x[i]));
    }

    public static void Sqrt<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var i = 0;
        for (; i <= y.Length - Vector<T>.Count; i += Vector<T>.Count) Vector.SquareRoot(new Vector<T>(x[i..])).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = T.Sqrt(x[i]);
    }

    public static void Reciprocal<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => BinaryLoops.Run<NumberOperations.Divide, T>([T.One], x, y);

    /// <summary>max(0, min(1, alpha · x + beta)).</summary>
    public static void HardSigmoid<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, double beta) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Affine(x, y, alpha, beta);
        BinaryLoops.Run<NumberOperations.Minimum, T>(y, [T.One], y);
        BinaryLoops.Run<NumberOperations.Maximum, T>(y, [T.Zero], y);
    }

    /// <summary>x · max(0, min(1, x / 6 + 1/2)).</summary>
    public static void HardSwish<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (sixth, half) = (T.CreateTruncating(1.0 / 6), T.CreateTruncating(0.5));
        for (var i = 0; i < y.Length; i++) y[i] = x[i] * T.Max(T.Zero, T.Min(T.One, x[i] * sixth + half));
    }

    public static void Affine<T>(ReadOnlySpan<T> x, Span<T> y, double alpha, double beta) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BinaryLoops.Run<NumberOperations.Multiply, T>(x, [T.CreateTruncating(alpha)], y);
        BinaryLoops.Run<NumberOperations.Add, T>(y, [T.CreateTruncating(beta)], y);
    }

    /// <summary>x where it is above alpha, else 0.</summary>
    public static void Threshold<T>(ReadOnlySpan<T> x, Span<T> y, double alpha) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var limit = T.CreateTruncating(alpha);
        for (var i = 0; i < y.Length; i++) y[i] = x[i] > limit ? x[i] : T.Zero;
    }

    private static Pair<T> Part<T>(ReadOnlySpan<T> x, Span<T> y, int start) => new(x.Slice(start, Math.Min(Block, x.Length - start)), y.Slice(start, Math.Min(Block, x.Length - start)));

    private readonly ref struct Pair<T>(ReadOnlySpan<T> from, Span<T> to)
    {
        private readonly ReadOnlySpan<T> _from = from;
        private readonly Span<T> _to = to;

        public void Deconstruct(out ReadOnlySpan<T> from, out Span<T> to)
        {
            from = _from;
            to = _to;
        }
    }
}
