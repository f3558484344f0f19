using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Each pattern is found and answers as before; what only looks like it is left alone.</summary>
public class PassTests
{
    /// <summary>The operators that are left, in order, with those of chains apart; the answers are compared on the way.</summary>
    internal static string Optimised(GraphSource source, double tolerance, params long[][] shapes)
    {
        var definition = source.Model();
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        var plain = GraphModel.Compile(definition, new GraphOptions(Optimise: false));
        var random = new Random(1);
        var inputs = shapes.Select(s =>
        {
            var tensor = new TensorValue(DataType.Float32, s);
            foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 6 - 3;
            return (Value)tensor;
        }).ToArray();
        using var run = model.Run(inputs);
        using var expected = plain.Run(inputs);
        for (var o = 0; o < model.Outputs.Length; o++)
        {
            var (a, b) = (expected.Output(o).AsTensor, run.Output(o).AsTensor);
            Assert.Equal(a.Shape, b.Shape);
            for (var i = 0; i < a.Count; i++) Assert.Equal(a.Values<float>()[i], b.Values<float>()[i], tolerance);
        }
        return string.Join(' ', model.Graph.Nodes.Select(n => n.Operator is ElementwiseChain ? n.Info.Operator.Replace('+', ' ') : n.Info.Operator));
    }

    internal static TensorValue Weights(params long[] shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        for (var i = 0; i < tensor.Count; i++) tensor.Values<float>()[i] = (i * 37 % 19 - 9) / 10f;
        return tensor;
    }

    private static GraphSource X(params long[] shape) => new GraphSource().Input("x", DataType.Float32, shape);

    [Fact]
    public void Constants_are_folded_dead_nodes_and_identities_go() =>
        Assert.Equal("Add", Optimised(X(2).Numbers("one", 1).Numbers("two", 2).Node("c = Add(one, two)").Node("i = Identity(x)").Node("dead = Neg(x)").Node("y = Add(i, c)").Output("y"), 0, [2]));

    [Theory]
    [InlineData("s = Sigmoid(x)", "y = Mul(x, s)", "Swish")]
    [InlineData("s = HardSigmoid(x)", "y = Mul(x, s)", "HardSigmoid Mul")]
    [InlineData("s = Sigmoid(x)", "y = Mul(s, s)", "Sigmoid Mul")]
    public void Swish_is_found(string first, string second, string expected) => Assert.Equal(expected, Optimised(X(64).Node(first).Node(second).Output("y"), 1e-6, [64]));

    [Theory]
    [InlineData(1.41421354f, 0.5f, "Gelu")]
    [InlineData(1.3f, 0.5f, "Div Erf Add Mul Mul")]
    [InlineData(1.41421354f, 0.6f, "Div Erf Add Mul Mul")]
    public void Gelu_is_found(float root, float half, string expected) => Assert.Equal(expected,
        Optimised(X(64).Numbers("r", root).Numbers("h", half).Numbers("one", 1).Node("d = Div(x, r)").Node("e = Erf(d)").Node("a = Add(e, one)").Node("m = Mul(x, a)").Node("y = Mul(m, h)").Output("y"), 1e-6, [64]));

    [Fact]
    public void Gelu_whose_product_is_an_output_is_left_alone() => Assert.Contains("Erf",
        Optimised(X(64).Numbers("r", 1.41421354f).Numbers("h", 0.5f).Numbers("one", 1).Node("d = Div(x, r)").Node("e = Erf(d)").Node("a = Add(e, one)").Node("m = Mul(x, a)").Node("y = Mul(m, h)").Output("y", "m"), 1e-6, [64]));

    [Theory]
    [InlineData(8, "LayerNormalization")]
    [InlineData(1, "ReduceMean Sub Mul ReduceMean Add Sqrt Div Mul Add")]
    public void Layer_normalization_is_found(int last, string expected) => Assert.Equal(expected,
        Optimised(X(3, last).Numbers("e", 1e-5f).Constant("axes", TensorValue.Vector(-1)).Constant("g", Weights(8)).Constant("b", Weights(8)).Node("m = ReduceMean(x, axes)").Node("c = Sub(x, m)").Node("q = Mul(c, c)")
            .Node("v = ReduceMean(q, axes)").Node("w = Add(v, e)").Node("s = Sqrt(w)").Node("n = Div(c, s)").Node("k = Mul(n, g)").Node("y = Add(k, b)").Output("y"), 1e-5, [3, last]));

