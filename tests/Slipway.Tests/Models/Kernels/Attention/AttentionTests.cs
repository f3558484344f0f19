using Slipway.Models.Kernels;
using Product = Slipway.Models.Kernels.Gemm;

namespace Slipway.Tests.Models.Kernels;

public sealed class AttentionTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 8, 8, false)]
    [InlineData(2, 4, 2, 33, 47, 16, 24, false)]
    [InlineData(1, 2, 1, 150, 150, 32, 32, true)]
    [InlineData(2, 3, 3, 1, 200, 64, 64, true)]
    [InlineData(1, 1, 1, 20, 9000, 16, 16, false)]
    public void Result_is_that_of_the_definition(int batch, int heads, int keyHeads, int queries, int keys, int size, int valueSize, bool causal)
    {
        var shape = new AttentionShape(batch, heads, keyHeads, queries, keys, size, valueSize) { Mask = new(0, 0, keys) };
        var options = new AttentionOptions(0.25f, Cap: 5, IsCausal: causal, CausalOffset: keys - queries);
        var q = Numbers(batch * heads * queries * size, 1);
        var k = Numbers(batch * keyHeads * keys * size, 2);
        var v = Numbers(batch * keyHeads * keys * valueSize, 3);
        var mask = Numbers(queries * keys, 4);
        for (var i = 0; i < mask.Length; i += 7)
        {
            if (i % keys != 0) mask[i] = float.NegativeInfinity;
        }
        var y = Run(shape, options, q, k, v, mask, 1);
        for (var row = 0; row < batch * heads * queries; row++)
        {
            var (b, h, i) = (row / queries / heads, row / queries % heads, row % queries);
            var keyHead = (b * keyHeads) + (h / (heads / keyHeads));
            var scores = new double[causal ? i + keys - queries + 1 : keys];
            for (var j = 0; j < scores.Length; j++)
            {
                double dot = 0;
                for (var d = 0; d < size; d++) dot += (double)q[(row * size) + d] * k[(((keyHead * keys) + j) * size) + d];
                scores[j] = (5 * Math.Tanh(dot * 0.25 / 5)) + mask[(i * keys) + j];
            }
            var max = scores.Max();
            var sum = scores.Sum(s => Math.Exp(s - max));
            for (var d = 0; d < valueSize; d++)
            {
                double expected = 0;
                for (var j = 0; j < scores.Length; j++) expected += Math.Exp(scores[j] - max) / sum * v[(((keyHead * keys) + j) * valueSize) + d];
                Assert.Equal(expected, y[(row * valueSize) + d], 1e-5);
            }
        }
        Assert.Equal(y, Run(shape, options, q, k, v, mask, 2));
        Assert.Equal(y, Run(shape, options, q, k, v, mask, 5));
    }

    [Fact]
    public void Bits_are_those_of_the_steps_one_after_another()
    {
        const int queries = 70, keys = 90, size = 24;
        var shape = new AttentionShape(1, 2, 2, queries, keys, size, size);
        float[] q = Numbers(2 * queries * size, 5), k = Numbers(2 * keys * size, 6), v = Numbers(2 * keys * size, 7);
        var y = Run(shape, new AttentionOptions(0.2f), q, k, v, [], 1);
        for (var head = 0; head < 2; head++)
        {
            float[] scores = new float[queries * keys], expected = new float[queries * size];
            Product.Run(queries, keys, size, q.AsSpan(head * queries * size), size, 1, k.AsSpan(head * keys * size), 1, size, scores.AsSpan(), keys, new GemmEpilogue<float> { Alpha = 0.2f }, 1);
            Softmax.Run(scores, scores, queries, keys, 1);
            Product.Run(queries, size, keys, scores, keys, 1, v.AsSpan(head * keys * size), size, 1, expected.AsSpan(), size, default, 1);
            Assert.Equal(expected, y.AsSpan(head * queries * size, queries * size).ToArray());
        }
    }

    [Fact]
    public void Heads_may_stand_in_rows()
    {
        var shape = new AttentionShape(2, 3, 3, 10, 12, 4, 4);
        float[] q = Numbers(2 * 3 * 10 * 4, 8), k = Numbers(2 * 3 * 12 * 4, 9), v = Numbers(2 * 3 * 12 * 4, 10);
        var expected = Interleave(Run(shape, new AttentionOptions(0.5f), q, k, v, [], 1), 3, 10, 4);
        Assert.Equal(expected, Run(shape.WithHeadsInRows(), new AttentionOptions(0.5f), Interleave(q, 3, 10, 4), Interleave(k, 3, 12, 4), Interleave(v, 3, 12, 4), [], 1));
    }

    [Fact]
    public void A_buffer_that_is_too_short_is_refused()
    {
        var shape = new AttentionShape(1, 1, 1, 4, 4, 4, 4);
        var error = Assert.Throws<ArgumentException>(() => Attention.Run(shape, new AttentionOptions(1), new float[16], new float[15], new float[16], [], new float[16], new float[16]));
        Assert.Contains("has 15 elements where its sizes and strides reach 16", error.Message);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var shape = new AttentionShape(1, 2, 2, 64, 64, 32, 32);
        float[] q = Numbers(4096, 1), y = new float[4096], scratch = new float[Attention.ScratchLength(shape, 1)];
        Attention.Run(shape, new AttentionOptions(1), q, q, q, [], y, scratch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Attention.Run(shape, new AttentionOptions(1), q, q, q, [], y, scratch);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] Run(AttentionShape shape, AttentionOptions options, float[] q, float[] k, float[] v, float[] mask, int threads)
    {
        var y = new float[shape.Batch * shape.QueryHeads * shape.Queries * shape.ValueSize];
        Attention.Run(shape, options, q, k, v, mask, y, new float[Attention.ScratchLength(shape, threads)], threads);
        return y;
    }

    /// <summary>[batch, heads, rows, size] as [batch, rows, heads, size].</summary>
    private static float[] Interleave(float[] x, int heads, int rows, int size)
    {
        var y = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (d, row, head, b) = (i % size, i / size % rows, i / size / rows % heads, i / size / rows / heads);
            y[(((((b * rows) + row) * heads) + head) * size) + d] = x[i];
        }
        return y;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        var x = new float[count];
        for (var i = 0; i < count; i++) x[i] = (float)((random.NextDouble() * 2) - 1);
        return x;
    }
}
