using System.Numerics;

namespace Slipway.Models.Trees;

/// <summary>What an objective makes of a row's margins.</summary>
public enum MarginTransform
{
    Identity,

    /// <summary>1 / (1 + e^-x), each margin by itself.</summary>
    Sigmoid,

    /// <summary>e^x, each margin by itself.</summary>
    Exponential,

    /// <summary>1 where positive, else 0.</summary>
    Step,

    /// <summary>Probabilities over the row's margins.</summary>
    Softmax,

    /// <summary>The index of the row's largest margin (the first of equals): one value a row.</summary>
    ArgMax,

    /// <summary>The row's margins in ascending order (quantiles that must not cross).</summary>
    Ascending,

    /// <summary>sign(x) · x², each margin by itself.</summary>
    SignedSquare,

    /// <summary>ln(1 + e^x), each margin by itself.</summary>
    Softplus,

    /// <summary>1 − p and p of a single margin's sigmoid.</summary>
    BinaryProbabilities,

    /// <summary>The row's first margin, then what is before plus ln(1 + e^x) and a millionth (expectiles that cannot cross).</summary>
    Increments,
}

/// <summary>Applies a <see cref="MarginTransform"/>: in float32 operation by operation as XGBoost's CPU code does, in float64 by the plain formulas.</summary>
public static class MarginTransforms
{
    extension(MarginTransform transform)
    {
        /// <summary>Values a row has after the transform.</summary>
        public int OutputsFor(int margins) => transform switch
        {
            MarginTransform.ArgMax => 1,
            MarginTransform.BinaryProbabilities => 2,
            _ => margins,
        };
    }

    /// <summary>Transforms in place; the results are at the front, row after row, as many for each as <c>OutputsFor</c> tells.</summary>
    /// <param name="values">Row-major, at the front: <paramref name="outputs"/> margins a row. Large enough for the results.</param>
    public static void Apply<T>(MarginTransform transform, Span<T> values, int outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (transform)
        {
            case MarginTransform.Sigmoid:
                foreach (ref var x in values) x = Sigmoid(x);
                break;
            case MarginTransform.Exponential:
                foreach (ref var x in values) x = T.Exp(x);
                break;
            case MarginTransform.Step:
                foreach (ref var x in values) x = x > T.Zero ? T.One : T.Zero;
                break;
            case MarginTransform.Softmax:
                for (var i = 0; i < values.Length; i += outputs) Softmax(values.Slice(i, outputs));
                break;
            case MarginTransform.ArgMax:
                for (int i = 0, row = 0; i < values.Length; i += outputs, row++) values[row] = T.CreateTruncating(ArgMax(values.Slice(i, outputs)));
                break;
            case MarginTransform.Ascending:
                for (var i = 0; i < values.Length; i += outputs) values.Slice(i, outputs).Sort();
                break;
            case MarginTransform.SignedSquare:
                foreach (ref var x in values) x *= T.Abs(x);
                break;
            case MarginTransform.Softplus:
                foreach (ref var x in values) x = Softplus(x);
                break;
            case MarginTransform.BinaryProbabilities:
                for (var row = (values.Length / 2) - 1; row >= 0; row--)
                {
                    var p = Sigmoid(values[row]);
                    (values[2 * row], values[(2 * row) + 1]) = (T.One - p, p);
                }
                break;
            case MarginTransform.Increments:
                var least = T.CreateTruncating(1e-6f);
                for (var i = 0; i < values.Length; i++)
                {
                    if (i % outputs > 0) values[i] = values[i - 1] + (least + Softplus(values[i]));
                }
                break;
        }
    }

    private static T Sigmoid<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double)) return T.One / (T.One + T.Exp(-x));
        // The exponent is capped where XGBoost caps it: e^88.7 is the last that is finite.
        var exponent = T.Min(-x, T.CreateTruncating(88.7f));
        return T.One / (T.Exp(exponent) + T.One);
    }

    private static T Softplus<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var small = double.CreateTruncating(T.Exp(-T.Abs(x)));
        // ln(1 + y) without the digits that 1 + y loses (W. Kahan).
        var sum = 1 + small;
        var logarithm = T.CreateTruncating(sum == 1 ? small : Math.Log(sum) * (small / (sum - 1)));
        return x > T.Zero ? x + logarithm : logarithm;
    }

    private static void Softmax<T>(Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = row[0];
        foreach (var x in row[1..]) max = T.Max(x, max);
        var sum = 0.0;
        foreach (ref var x in row)
        {
            x = T.Exp(x - max);
            sum += double.CreateTruncating(x);
        }
        foreach (ref var x in row) x /= T.CreateTruncating(sum);
    }

    /// <summary>The place of the largest; of equals the first.</summary>
    public static int ArgMax<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best]) best = i;
        }
        return best;
    }
}
