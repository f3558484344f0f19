using Slipway.Models.Graph;
using static Slipway.Tests.Models.Engine.PassTests;

namespace Slipway.Tests.Models.Engine;

/// <summary>One operator in the spellings of PyTorch, TensorFlow and others: all are found; each answers as its nodes do.</summary>
public class SpellingTests
{
    private static GraphSource X(params long[] shape) => new GraphSource().Input("x", DataType.Float32, shape);

    /// <summary>Centred rows c, the root's argument v, and constants.</summary>
    private static GraphSource Centred(long last = 8) => Squares(last).Node("mean = ReduceMean(x, axes)").Node("c = Sub(x, mean)").Node("q = Pow(c, two)").Node("var = ReduceMean(q, axes)").Node("v = Add(var, e)");

    private static GraphSource Squares(long last = 8) => X(3, last).Numbers("e", 1e-3f).Constant("axes", TensorValue.Vector(-1)).Constant("g", Weights(8)).Constant("b", Weights(8)).Numbers("one", 1).Numbers("half", 0.5f).Numbers("minus", -0.5f)
        .Constant("two", TensorValue.Vector(2));

    [Theory]
    [InlineData("r = Sqrt(v)", "n = Div(c, r)")]
    [InlineData("r = Pow(v, half)", "n = Div(c, r)")]
    [InlineData("n0 = Pow(v, minus)", "n = Mul(n0, c)")]
    [InlineData("r = Sqrt(v)", "i = Reciprocal(r)", "n = Mul(c, i)")]
    [InlineData("r = Sqrt(v)", "i = Div(one, r)", "n = Mul(c, i)")]
    public void Layer_normalization_is_found_in_each_spelling_with_and_without_a_bias(params string[] nodes)
    {
        var source = Centred();
        foreach (var node in nodes) source.Node(node);
        Assert.Equal("LayerNormalization", Optimised(source.Node("s = Mul(g, n)").Node("y = Add(b, s)").Output("y"), 1e-5, [3, 8]));
        source = Centred();
        foreach (var node in nodes) source.Node(node);
        Assert.Equal("LayerNormalization", Optimised(source.Node("y = Mul(n, g)").Output("y"), 1e-5, [3, 8]));
    }

    [Fact]
    public void Layer_normalization_is_found_where_scale_and_mean_were_multiplied_first() => Assert.Equal("LayerNormalization",
        Optimised(Centred().Node("r = Sqrt(v)").Node("i = Reciprocal(r)").Node("m = Mul(i, g)").Node("a = Mul(x, m)").Node("d = Mul(mean, m)").Node("z = Sub(b, d)").Node("y = Add(a, z)").Output("y"), 1e-5, [3, 8]));

    [Theory]
    [InlineData("n = Div(x, r)")]
    [InlineData("i = Reciprocal(r)", "n = Mul(x, i)")]
    [InlineData("i = Div(one, r)", "n = Mul(i, x)")]
    public void Root_mean_square_normalization_is_found(params string[] nodes)
    {
        var source = Squares().Node("q = Pow(x, two)").Node("m = ReduceMean(q, axes)").Node("v = Add(m, e)").Node("r = Sqrt(v)");
        foreach (var node in nodes) source.Node(node);
        Assert.Equal("RMSNormalization", Optimised(source.Node("y = Mul(g, n)").Output("y"), 1e-5, [3, 8]));
    }

    /// <summary>A last axis of one is stretched by the scale; the squares of another value are no variance.</summary>
    [Fact]
    public void What_only_looks_like_a_normalization_is_left_alone()
    {
        Assert.DoesNotContain("LayerNormalization", Optimised(Centred(1).Node("r = Sqrt(v)").Node("n = Div(c, r)").Node("s = Mul(g, n)").Node("y = Add(b, s)").Output("y"), 1e-4, [3, 1]));
        Assert.DoesNotContain("Normalization", Optimised(Centred().Node("r = Sqrt(v)").Node("n = Div(x, r)").Node("y = Mul(g, n)").Output("y"), 1e-4, [3, 8]));
        Assert.DoesNotContain("Normalization", Optimised(Squares().Node("w = Add(x, one)").Node("q = Pow(w, two)").Node("m = ReduceMean(q, axes)").Node("v = Add(m, e)").Node("r = Sqrt(v)").Node("n = Div(x, r)").Node("y = Mul(g, n)").Output("y"), 1e-4, [3, 8]));
    }

    private static GraphSource Tanh(float cube) => X(64).Numbers("half", 0.5f).Numbers("one", 1).Numbers("k", 0.7978845608f).Numbers("a", cube).Numbers("three", 3);

    [Theory]
    [InlineData(0.044715f, "p = Pow(x, three)", "w = Mul(p, a)", "s = Add(x, w)", "u = Mul(k, s)", "t = Tanh(u)", "o = Add(t, one)", "h = Mul(x, half)", "y = Mul(h, o)")]
    [InlineData(0.044715f, "p0 = Mul(x, x)", "p = Mul(p0, x)", "w = Mul(a, p)", "s = Add(x, w)", "u = Mul(s, k)", "t = Tanh(u)", "o = Add(one, t)", "h = Mul(x, o)", "y = Mul(half, h)")]
    [InlineData(0.044715f, "w = Mul(x, a)", "w2 = Mul(w, x)", "s = Add(w2, one)", "kx = Mul(x, k)", "u = Mul(kx, s)", "t = Tanh(u)", "o = Add(t, one)", "h = Mul(o, half)", "y = Mul(x, h)")]
    [InlineData(0.05f, "p = Pow(x, three)", "w = Mul(p, a)", "s = Add(x, w)", "u = Mul(k, s)", "t = Tanh(u)", "o = Add(t, one)", "h = Mul(x, half)", "y = Mul(h, o)")]
    public void Gelu_by_tanh_is_found_in_each_spelling(float cube, params string[] nodes)
    {
        var source = Tanh(cube);
        foreach (var node in nodes) source.Node(node);
        var found = Optimised(source.Output("y"), 1e-5, [64]);
        if (cube == 0.044715f) Assert.Equal("Gelu", found);
        else Assert.Contains("Tanh", found);
    }

