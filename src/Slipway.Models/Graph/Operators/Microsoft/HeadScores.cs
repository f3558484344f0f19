using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>The scores of an attention as an output: scale · q kᵀ of each head, before mask and softmax.</summary>
internal static class HeadScores
{
    /// <param name="scores">[batch, heads, queries, keys].</param>
    public static void Write(in AttentionShape shape, float scale, ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, Span<float> scores, int threads)
    {
        var count = shape.Queries * shape.Keys;
        for (var batch = 0; batch < shape.Batch; batch++)
        {
            for (var head = 0; head < shape.QueryHeads; head++)
            {
                var left = queries[((batch * shape.Query.Batch) + (head * shape.Query.Head))..];
                var right = keys[((batch * shape.Key.Batch) + (head * shape.Key.Head))..];
                Gemm.Run(shape.Queries, shape.Keys, shape.HeadSize, left, shape.Query.Row, 1, right, 1, shape.Key.Row, scores.Slice(((batch * shape.QueryHeads) + head) * count, count), shape.Keys, new GemmEpilogue<float> { Alpha = scale }, threads);
            }
        }
    }
}
