using Slipway.Models.Formats.OnnxMl;

namespace Slipway.Models.Graph;

/// <summary>Probabilities of classes from decisions between each two of them (T.-F. Wu, C.-J. Lin, R. Weng: Probability estimates for multi-class classification by pairwise coupling, second method).</summary>
internal static class PairProbabilities
{
    private const int MostSteps = 100;

    /// <param name="decisions">Of pairs of classes: (0,1), (0,2), …, (1,2), ….</param>
    /// <param name="a">Of J. Platt's sigmoid, for each pair.</param>
    /// <param name="p">Becomes the probabilities.</param>
    /// <param name="scratch">Of 2n² + n values for n classes.</param>
    public static void Combine(ReadOnlySpan<float> decisions, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> p, Span<float> scratch)
    {
        var n = p.Length;
        var r = scratch[..(n * n)];
        var q = scratch.Slice(n * n, n * n);
        var qp = scratch.Slice(2 * n * n, n);
        for (int i = 0, pair = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++, pair++)
            {
                var first = Math.Clamp(1 - PostTransforms.Logistic((decisions[pair] * a[pair]) + b[pair]), 1e-7f, 1 - 1e-7f);
                (r[(i * n) + j], r[(j * n) + i]) = (first, 1 - first);
            }
        }
        Products(r, q, n);
        p.Fill(1f / n);
        for (var step = 0; step < MostSteps; step++)
        {
            var sum = 0f;
            for (var i = 0; i < n; i++)
            {
                qp[i] = 0;
                for (var j = 0; j < n; j++) qp[i] += q[(i * n) + j] * p[j];
                sum += p[i] * qp[i];
            }
            var error = 0f;
            for (var i = 0; i < n; i++) error = Math.Max(error, MathF.Abs(qp[i] - sum));
            if (error < 0.005f / n) return;
            for (var i = 0; i < n; i++) Improve(q, qp, p, i, ref sum);
        }
    }

    private static void Products(ReadOnlySpan<float> r, Span<float> q, int n)
    {
        q.Clear();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                if (j == i) continue;
                q[(i * n) + i] += r[(j * n) + i] * r[(j * n) + i];
                q[(i * n) + j] = -r[(j * n) + i] * r[(i * n) + j];
            }
        }
    }

    private static void Improve(ReadOnlySpan<float> q, Span<float> qp, Span<float> p, int i, ref float sum)
    {
        var n = p.Length;
        var difference = (sum - qp[i]) / q[(i * n) + i];
        p[i] += difference;
        sum = (sum + (difference * ((difference * q[(i * n) + i]) + (2 * qp[i])))) / (1 + difference) / (1 + difference);
        for (var j = 0; j < n; j++)
        {
            qp[j] = (qp[j] + (difference * q[(i * n) + j])) / (1 + difference);
            p[j] /= 1 + difference;
        }
    }
}
