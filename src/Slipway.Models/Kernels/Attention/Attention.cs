namespace Slipway.Models.Kernels;

/// <summary>
/// Scaled dot-product attention, softmax(scale · Q·Kᵀ + mask) · V (Vaswani et al., "Attention is all you need", 2017), by blocks of queries: only
/// the scores of a block are ever in memory. Every row is computed as if alone — products in <see cref="Gemm"/>'s order, <see cref="Softmax"/> over
/// its keys — so the bits are those of the three steps one after another, for any block, batch and number of threads.
/// </summary>
internal static class Attention
{
    private const int ScoresPerBlock = 1 << 17;
    private const int MostRows = 128;
    private const int LeastRows = 8;

    /// <summary>Products worth a thread.</summary>
    private const long WorkPerPart = 1 << 18;

    /// <summary>Elements of scratch that <see cref="Run"/> wants.</summary>
    /// <param name="threads">As will be given to <see cref="Run"/>.</param>
    public static int ScratchLength(in AttentionShape shape, int threads) => checked(Math.Max(1, threads) * RowsPerBlock(shape) * shape.Keys);

    /// <summary>Elements of scratch that suffice for as many keys as the shape has and for any fewer.</summary>
    public static int MostScratchLength(in AttentionShape shape, int threads) =>
        checked((int)(Math.Max(1, threads) * Math.Min(Math.Max(shape.Queries, 1L) * shape.Keys, Math.Max(ScoresPerBlock, (long)LeastRows * shape.Keys))));

    /// <param name="query">[batch, query heads, queries, head size] by its strides.</param>
    /// <param name="key">[batch, key heads, keys, head size].</param>
    /// <param name="value">[batch, key heads, keys, value size].</param>
    /// <param name="mask">Added to the scores: [batch, query heads, queries, keys] by its strides, or nothing. −∞ hides a key.</param>
    /// <param name="result">[batch, query heads, queries, value size]; shares no memory with the others.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static unsafe void Run(in AttentionShape shape, in AttentionOptions options, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, ReadOnlySpan<float> mask, Span<float> result, Span<float> scratch, int threads = 1)
    {
        Check(shape, query.Length, key.Length, value.Length, mask.Length, result.Length, scratch.Length, threads);
        if (shape.Batch == 0 || shape.Queries == 0 || shape.QueryHeads == 0 || shape.ValueSize == 0) return;
        fixed (float* q = query, k = key, v = value, m = mask, y = result, s = scratch)
        {
            var blocks = new AttentionBlocks
            {
                Shape = shape, Options = options, Rows = RowsPerBlock(shape), Query = q, Key = k, Value = v, Mask = m, Result = y, Scratch = s,
                QueryLength = query.Length, KeyLength = key.Length, ValueLength = value.Length, ResultLength = result.Length,
            };
            var work = (long)shape.Queries * shape.Keys * (shape.HeadSize + shape.ValueSize) * shape.QueryHeads * shape.Batch;
            var parts = (int)Math.Min(Math.Min(threads, blocks.Count), work / WorkPerPart);
            blocks.Parts = Math.Max(parts, 1);
            ParallelWork<AttentionBlocks>.Run(blocks, blocks.Parts, blocks.Parts);
        }
    }

    private static int RowsPerBlock(in AttentionShape shape) => Math.Min(Math.Max(shape.Queries, 1), Math.Clamp(ScoresPerBlock / Math.Max(shape.Keys, 1), LeastRows, MostRows));

    private static void Check(in AttentionShape s, int query, int key, int value, int mask, int result, int scratch, int threads)
    {
        if (s.Batch < 0 || s.Queries < 0 || s.Keys < 0 || s.HeadSize < 0 || s.ValueSize < 0 || s.KeyHeads < 1 || s.QueryHeads % s.KeyHeads != 0)
        {
            throw new ArgumentException($"{s.QueryHeads} heads of queries do not share {s.KeyHeads} heads of keys, or a size is negative", nameof(s));
        }
        if (s.Batch == 0 || s.Queries == 0 || s.QueryHeads == 0) return;
        Require(query, s.Query, s.QueryHeads, s.Queries, s.HeadSize, s.Batch, nameof(query));
        Require(result, s.Result, s.QueryHeads, s.Queries, s.ValueSize, s.Batch, nameof(result));
        if (s.Keys > 0)
        {
            Require(key, s.Key, s.KeyHeads, s.Keys, s.HeadSize, s.Batch, nameof(key));
            Require(value, s.Value, s.KeyHeads, s.Keys, s.ValueSize, s.Batch, nameof(value));
            if (mask > 0) Require(mask, s.Mask, s.QueryHeads, s.Queries, s.Keys, s.Batch, nameof(mask));
        }
        if (scratch < ScratchLength(s, threads)) throw new ArgumentException($"has {scratch} elements where {ScratchLength(s, threads)} are wanted", nameof(scratch));
    }

    private static void Require(int length, RowStrides strides, int heads, int rows, int size, int batch, string name)
    {
        var end = strides.End(batch, heads, rows, size);
        if (strides.Batch < 0 || strides.Head < 0 || strides.Row < 0 || length < end) throw new ArgumentException($"has {length} elements where its sizes and strides reach {end}", name);
    }
}