    [Fact]
    public void Attention_is_found() => Assert.Equal("Attention",
        Optimised(X(1, 2, 5, 4).Input("k", DataType.Float32, 1, 2, 6, 4).Input("v", DataType.Float32, 1, 2, 6, 4).Numbers("h", 0.5f).Node("t = Transpose(k)", ("perm", new long[] { 0, 1, 3, 2 })).Node("s = MatMul(x, t)").Node("m = Mul(s, h)")
            .Node("p = Softmax(m)", ("axis", -1)).Node("y = MatMul(p, v)").Output("y"), 1e-5, [1, 2, 5, 4], [1, 2, 6, 4], [1, 2, 6, 4]));

    /// <summary>The operator gives zeros there, the nodes that it stands for do not.</summary>
    [Fact]
    public void Attention_that_is_found_gives_not_a_number_where_every_key_is_hidden() => Assert.Equal("Attention",
        Optimised(X(1, 2, 2, 4).Constant("hidden", TensorValue.Of([float.NegativeInfinity, float.NegativeInfinity, 0, 0], 2, 2)).Node("t = Transpose(x)", ("perm", new long[] { 0, 1, 3, 2 })).Node("s = MatMul(x, t)")
            .Node("m = Add(s, hidden)").Node("p = Softmax(m)", ("axis", -1)).Node("y = MatMul(p, x)").Output("y"), 1e-5, [1, 2, 2, 4]));

    [Fact]
    public void Attention_whose_weights_are_an_output_is_left_alone() => Assert.Contains("Softmax",
        Optimised(X(1, 2, 5, 4).Input("k", DataType.Float32, 1, 2, 6, 4).Input("v", DataType.Float32, 1, 2, 6, 4).Node("t = Transpose(k)", ("perm", new long[] { 0, 1, 3, 2 })).Node("s = MatMul(x, t)")
            .Node("p = Softmax(s)", ("axis", -1)).Node("y = MatMul(p, v)").Output("y", "p"), 1e-5, [1, 2, 5, 4], [1, 2, 6, 4], [1, 2, 6, 4]));

    [Theory]
    [InlineData("y", "Conv+BatchNormalization+Relu")]
    [InlineData("y,c", "Conv BatchNormalization Relu")]
    public void Convolution_batch_normalization_and_activation_become_one(string outputs, string expected) => Assert.Equal(expected,
        Optimised(X(1, 2, 5, 5).Constant("w", Weights(3, 2, 3, 3)).Constant("g", Weights(3)).Constant("b", Weights(3)).Constant("m", Weights(3)).Constant("v", TensorValue.Of([1f, 2f, 0.5f], 3)).Node("c = Conv(x, w)")
            .Node("n = BatchNormalization(c, g, b, m, v)").Node("y = Relu(n)").Output(outputs.Split(',')), 1e-4, [1, 2, 5, 5]));

    [Theory]
    [InlineData("y", "MatMul+Add+Relu")]
    [InlineData("y,a", "MatMul+Add Relu")]
    [InlineData("y,p", "MatMul Add Relu")]
    public void Products_take_their_bias_and_activation(string outputs, string expected) => Assert.Equal(expected,
        Optimised(X(3, 4).Constant("w", Weights(4, 5)).Constant("b", Weights(5)).Node("p = MatMul(x, w)").Node("a = Add(p, b)").Node("y = Relu(a)").Output(outputs.Split(',')), 1e-6, [3, 4]));

    [Fact]
    public void An_addend_along_another_axis_is_no_bias()
    {
        var source = X(4, 4).Constant("w", Weights(4, 4)).Constant("b", Weights(4)).Node("p = MatMul(x, w)").Node("y = Add(p, b)", ("axis", 0), ("broadcast", 1)).Output("y");
        var model = GraphModel.Compile(source.Model(6), GraphOptions.Default);
        Assert.Equal(["MatMul", "Add"], model.Graph.Nodes.Select(n => n.Info.Operator));
    }
}
