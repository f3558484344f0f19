using System.Numerics;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What an ensemble makes of its aggregates; the numbers are those of TreeEnsemble (opset 5) in ONNX Runtime, which has 1 and 2 the other way round than the standard.</summary>
internal enum PostTransform
{
    None = 0,
    Logistic = 1,
    Softmax = 2,
    SoftmaxZero = 3,
    Probit = 4,
}

/// <summary>Operation by operation as ONNX Runtime computes them, in float32 whatever the scores are.</summary>
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

    /// <summary>Float64 is rounded to float32 first, and after every operation.</summary>
    public static void Softmax<T>(Span<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = Largest(scores);
        var sum = 0f;
        foreach (ref var score in scores)
        {
            var e = MathF.Exp(float.CreateTruncating(score) - max);
            score = T.CreateTruncating(e);
            sum += e;
        }
        foreach (ref var score in scores) score = T.CreateTruncating(float.CreateTruncating(score) / sum);
    }

    /// <summary><see cref="Softmax"/> that leaves zeros zero.</summary>
    public static void SoftmaxZero<T>(Span<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const float Small = 0.0000001f;
        var max = Largest(scores);
        var atZero = MathF.Exp(-max);
        var sum = 0f;
        foreach (ref var score in scores)
        {
            var value = float.CreateTruncating(score);
            if (value is > Small or < -Small)
            {
                value = MathF.Exp(value - max);
                sum += value;
            }
            else
            {
                value *= atZero;
            }
            score = T.CreateTruncating(value);
        }
        // Only this division is done in the precision of the scores.
        foreach (ref var score in scores) score /= T.CreateTruncating(sum);
    }

    private static float Largest<T>(ReadOnlySpan<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = float.MinValue;
        foreach (var score in scores)
        {
            var value = float.CreateTruncating(score);
            if (value > max) max = value;
        }
        return max;
    }
}