    [Theory]
    [InlineData("Swish", "u = Mul(x, q)", "s = Sigmoid(u)", "y = Mul(x, s)")]
    [InlineData("Mish", "u = Softplus(x)", "s = Tanh(u)", "y = Mul(s, x)")]
    [InlineData("HardSwish", "u = Add(x, three)", "s = Clip(u, zero, six)", "m = Mul(s, sixth)", "y = Mul(x, m)")]
    [InlineData("HardSwish", "u = Add(x, three)", "s = Clip(u, zero, six)", "m = Mul(s, x)", "y = Mul(m, sixth)")]
    [InlineData("HardSwish", "u = Add(x, three)", "s = Clip(u, zero, six)", "m = Div(s, six)", "y = Mul(x, m)")]
    [InlineData("Add Clip Mul Mul", "u = Add(x, three)", "s = Clip(u, zero, six)", "m = Mul(s, x)", "y = Mul(m, q)")]
    public void Gates_are_found_in_each_spelling(string expected, params string[] nodes)
    {
        var source = X(64).Numbers("q", 1.702f).Numbers("zero", 0).Numbers("three", 3).Numbers("six", 6).Numbers("sixth", 1f / 6);
        foreach (var node in nodes) source.Node(node);
        Assert.Equal(expected, Optimised(source.Output("y"), 1e-5, [64]));
    }

    /// <summary>PyTorch multiplies queries and keys by the root of the scale each; the batch is open, and the mask as long as what was broadcast to it.</summary>
    [Fact]
    public void Attention_is_found_where_queries_and_keys_are_scaled_and_sizes_are_open()
    {
        var source = new GraphSource().Input("x", DataType.Float32, -1, -2, 8).Input("positions", DataType.Float32, 1, -3, 8).Input("m", DataType.Float32, -1, 1, 1, -2).Numbers("r", 0.6f).Constant("heads", TensorValue.Vector(0, 0, 2, 4))
            .Node("p = Add(x, positions)").Node("h = Reshape(p, heads)").Node("q = Transpose(h)", ("perm", new long[] { 0, 2, 1, 3 })).Node("k = Transpose(h)", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("qs = Mul(q, r)").Node("ks = Mul(k, r)").Node("s = MatMul(qs, ks)").Node("z = Add(m, s)").Node("w = Softmax(z)", ("axis", -1)).Node("y = MatMul(w, q)").Output("y");
        var expected = GraphModel.Compile(source.Model(17, symbols: ["batch", "sequence", "positions"]), GraphOptions.Default with { Optimise = false });
        var found = GraphModel.Compile(source.Model(17, symbols: ["batch", "sequence", "positions"]), GraphOptions.Default);
        Assert.Contains(found.Graph.Nodes, n => n.Info.Operator == "Attention");
        foreach (var (batch, sequence) in (ReadOnlySpan<(int, int)>)[(2, 5), (1, 1), (3, 4)])
        {
            var inputs = new Dictionary<string, Value> { ["x"] = Weights(batch, sequence, 8), ["positions"] = Weights(1, sequence, 8), ["m"] = Weights(batch, 1, 1, sequence) };
            var (a, b) = (expected.Run(inputs)[0].AsTensor, found.Run(inputs)[0].AsTensor);
            Assert.Equal(a.Shape.ToArray(), b.Shape.ToArray());
            for (var i = 0; i < a.Count; i++) Assert.Equal(a.Values<float>()[i], b.Values<float>()[i], 1e-5);
        }
    }

    [Theory]
    [InlineData("bhid,bhjd->bhij", "FusedMatMul", 2, 3, 4, 5, 2, 3, 6, 5)]
    [InlineData("bhij,bhjd->bhid", "MatMul", 2, 3, 4, 5, 2, 3, 5, 6)]
    [InlineData("bqhd,bkhd->bhqk", "Transpose Transpose MatMul", 2, 4, 3, 5, 2, 6, 3, 5)]
    [InlineData("bij,jk->bik", "MatMul", 2, 3, 4, 0, 4, 5, 0, 0)]
    [InlineData("kj,bji->bik", "FusedMatMul", 5, 4, 0, 0, 2, 4, 3, 0)]
    [InlineData("bij,bij->bi", "Einsum", 2, 3, 4, 0, 2, 3, 4, 0)]
    [InlineData("bij,jk->bi", "Einsum", 2, 3, 4, 0, 4, 5, 0, 0)]
    [InlineData("bij,jk->bik", "Einsum", 2, 3, 1, 0, 4, 5, 0, 0)]
    public void Einsum_of_two_tensors_becomes_a_product(string equation, string expected, params int[] sizes)
    {
        long[] a = [.. sizes[..4].Where(s => s > 0)], b = [.. sizes[4..].Where(s => s > 0)];
        Assert.Equal(expected, Optimised(X(a).Input("w", DataType.Float32, b).Node("y = Einsum(x, w)", ("equation", equation)).Output("y"), 1e-4, a, b));
    }
}
