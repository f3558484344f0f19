using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Products of networks that quantize while they run become one node, and every bit of the answer stays.</summary>
public sealed class FuseQuantizedSumsTests
{
    private static readonly Random Seeded = new(8);

    private static TensorValue Floats(params long[] shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = Seeded.NextSingle() * 4 - 2;
        return tensor;
    }

    private static GraphSource Product(TensorValue scales, DataType element = DataType.Int8, bool hasZero = true)
    {
        var (weights, zero) = (new TensorValue(element, [7, 5]), new TensorValue(element, []));
        Seeded.NextBytes(weights.Bytes);
        zero.Bytes[0] = 3;
        return new GraphSource().Input("x", DataType.Float32, 3, 4, 7).Constant("w", weights).Constant("z", zero).Constant("s", scales).Constant("b", Floats(5)).Constant("c", Floats(3, 4, 5))
            .Node("q, qs, qz = DynamicQuantizeLinear(x)").Node(hasZero ? "m = MatMulInteger(q, w, qz, z)" : "m = MatMulInteger(q, w, qz)").Node("f = Cast(m)", ("to", 1L)).Node("t = Mul(qs, s)");
    }

    private static void Check(GraphSource source, string operators)
    {
        var definition = source.Output("y").Model();
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        Assert.Equal(operators, string.Join(' ', model.Graph.Nodes.Select(n => n.Info.Operator)));
        var plain = GraphModel.Compile(definition, new GraphOptions(Optimise: false));
        for (var round = 0; round < 3; round++)
        {
            var x = Floats(3, 4, 7);
            using var expected = plain.Run([x]);
            using var found = model.Run([x]);
            Assert.Equal(GraphSource.Bits(expected.Output(0)), GraphSource.Bits(found.Output(0)));
        }
    }

    [Theory]
    [InlineData(1, "y = Mul(f, t)", "")]
    [InlineData(5, "y = Mul(t, f)", "")]
    [InlineData(1, "p = Mul(f, t);y = Add(b, p)", "+Add")]
    [InlineData(5, "p = Mul(f, t);a = Add(p, b);y = Add(c, a)", "+Add+Add")]
    [InlineData(5, "p = Mul(f, t);a = Add(p, b);r = Add(a, c);y = Relu(r)", "+Add+Add+Relu")]
    [InlineData(1, "p = Mul(f, t);a = Add(p, b);y = Gelu(a)", "+Add+Gelu")]
    [InlineData(1, "p = Mul(f, t);y = Sigmoid(p)", "+Sigmoid")]
    [InlineData(5, "p = Mul(f, t);a = Add(p, b);y = Tanh(a)", "+Add+Tanh")]
    public void Scales_biases_addends_and_activations_are_applied_to_the_sums(int scales, string nodes, string fused)
    {
        foreach (var (element, hasZero) in new[] { (DataType.Int8, true), (DataType.UInt8, true), (DataType.Int8, false) })
        {
            var source = Product(scales == 1 ? TensorValue.Of([0.01f], []) : Floats(5), element, hasZero);
            foreach (var node in nodes.Split(';')) source.Node(node);
            Check(source, "DynamicQuantizeLinear MatMulInteger+Cast+Mul" + fused);
        }
    }

    [Fact]
    public void A_bias_behind_an_addend_is_another_addend() =>
        Check(Product(Floats(5)).Node("p = Mul(f, t)").Node("a = Add(p, c)").Node("y = Add(a, b)"), "DynamicQuantizeLinear MatMulInteger+Cast+Mul+Add Add");

    [Fact]
    public void Sums_that_something_else_reads_stay_integers() =>
        Check(Product(Floats(5)).Node("g = Cast(m)", ("to", 1L)).Node("p = Mul(f, t)").Node("y = Add(p, g)"), "DynamicQuantizeLinear MatMulInteger Cast Mul Cast Mul+Add");

    [Fact]
    public void Factors_that_are_not_of_the_columns_stay_apart() =>
        Check(Product(Floats(4, 1)).Node("y = Mul(f, t)"), "DynamicQuantizeLinear MatMulInteger Cast Mul Mul");
}
