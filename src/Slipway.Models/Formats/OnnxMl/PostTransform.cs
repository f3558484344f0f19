namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What an ensemble makes of its aggregates; the numbers are those of TreeEnsemble (opset 5).</summary>
internal enum PostTransform
{
    None = 0,
    Softmax = 1,
    Logistic = 2,
    SoftmaxZero = 3,
    Probit = 4,
}

/// <summary>Operation by operation as ONNX Runtime computes them.</summary>
internal static class PostTransforms
{
    public static float Logistic(float x)
    {
        var v = 1f / (1f + MathF.Exp(-MathF.Abs(x)));
        return x < 0 ? 1f - v : v;
    }

    public static float Probit(float p) => 1.41421356f * InverseErrorFunction((2f * p) - 1f);

    /// <summary>S. Winitzki's approximation.</summary>
    private static float InverseErrorFunction(float x)
    {
        var sign = x < 0 ? -1f : 1f;
        x = (1f - x) * (1f + x);
        var log = MathF.Log(x);
        var v = (2f / (MathF.PI * 0.147f)) + (0.5f * log);
        var v2 = (1f / 0.147f) * log;
        var v3 = -v + MathF.Sqrt((v * v) - v2);
        return sign * MathF.Sqrt(v3);
    }

    public static void Softmax(Span<float> scores)
    {
        var max = Largest(scores);
        var sum = 0f;
        foreach (ref var score in scores)
        {
            score = MathF.Exp(score - max);
            sum += score;
        }
        foreach (ref var score in scores) score /= sum;
    }

    /// <summary>Softmax that leaves zeros zero.</summary>
    public static void SoftmaxZero(Span<float> scores)
    {
        var max = Largest(scores);
        var atZero = MathF.Exp(-max);
        const float Small = 0.0000001f;
        var sum = 0f;
        foreach (ref var score in scores)
        {
            if (score > Small || score < -Small)
            {
                score = MathF.Exp(score - max);
                sum += score;
            }
            else
            {
                score *= atZero;
            }
        }
        foreach (ref var score in scores) score /= sum;
    }

    private static float Largest(ReadOnlySpan<float> scores)
    {
        var max = float.MinValue;
        foreach (var score in scores)
        {
            if (score > max) max = score;
        }
        return max;
    }
}
