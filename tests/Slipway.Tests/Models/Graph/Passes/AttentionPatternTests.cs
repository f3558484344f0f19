using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Which operands of scaled dot-product attention may broadcast: masks to the scores, and nothing else.</summary>
public sealed class AttentionPatternTests
{
    private static TensorValue Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 2 - 1;
        return tensor;
    }

    /// <summary>Whether attention was found; the answers are compared on the way.</summary>
    private static bool IsFound(long[] q, long[] k, long[] v, long[]? mask, long[]? declared = null)
    {
        var source = new GraphSource().Input("q", DataType.Float32, declared is null ? q : [.. declared, q[2], q[3]]).Input("k", DataType.Float32, declared is null ? k : [.. declared, k[2], k[3]]).Input("v", DataType.Float32, declared is null ? v : [.. declared, v[2], v[3]])
            .Numbers("scale", 0.5f).Node("t = Transpose(k)", ("perm", new long[] { 0, 1, 3, 2 })).Node("s = MatMul(q, t)").Node("m = Mul(s, scale)");
        if (mask is not null) source.Constant("mask", Numbers(4, mask)).Node("a = Add(m, mask)");
        var definition = source.Node($"p = Softmax({(mask is null ? "m" : "a")})", ("axis", -1)).Node("y = MatMul(p, v)").Output("y").Model(20, default, "batch", "heads");
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        Value[] inputs = [Numbers(1, q), Numbers(2, k), Numbers(3, v)];
        using var expected = GraphModel.Compile(definition, new GraphOptions(Optimise: false)).Run(inputs);
        using var run = model.Run(inputs);
        var (a, b) = (expected.Output(0).AsTensor, run.Output(0).AsTensor);
        Assert.Equal(a.Shape, b.Shape);
        for (var i = 0; i < a.Count; i++) Assert.Equal(a.Values<float>()[i], b.Values<float>()[i], 1e-5);
        return model.Graph.Nodes.Any(n => n.Info.Operator == "Attention");
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(1, 6)]
    [InlineData(5, 1)]
    [InlineData(1, 1, 5, 6)]
    [InlineData(2, 1, 1, 6)]
    [InlineData(2, 3, 5, 6)]
    [InlineData(3, 1, 1)]
    public void Masks_broadcast_to_the_scores(params int[] mask) => Assert.True(IsFound([2, 3, 5, 4], [2, 3, 6, 4], [2, 3, 6, 4], [.. mask.Select(d => (long)d)]));

    [Theory]
    [InlineData(2, 1, 5, 6)]
    [InlineData(1, 3, 5, 6)]
    public void A_mask_that_widens_the_scores_is_no_mask(params int[] mask) => Assert.False(IsFound([1, 1, 5, 4], [1, 1, 6, 4], [1, 1, 6, 4], [.. mask.Select(d => (long)d)]));

    [Fact]
    public void Scores_of_one_row_or_key_that_a_mask_widens_are_left_alone()
    {
        Assert.False(IsFound([2, 3, 1, 4], [2, 3, 6, 4], [2, 3, 6, 4], [5, 6]));
        Assert.True(IsFound([2, 3, 1, 4], [2, 3, 6, 4], [2, 3, 6, 4], [1, 6]));
    }

    [Fact]
    public void Queries_keys_and_values_that_broadcast_are_left_alone()
    {
        Assert.False(IsFound([2, 3, 5, 4], [2, 1, 6, 4], [2, 1, 6, 4], null));
        Assert.False(IsFound([2, 3, 5, 4], [1, 3, 6, 4], [2, 3, 6, 4], null));
        Assert.False(IsFound([2, 3, 5, 4], [2, 3, 6, 4], [2, 1, 6, 4], null));
        Assert.False(IsFound([1, 3, 5, 4], [1, 3, 6, 4], [2, 3, 6, 4], null));
    }

    [Fact]
    public void Batches_and_heads_of_one_symbol_are_alike() => Assert.True(IsFound([2, 3, 5, 4], [2, 3, 6, 4], [2, 3, 6, 7], [5, 6], [-1, -2]));
}
