using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public sealed class ElementwiseChainTests
{
    private static string[] Operators(ModelDefinition definition) => [.. GraphModel.Compile(definition, GraphOptions.Default).Graph.Nodes.Select(n => n.Info.Operator)];

    private static TensorValue Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 4 - 2;
        return tensor;
    }

    private static byte[] Run(ModelDefinition definition, GraphOptions options, params Value[] inputs)
    {
        using var run = GraphModel.Compile(definition, options).Run(inputs);
        return GraphSource.Bits(run.Output(0));
    }

    [Fact]
    public void Operators_with_one_reader_each_become_one_node() => Assert.Equal(["Mul+Add+Tanh+Sub"],
        Operators(new GraphSource().Input("x", DataType.Float32, -1, 8).Constant("g", Numbers(1, 8)).Constant("b", Numbers(2, 8)).Node("m = Mul(x, g)").Node("a = Add(b, m)").Node("t = Tanh(a)").Node("y = Sub(t, x)").Output("y").Model()));

    [Theory]
    [InlineData("t = Tanh(m)", "y = Add(m, t)", "Mul Tanh+Add")]
    [InlineData("t = Tanh(m)", "y = Add(t, t)", "Mul+Tanh+Add")]
    [InlineData("t = Tanh(m)", "y = Add(t, w)", "Mul+Tanh Add")]
    [InlineData("t = Cast(m)", "y = Neg(t)", "Mul Cast Neg")]
    [InlineData("t = Softmax(m)", "y = Neg(t)", "Mul Softmax Neg")]
    public void A_chain_ends_at_a_second_reader_another_shape_and_another_kind_of_operator(string second, string third, string expected) => Assert.Equal(expected, string.Join(' ',
        Operators(new GraphSource().Input("x", DataType.Float32, 8).Constant("w", Numbers(1, 3, 8)).Node("m = Mul(x, x)").Node(second, second.Contains("Cast") ? [("to", 11L)] : []).Node(third).Output("y").Model())));

    [Fact]
    public void What_is_an_output_stays_one() =>
        Assert.Equal(["Neg", "Tanh+Abs"], Operators(new GraphSource().Input("x", DataType.Float32, 8).Node("m = Neg(x)").Node("t = Tanh(m)").Node("y = Abs(t)").Output("y", "m").Model()));

    [Fact]
    public void Narrow_floats_are_rounded_after_each_operator_and_so_left_alone() =>
        Assert.Equal(["Neg", "Tanh"], Operators(new GraphSource().Input("x", DataType.Float16, 8).Node("m = Neg(x)").Node("y = Tanh(m)").Output("y").Model()));

    /// <summary>Chains of every elementwise operator in random order over tensors of many blocks, with operands that broadcast in every way.</summary>
    [Fact]
    public void Chains_have_the_bits_of_their_operators_on_any_number_of_threads()
    {
        string[] maps = ["Relu", "Sigmoid", "Tanh", "Neg", "Abs", "Erf", "Softplus", "Floor", "HardSwish", "LeakyRelu", "Elu", "Selu", "Celu", "Softsign", "Mish", "Gelu", "Swish", "HardSigmoid", "ThresholdedRelu", "Shrink", "Sign", "Cos"];
        string[] pairs = ["Add", "Sub", "Mul", "Div", "Max", "Min", "PRelu", "Pow"];
        long[][] operands = [[], [50], [30, 50], [30, 1], [40, 30, 50], [40, 1, 50], [1]];
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var source = new GraphSource().Input("x", DataType.Float32, 40, 30, 50).Numbers("low", -1.5f).Numbers("high", 1.75f);
            var last = "x";
            for (var i = 0; i < 7; i++)
            {
                var kind = random.Next(5);
                source.Constant("w" + i, Numbers(seed * 100 + i, operands[random.Next(operands.Length)])).Constant("c" + i, TensorValue.Of<byte>(DataType.Bool, [.. Enumerable.Range(0, 50).Select(n => (byte)(n % 3 == 0 ? 1 : 0))], 50));
                source.Node($"v{i} = " + kind switch
                {
                    0 => $"Clip({last}, low, high)",
                    1 => $"Where(c{i}, {last}, x)",
                    2 => $"{pairs[random.Next(pairs.Length - 2)]}(w{i}, {last})",
                    3 => $"{pairs[random.Next(pairs.Length)]}({last}, w{i})",
                    _ => $"{maps[random.Next(maps.Length)]}({last})",
                });
                last = "v" + i;
            }
            var definition = source.Output(last).Model(24);
            Assert.Single(Operators(definition));
            var x = Numbers(seed, 40, 30, 50);
            var expected = Run(definition, new GraphOptions(Optimise: false), x);
            Assert.Equal(expected, Run(definition, GraphOptions.Default, x));
            Assert.Equal(expected, Run(definition, new GraphOptions(Threads: 3), x));
        }
    }

    [Fact]
    public void A_chain_writes_over_what_only_its_first_step_reads_and_allocates_nothing()
    {
        // s is read again by the last step of the second chain; p only by its first.
        var definition = new GraphSource().Input("x", DataType.Float32, 64, 64).Constant("w", Numbers(3, 64, 64)).Node("s = MatMul(x, w)").Node("p = MatMul(s, w)").Node("a = Exp(p)").Node("b = Neg(a)").Node("y = Add(b, s)").Output("y").Model();
        Assert.Equal(["MatMul", "MatMul", "Exp+Neg+Add"], Operators(definition));
        var x = Numbers(4, 64, 64);
        Assert.Equal(Run(definition, new GraphOptions(Optimise: false), x), Run(definition, GraphOptions.Default, x));
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        for (var i = 0; i < 2; i++) model.Run((Value[])[x]).Dispose();
        Value[] inputs = [x];
        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Run(inputs).Dispose();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        using var run = model.Run(inputs);
        Assert.Equal(2 * 64 * 64 * sizeof(float), run.Plan.ArenaBytes);
    }
}
