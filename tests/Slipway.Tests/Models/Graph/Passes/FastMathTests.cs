using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public sealed class FastMathTests
{
    private static readonly GraphOptions Fast = new(FastMath: true);

    private static TensorValue Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = (random.NextSingle() + 0.25f) * (random.Next(2) == 0 ? 1 : -1);
        return tensor;
    }

    private static TensorValue Magnitudes(TensorValue tensor)
    {
        var magnitudes = (TensorValue)tensor.Copy();
        foreach (ref var value in magnitudes.Values<float>()) value = Math.Abs(value);
        return magnitudes;
    }

    private static float[] Run(ModelDefinition definition, GraphOptions options, TensorValue x) => ((TensorValue)GraphModel.Compile(definition, options).Run(new Dictionary<string, Value> { ["x"] = x })[0]).Values<float>().ToArray();

    private static string Operators(GraphSource source, GraphOptions options) => string.Join(' ', GraphModel.Compile(source.Model(17, default, "n"), options).Graph.Nodes.Select(n => n.Info.Operator));

    private static GraphSource Rows() => new GraphSource().Input("x", DataType.Float32, -1, 4).Constant("w", Numbers(1, 4, 5)).Constant("b", Numbers(2, 5)).Constant("s", Numbers(3, 5)).Numbers("c", 0.125f).Numbers("d", 3);

    private static GraphSource Images() => new GraphSource().Input("x", DataType.Float32, -1, 4, 6, 6).Constant("w", Numbers(1, 5, 4, 3, 3)).Constant("b", Numbers(2, 5)).Constant("s", Numbers(3, 5, 1, 1)).Constant("t", Numbers(4, 1, 5, 1, 1)).Numbers("c", 3);

    [Fact]
    public void Scales_after_a_product_go_into_its_weights_and_bias()
    {
        var source = Rows().Node("p = MatMul(x, w)").Node("a = Add(p, b)").Node("m = Mul(a, c)").Node("v = Div(m, s)").Node("y = Relu(v)").Output("y");
        Assert.Equal("MatMul+Add Mul+Div+Relu", Operators(source, GraphOptions.Default));
        Assert.Equal("MatMul+Scale+Add+Relu", Operators(source, Fast));
        Assert.Equal("MatMul+Scale", Operators(Rows().Node("p = MatMul(x, w)").Node("y = Mul(c, p)").Output("y"), Fast));
        Assert.Equal("Gemm+Scale+Relu", Operators(Rows().Node("p = Gemm(x, w, b)").Node("m = Sub(c, p)").Node("y = Relu(m)").Output("y"), Fast));
        Assert.Equal("Gemm+Scale", Operators(Rows().Constant("wt", Numbers(7, 5, 4)).Node("p = Gemm(x, wt)", ("transB", 1)).Node("y = Mul(s, p)").Output("y"), Fast));
    }

    [Fact]
    public void A_batch_normalization_that_an_exporter_took_apart_goes_into_the_convolution() =>
        Assert.Equal("Conv+Scale+Relu", Operators(Images().Node("p = Conv(x, w, b)").Node("m = Mul(p, s)").Node("a = Add(t, m)").Node("y = Relu(a)").Output("y"), Fast));

    [Fact]
    public void A_number_before_a_product_goes_into_its_weights() =>
        Assert.Equal("Conv+Scale", Operators(Images().Node("m = Div(x, c)").Node("y = Conv(m, w, b)").Output("y"), Fast));

    [Theory]
    [InlineData("m = Mul(p, s)", "m, p")]
    [InlineData("m = Div(s, p)", "m")]
    [InlineData("m = Mul(p, p)", "m")]
    [InlineData("m = Mul(p, q)", "m")]
    public void What_others_read_or_no_constant_scales_is_left(string second, string outputs)
    {
        var source = Rows().Input("q", DataType.Float32, 5).Node("p = MatMul(x, w)").Node(second).Output([.. outputs.Split(", ")]);
        Assert.DoesNotContain("Scale", Operators(source, Fast));
    }

    [Fact]
    public void Constants_join_and_divisions_become_products()
    {
        Assert.Equal("Mul", Operators(Rows().Constant("v", Numbers(5, 4)).Node("m = Mul(x, v)").Node("n = Div(m, d)").Node("y = Mul(c, n)").Output("y"), Fast));
        Assert.Equal("Add", Operators(Rows().Constant("v", Numbers(5, 4)).Node("m = Add(d, x)").Node("n = Sub(m, v)").Node("y = Add(n, c)").Output("y"), Fast));
        Assert.Equal("Mul+Add", Operators(Rows().Node("m = Mul(x, d)").Node("y = Add(m, c)").Output("y"), Fast));
        Assert.Equal("Div", Operators(Rows().Numbers("zero", 0).Node("y = Div(x, zero)").Output("y"), Fast));
    }

    [Fact]
    public void Transposes_go_past_sums()
    {
        var source = new GraphSource().Input("x", DataType.Float32, 2, 3, 40, 40).Constant("axes", TensorValue.Vector(1, 2)).Node("r = Relu(x)").Node("t = Transpose(r)", ("perm", new long[] { 0, 2, 3, 1 })).Node("m = ReduceMean(t)", ("axes", new long[] { 1, 2 }), ("keepdims", 0)).Node("y = Neg(m)").Output("y");
        Assert.Equal("Relu Transpose ReduceMean Neg", Operators(source, GraphOptions.Default));
        Assert.Equal("Relu ReduceMean Neg", Operators(source, Fast));
        var x = Numbers(3, 2, 3, 40, 40);
        var definition = source.Model(17);
        Close(Run(definition, GraphOptions.Default, x), Run(definition, Fast, x), Run(definition, GraphOptions.Default, Magnitudes(x)), 1600, definition);
    }

    /// <summary>
    /// The bound of docs/onnx.md: with sums of K products and n operations around them, both answers are within (K + 2n) · 2⁻²⁴ of the exact one, relative to the answer on absolute values.
    /// </summary>
    private static void Close(float[] expected, float[] found, float[] magnitudes, int sum, ModelDefinition definition)
    {
        var roundings = sum + (2 * definition.Graph.Nodes.Length);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs((double)expected[i] - found[i]) <= 2 * roundings * Math.ScaleB(1, -24) * Math.Abs(magnitudes[i]), $"element {i}: {found[i]:R} in the place of {expected[i]:R}, of numbers of {magnitudes[i]}");
        }
    }

    [Fact]
    public void Answers_stay_within_the_bound_and_depend_on_neither_threads_nor_batches()
    {
        var differ = 0;
        for (var seed = 0; seed < 120; seed++)
        {
            var kind = seed % 3;
            TensorValue x = kind == 1 ? Numbers(seed, 3, 4, 6, 6) : Numbers(seed, 3, 4);
            var (given, magnitude) = (Chain(seed, kind, false), Chain(seed, kind, true));
            var expected = Run(given, new GraphOptions(Optimise: false), x);
            var found = Run(given, Fast, x);
            Close(expected, found, Run(magnitude, new GraphOptions(Optimise: false), Magnitudes(x)), kind == 1 ? 36 : 4, given);
            if (!expected.AsSpan().SequenceEqual(found)) differ++;
            Assert.Equal(found, Run(given, new GraphOptions(Threads: 3, FastMath: true), x));
            var width = x.Count / 3;
            var row = TensorValue.Of(x.Values<float>().Slice(width, width), [1, .. x.Shape[1..]]);
            Assert.Equal(found.AsSpan(found.Length / 3, found.Length / 3).ToArray(), Run(given, Fast, row));
        }
        Assert.True(differ > 60, $"only {differ} answers differ: nothing is relaxed");
    }

    /// <summary>Scales and shifts around a product; with magnitudes all constants are positive and nothing is subtracted.</summary>
    private static ModelDefinition Chain(int seed, int kind, bool magnitudes)
    {
        var random = new Random(seed);
        TensorValue Constant(int number, params long[] shape) => magnitudes ? Magnitudes(Numbers((seed * 50) + number, shape)) : Numbers((seed * 50) + number, shape);
        var source = new GraphSource().Input("x", DataType.Float32, kind == 1 ? [-1, 4, 6, 6] : [-1, 4]);
        var last = "x";
        void Surround(int from, int count, long[][] shapes)
        {
            for (var i = from; i < from + count; i++)
            {
                var call = random.Next(5);
                source.Constant("c" + i, Constant(i, shapes[random.Next(shapes.Length)]));
                source.Node($"v{i} = " + call switch { 0 => $"Add({last}, c{i})", 1 => $"{(magnitudes ? "Add" : "Sub")}({last}, c{i})", 2 => $"{(magnitudes ? "Add" : "Sub")}(c{i}, {last})", 3 => $"Div({last}, c{i})", _ => $"Mul(c{i}, {last})" });
                last = "v" + i;
            }
        }
        Surround(0, random.Next(3), [[]]);
        source.Constant("b", Constant(40, 5)).Constant("w", kind switch { 0 => Constant(41, 4, 5), 1 => Constant(41, 5, 4, 3, 3), _ => Constant(41, 5, 4) });
        if (kind == 0) source.Node($"p = MatMul({last}, w)");
        else if (kind == 1) source.Node($"p = Conv({last}, w{(random.Next(2) == 0 ? ", b" : "")})", ("pads", new long[] { 1, 1, 1, 1 }));
        else source.Node($"p = Gemm({last}, w{(random.Next(2) == 0 ? ", b" : "")})", ("transB", 1));
        last = "p";
        Surround(10, random.Next(1, 6), kind == 1 ? [[], [5, 1, 1], [1, 5, 1, 1]] : [[], [5], [1, 5]]);
        return source.Output(last).Model(17, default, "n");
    }
}
