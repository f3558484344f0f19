using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Residuals and HardSwish in the epilogues of products: found, and to the bit what the operators apart give.</summary>
public sealed class EpilogueTests
{
    private static TensorValue Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 6 - 3;
        return tensor;
    }

    private static string Optimised(GraphSource source, params Value[] inputs)
    {
        var definition = source.Model();
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        using var expected = GraphModel.Compile(definition, new GraphOptions(Optimise: false)).Run(inputs);
        using var run = model.Run(inputs);
        for (var o = 0; o < model.Outputs.Length; o++) Assert.Equal(GraphSource.Bits(expected.Output(o)), GraphSource.Bits(run.Output(o)));
        return string.Join(' ', model.Graph.Nodes.Select(n => n.Info.Operator));
    }

    private static GraphSource Images() => new GraphSource().Input("x", DataType.Float32, 2, 3, 7, 7).Constant("w", Numbers(1, 3, 3, 3, 3)).Constant("b", Numbers(2, 3));

    private static string Image(GraphSource source) => Optimised(source, Numbers(9, 2, 3, 7, 7));

    private static GraphSource Rows(params long[] shape) => new GraphSource().Input("x", DataType.Float32, shape).Constant("w", Numbers(1, 8, 8)).Constant("b", Numbers(2, 8)).Constant("s", Numbers(3, 8));

    private static (string, object)[] Same => [("pads", new long[] { 1, 1, 1, 1 })];

    [Fact]
    public void Hard_swish_runs_with_the_product()
    {
        Assert.Equal("Conv+HardSwish", Image(Images().Node("p = Conv(x, w, b)").Node("y = HardSwish(p)").Output("y")));
        Assert.Equal("MatMul+Add+HardSwish", Optimised(Rows(5, 8).Node("p = MatMul(x, w)").Node("a = Add(p, b)").Node("y = HardSwish(a)").Output("y"), Numbers(9, 5, 8)));
        Assert.Equal("Gemm+HardSwish", Optimised(Rows(5, 8).Node("p = Gemm(x, w, b)").Node("y = HardSwish(p)").Output("y"), Numbers(9, 5, 8)));
    }

    /// <summary>MobileNetV3's, as PyTorch and TensorFlow write it. Recognised, it is x · (x / 6 + ½) clipped: not to the bit what is written.</summary>
    [Theory]
    [InlineData("h = HardSigmoid(p)", "", "y = Mul(p, h)")]
    [InlineData("a = Add(p, three)", "h = Clip(a, zero, six)", "m = Mul(p, h); y = Div(m, six)")]
    [InlineData("a = Add(p, three)", "h = Clip(a, zero, six)", "d = Div(h, six); y = Mul(d, p)")]
    public void Hard_swish_that_is_spelled_runs_with_the_product(string first, string second, string rest)
    {
        var source = Images().Numbers("three", 3).Numbers("zero", 0).Numbers("six", 6).Node("p = Conv(x, w, b)").Node(first, first.Contains("Hard") ? [("alpha", 1f / 6), ("beta", 0.5f)] : []);
        foreach (var node in (string[])[second, .. rest.Split("; ")])
        {
            if (node.Length > 0) source.Node(node);
        }
        var definition = source.Output("y").Model();
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        Assert.Equal(["Conv+HardSwish"], model.Graph.Nodes.Select(n => n.Info.Operator));
        Value[] x = [Numbers(9, 2, 3, 7, 7)];
        using var expected = GraphModel.Compile(definition, new GraphOptions(Optimise: false)).Run(x);
        using var run = model.Run(x);
        var (a, b) = (expected.Output(0).AsTensor.Values<float>().ToArray(), run.Output(0).AsTensor.Values<float>().ToArray());
        for (var i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-5 + Math.Abs(a[i]) * 1e-6);
    }

    [Fact]
    public void A_residual_is_added_before_the_activation()
    {
        Assert.Equal("Relu Conv+Add+Relu", Image(Images().Node("r = Relu(x)").Node("p = Conv(r, w, b)", Same).Node("a = Add(p, r)").Node("y = Relu(a)").Output("y")));
        Assert.Equal("Conv+Relu Conv+Add+HardSwish", Image(Images().Node("q = Conv(x, w)", Same).Node("r = Relu(q)").Node("p = Conv(r, w, b)", Same).Node("a = Add(r, p)").Node("y = HardSwish(a)").Output("y")));
        Assert.Equal("MatMul+Add+Add+Gelu", Optimised(Rows(2, 5, 8).Node("p = MatMul(x, w)").Node("a = Add(b, p)").Node("c = Add(a, x)").Node("y = Gelu(c)").Output("y"), Numbers(9, 2, 5, 8)));
        Assert.Equal("Gemm+Add+Tanh", Optimised(Rows(5, 8).Node("p = Gemm(x, w, b)").Node("a = Add(x, p)").Node("y = Tanh(a)").Output("y"), Numbers(9, 5, 8)));
    }

    [Fact]
    public void A_residual_that_is_made_after_the_product_is_there_in_time() => Assert.Equal("Exp Neg MatMul+Add",
        Optimised(Rows(5, 8).Node("p = MatMul(x, w)").Node("e = Exp(x)").Node("n = Neg(e)").Node("y = Add(p, n)").Output("y", "e"), Numbers(9, 5, 8)));

    [Fact]
    public void The_result_may_not_take_the_place_of_a_residual_that_is_read_again() => Assert.Equal("Relu MatMul+Add Add",
        Optimised(Rows(5, 8).Node("r = Relu(x)").Node("p = MatMul(x, w)").Node("a = Add(p, r)").Node("y = Add(a, r)").Output("y", "a"), Numbers(9, 5, 8)));

    [Theory]
    [InlineData("y = Add(p, p)")]
    [InlineData("y = Add(p, narrow)")]
    [InlineData("y = Add(p, wide)")]
    [InlineData("y = Mul(p, full)")]
    [InlineData("y = Sub(full, p)")]
    public void What_is_no_residual_of_the_products_shape_is_left_alone(string sum) => Assert.StartsWith("MatMul ",
        Optimised(Rows(2, 5, 8).Constant("narrow", Numbers(4, 5, 1)).Constant("wide", Numbers(5, 3, 1, 5, 8)).Constant("full", Numbers(6, 2, 5, 8)).Node("p = MatMul(x, w)").Node(sum).Output("y"), Numbers(9, 2, 5, 8)));

    [Fact]
    public void A_second_residual_and_one_beside_a_matrix_stay_nodes()
    {
        Assert.Equal("MatMul+Add Add", Optimised(Rows(5, 8).Node("p = MatMul(x, w)").Node("a = Add(p, x)").Node("y = Add(a, x)").Output("y"), Numbers(9, 5, 8)));
        Assert.Equal("Gemm Add", Optimised(Rows(5, 8).Constant("c", Numbers(4, 5, 8)).Node("p = Gemm(x, w, c)").Node("y = Add(p, x)").Output("y"), Numbers(9, 5, 8)));
        Assert.Equal("MatMul+Relu Add", Optimised(Rows(5, 8).Node("p = MatMul(x, w)").Node("a = Relu(p)").Node("y = Add(a, x)").Output("y"), Numbers(9, 5, 8)));
    }
}
