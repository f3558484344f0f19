using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public sealed class PushTransposesTests
{
    private static readonly long[] ToLast = [0, 2, 3, 1], ToFirst = [0, 3, 1, 2];

    private static TensorValue Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 4 - 2;
        return tensor;
    }

    /// <summary>The operators that are left in order, after answers were compared bit by bit.</summary>
    private static string Optimised(GraphSource source, Value[] inputs, long version = 20)
    {
        var definition = source.Model(version, default, "n");
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        using var run = model.Run(inputs);
        using var expected = GraphModel.Compile(definition, new GraphOptions(Optimise: false)).Run(inputs);
        for (var o = 0; o < model.Outputs.Length; o++)
        {
            Assert.Equal(expected.Output(o).Type.ToString(), run.Output(o).Type.ToString());
            Assert.Equal(GraphSource.Bits(expected.Output(o)), GraphSource.Bits(run.Output(o)));
        }
        return string.Join(' ', model.Graph.Nodes.Select(n => n.Info.Operator));
    }

    private static GraphSource Image() => new GraphSource().Input("x", DataType.Float32, -1, 3, 6, 5);

    private static string Optimised(GraphSource source, long version = 20) => Optimised(source, [Numbers(1, 2, 3, 6, 5)], version);

    [Fact]
    public void Two_that_undo_each_other_go() => Assert.Equal("Neg", Optimised(Image().Node("t = Transpose(x)", ("perm", ToLast)).Node("u = Transpose(t)", ("perm", ToFirst)).Node("y = Neg(u)").Output("y")));

    [Fact]
    public void Two_that_do_not_are_one() => Assert.Equal("Transpose", Optimised(Image().Node("t = Transpose(x)", ("perm", ToLast)).Node("y = Transpose(t)", ("perm", new long[] { 3, 2, 1, 0 })).Output("y")));

    [Fact]
    public void An_input_is_not_answered_itself() => Assert.Contains("Transpose", Optimised(Image().Node("t = Transpose(x)", ("perm", ToLast)).Node("y = Transpose(t)", ("perm", ToFirst)).Output("y")));

    [Fact]
    public void They_move_past_elementwise_operators_whose_constants_move_with_them() => Assert.Equal("Mul+Add+Relu+Clip", Optimised(Image().Constant("g", Numbers(2, 3)).Constant("b", Numbers(3, 5, 3)).Numbers("low", -1).Numbers("high", 2)
        .Node("t = Transpose(x)", ("perm", ToLast)).Node("m = Mul(g, t)").Node("a = Add(m, b)").Node("r = Relu(a)").Node("c = Clip(r, low, high)").Node("y = Transpose(c)", ("perm", ToFirst)).Output("y")));

    /// <summary>As tf2onnx writes a network for images [n, h, w, c]: every convolution between two Transposes, with a residual.</summary>
    [Fact]
    public void A_network_for_channels_last_keeps_none_but_those_at_its_ends()
    {
        var source = new GraphSource().Input("x", DataType.Float32, -1, 6, 6, 4).Constant("w", Numbers(1, 4, 4, 3, 3)).Constant("b", Numbers(2, 4));
        var last = "x";
        for (var i = 0; i < 3; i++)
        {
            source.Node($"a{i} = Transpose({last})", ("perm", ToFirst)).Node($"c{i} = Conv(a{i}, w)", ("pads", new long[] { 1, 1, 1, 1 })).Node($"l{i} = Transpose(c{i})", ("perm", ToLast))
                .Node($"s{i} = Add(l{i}, b)").Node($"r{i} = Relu(s{i})").Node($"k{i} = Concat(r{i}, {last})", ("axis", 3)).Constant($"z{i}", TensorValue.Vector(0)).Constant($"e{i}", TensorValue.Vector(4)).Constant($"d{i}", TensorValue.Vector(-1))
                .Node($"o{i} = Slice(k{i}, z{i}, e{i}, d{i})").Node($"v{i} = Max(o{i}, {last})");
            last = $"v{i}";
        }
        Assert.Equal("Transpose Conv+Add+Relu Concat Slice Max Conv+Add+Relu Concat Slice Max Conv+Add+Relu Concat Slice Max Transpose", Optimised(source.Output(last), [Numbers(9, 2, 6, 6, 4)]));
    }

    [Theory]
    [InlineData("ReduceMax", 1, "Relu ReduceMax Neg")]
    [InlineData("ReduceMax", 0, "Relu ReduceMax Neg")]
    [InlineData("ReduceMean", 1, "Relu Transpose ReduceMean Transpose Neg")]
    public void Reductions_have_their_axes_renamed_unless_the_order_of_a_sum_would_change(string reduction, int keep, string expected)
    {
        var source = Image().Constant("axes", TensorValue.Vector(1, -2)).Node("r = Relu(x)").Node("t = Transpose(r)", ("perm", ToLast)).Node($"m = {reduction}(t, axes)", ("keepdims", keep));
        if (keep == 1) source.Node("u = Transpose(m)", ("perm", ToFirst));
        Assert.Equal(expected, Optimised(source.Node($"y = Neg({(keep == 1 ? "u" : "m")})").Output("y")));
    }

    [Fact]
    public void A_reduction_whose_result_would_be_turned_keeps_its_transpose() => Assert.Equal("Transpose ReduceMax",
        Optimised(Image().Constant("axes", TensorValue.Vector(0)).Node("t = Transpose(x)", ("perm", ToLast)).Node("y = ReduceMax(t, axes)", ("keepdims", 0)).Output("y")));

    [Fact]
    public void Splits_slices_and_pads_have_their_axes_renamed() => Assert.Equal("Split Slice Pad Cast Cast Add", Optimised(
        Image().Constant("starts", TensorValue.Vector(4, 0)).Constant("ends", TensorValue.Vector(0, 1)).Constant("axes", TensorValue.Vector(1, -1)).Constant("steps", TensorValue.Vector(-2, 1))
            .Constant("pads", TensorValue.Vector(0, 1, 2, 0, 0, 0, -1, 3)).Constant("parts", TensorValue.Vector(2, 3)).Numbers("value", 7)
            .Node("t = Transpose(x)", ("perm", ToLast)).Node("q, p = Split(t, parts)", ("axis", 2)).Node("s = Slice(p, starts, ends, axes, steps)").Node("d = Pad(s, pads, value)").Node("c = Cast(d)", ("to", 11L)).Node("f = Cast(c)", ("to", 1L))
            .Node("u = Transpose(f)", ("perm", ToFirst)).Node("y = Add(u, u)").Output("y")));

    [Fact]
    public void What_others_read_is_transposed_for_them_once() => Assert.Equal("Transpose Relu Softmax",
        Optimised(Image().Node("t = Transpose(x)", ("perm", ToLast)).Node("r = Relu(t)").Node("y = Transpose(r)", ("perm", ToFirst)).Node("z = Softmax(t)", ("axis", 1)).Output("y", "z")));

    [Fact]
    public void A_region_that_would_be_transposed_more_is_left() => Assert.Equal("Transpose Add Softmax",
        Optimised(new GraphSource().Input("x", DataType.Float32, 2, 3, 4, 5).Input("w", DataType.Float32, 2, 4, 5, 3).Node("t = Transpose(x)", ("perm", ToLast)).Node("a = Add(t, w)").Node("y = Softmax(a)", ("axis", 1)).Output("y"), [Numbers(1, 2, 3, 4, 5), Numbers(2, 2, 4, 5, 3)]));

    [Fact]
    public void An_operator_before_set_7_places_its_operand_by_position_and_stays() => Assert.Contains("Transpose",
        Optimised(Image().Constant("b", Numbers(2, 6)).Node("t = Transpose(x)", ("perm", ToLast)).Node("a = Add(t, b)", ("broadcast", 1), ("axis", 1)).Node("y = Transpose(a)", ("perm", ToFirst)).Output("y"), 6));

    [Theory]
    [InlineData("t = Transpose(x)", "p = MatMul(t, w)", "Gemm+Relu")]
    [InlineData("t = Transpose(w)", "p = MatMul(x, t)", "Gemm+Relu")]
    [InlineData("t = Transpose(x)", "p = Gemm(t, x)", "Gemm+Relu")]
    [InlineData("t = Transpose(x)", "p = MatMul(t, t)", "Gemm+Relu")]
    public void Products_of_matrices_take_a_transposed_operand_as_it_is(string transpose, string product, string expected) => Assert.Equal(expected, Optimised(
        new GraphSource().Input("x", DataType.Float32, 4, 4).Input("w", DataType.Float32, 4, 4).Node(transpose, ("perm", new long[] { 1, 0 })).Node(product).Node("y = Relu(p)").Output("y"), [Numbers(1, 4, 4), Numbers(2, 4, 4)]));

    [Fact]
    public void Products_of_stacks_take_a_transposed_operand_as_it_is() => Assert.Equal("FusedMatMul Neg", Optimised(new GraphSource().Input("x", DataType.Float32, 2, 3, 5, 4).Input("w", DataType.Float32, 3, 6, 4)
        .Node("t = Transpose(w)", ("perm", new long[] { 0, 2, 1 })).Node("p = MatMul(x, t)").Node("y = Neg(p)").Output("y"), [Numbers(1, 2, 3, 5, 4), Numbers(2, 3, 6, 4)]));

    [Fact]
    public void A_transpose_that_others_read_is_not_folded() => Assert.Equal("Transpose MatMul Neg", Optimised(new GraphSource().Input("x", DataType.Float32, 4, 4)
        .Node("t = Transpose(x)", ("perm", new long[] { 1, 0 })).Node("y = MatMul(x, t)").Node("z = Neg(t)").Output("y", "z"), [Numbers(1, 4, 4)]));

    /// <summary>Random graphs of what can be carried over, with random Transposes between.</summary>
    [Fact]
    public void Random_graphs_answer_as_written_with_no_more_transposes()
    {
        string[] orders = ["0,2,3,1", "0,3,1,2", "0,2,3,1", "0,3,1,2", "1,0,2,3", "3,2,1,0", "0,1,3,2"];
        var (before, after) = (0, 0);
        for (var seed = 0; seed < RandomGraphTests.Count; seed++)
        {
            var random = new Random(seed);
            var source = new GraphSource().Input("x", DataType.Float32, 2, 3, 4, 5).Input("w", DataType.Float32, 2, 3, 4, 5);
            var values = new List<(string Name, long[] Shape)> { ("x", [2, 3, 4, 5]), ("w", [2, 3, 4, 5]) };
            for (var i = 0; i < 14; i++)
            {
                var (x, shape) = values[random.Next(Math.Max(0, values.Count - 4), values.Count)];
                var axis = random.Next(4);
                var call = random.Next(12) switch
                {
                    0 or 1 or 2 or 3 => $"Transpose({x})",
                    4 => $"Concat({x}, {x})",
                    5 => $"ReduceMax({x}, i{i})",
                    6 => $"ReduceSum({x}, i{i})",
                    7 => $"Slice({x}, z{i}, o{i}, i{i})",
                    8 => $"Mul({x}, c{i})",
                    9 or 10 when values.Where(v => v.Shape.SequenceEqual(shape)).ToArray() is var same => $"Sub({x}, {same[random.Next(same.Length)].Name})",
                    _ => $"Tanh({x})",
                };
                var order = orders[random.Next(orders.Length)].Split(',').Select(long.Parse).ToArray();
                if (call[0] == 'C' && shape[axis] > 9) call = $"Abs({x})";
                long[] result = call[..3] switch
                {
                    "Tra" => [.. order.Select(o => shape[o])],
                    "Con" => [.. shape.Select((d, a) => a == axis ? 2 * d : d)],
                    "Red" or "Sli" => [.. shape.Select((d, a) => a == axis ? 1 : d)],
                    _ => shape,
                };
                source.Constant("i" + i, TensorValue.Vector(axis)).Constant("z" + i, TensorValue.Vector(0)).Constant("o" + i, TensorValue.Vector(1)).Constant("c" + i, Numbers(i, axis < 2 ? [shape[3]] : [shape[2], 1]));
                source.Node($"v{i} = {call}", call[0] == 'T' && call[1] == 'r' ? [("perm", order)] : call[0] == 'C' ? [("axis", axis)] : []);
                values.Add(("v" + i, result));
            }
            source.Output([.. values.Skip(8).Where((_, i) => i % 4 == 3 || i == 0).Select(v => v.Name), values[^1].Name]);
            before += source.Nodes.Count(n => n.Operator == "Transpose");
            var left = Optimised(source, [Numbers(seed, 2, 3, 4, 5), Numbers(seed + 1, 2, 3, 4, 5)]);
            after += left.Split(' ').Count(o => o == "Transpose");
        }
        Assert.True(after < before / 2, $"{after} of {before} are left");
    }

    [Fact]
    public void The_graph_that_is_given_stays_as_it_is()
    {
        var definition = Image().Node("t = Transpose(x)", ("perm", ToLast)).Node("r = Relu(t)").Node("y = Transpose(r)", ("perm", ToFirst)).Output("y").Model(20, default, "n");
        var (graph, symbols) = GraphBinder.Bind(definition, GraphOptions.Default);
        var before = GraphText.Lines(graph);
        Assert.NotSame(graph, new PushTransposes().Apply(graph, symbols));
        Assert.Equal(before, GraphText.Lines(graph));
        var plain = GraphBinder.Bind(Image().Node("t = Transpose(x)", ("perm", ToLast)).Node("y = Softmax(t)").Output("y").Model(20, default, "n"), GraphOptions.Default).Graph;
        Assert.Same(plain, new PushTransposes().Apply(plain, symbols));
        Assert.Same(plain, new FoldTransposes().Apply(plain, symbols));
    }
}
