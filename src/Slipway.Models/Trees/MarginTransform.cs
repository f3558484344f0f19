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
}

/// <summary>Applies a <see cref="MarginTransform"/> in float32, operation by operation as XGBoost's CPU code does.</summary>
public static class MarginTransforms
{
    extension(MarginTransform transform)
    {
        /// <summary>Values a row has after the transform.</summary>
        public int OutputsFor(int margins) => transform == MarginTransform.ArgMax ? 1 : margins;
    }

    /// <summary>Transforms in place; <see cref="MarginTransform.ArgMax"/> writes its result to the front of <paramref name="margins"/>, one value a row.</summary>
    /// <param name="margins">Row-major, <paramref name="outputs"/> values a row.</param>
    public static void Apply(MarginTransform transform, Span<float> margins, int outputs)
    {
        switch (transform)
        {
            case MarginTransform.Sigmoid:
                foreach (ref var x in margins) x = Sigmoid(x);
                break;
            case MarginTransform.Exponential:
                foreach (ref var x in margins) x = MathF.Exp(x);
                break;
            case MarginTransform.Step:
                foreach (ref var x in margins) x = x > 0 ? 1 : 0;
                break;
            case MarginTransform.Softmax:
                for (var i = 0; i < margins.Length; i += outputs) Softmax(margins.Slice(i, outputs));
                break;
            case MarginTransform.ArgMax:
                for (int i = 0, row = 0; i < margins.Length; i += outputs, row++) margins[row] = ArgMax(margins.Slice(i, outputs));
                break;
            case MarginTransform.Ascending:
                for (var i = 0; i < margins.Length; i += outputs) margins.Slice(i, outputs).Sort();
                break;
        }
    }

    private static float Sigmoid(float x)
    {
        // The exponent is capped where XGBoost caps it: e^88.7 is the last that is finite.
        var exponent = MathF.Min(-x, 88.7f);
        return 1f / (MathF.Exp(exponent) + 1f);
    }

    private static void Softmax(Span<float> row)
    {
        var max = row[0];
        foreach (var x in row[1..]) max = MathF.Max(x, max);
        var sum = 0.0;
        foreach (ref var x in row)
        {
            x = MathF.Exp(x - max);
            sum += x;
        }
        foreach (ref var x in row) x /= (float)sum;
    }

    private static int ArgMax(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best]) best = i;
        }
        return best;
    }
}
