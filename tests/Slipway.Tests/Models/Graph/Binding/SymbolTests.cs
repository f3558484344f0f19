using Slipway.Models.Graph;
using Slipway.Tests.Models.Engine;

namespace Slipway.Tests.Models.Binding;

/// <summary>Sizes that are not known before a run, but known to be alike.</summary>
public sealed class SymbolTests
{
    private const long Batch = -1, Sequence = -2, Past = -3;

    private static string TypeOf(GraphSource source, string output)
    {
        var model = source.Output(output).Model(17, symbols: ["batch", "sequence", "past"]);
        return ((TensorType)GraphModel.Compile(model, GraphOptions.Default with { Optimise = false }).Outputs[^1].Type!).Shape!.ToString();
    }

    [Fact]
    public void What_two_layers_join_of_the_same_sizes_is_as_long() => Assert.Equal(
        TypeOf(Layers(), "k1"), TypeOf(Layers(), "sum"));

    private static GraphSource Layers() => new GraphSource().Input("a", DataType.Float32, Past).Input("b", DataType.Float32, Sequence).Node("k1 = Concat(a, b)", ("axis", 0)).Node("k2 = Concat(b, a)", ("axis", 0)).Node("sum = Add(k1, k2)");

    [Fact]
    public void A_sum_of_sizes_less_one_of_them_is_the_other()
    {
        var source = new GraphSource().Input("a", DataType.Float32, Past).Input("b", DataType.Float32, Sequence).Constant("one", TensorValue.Of<long>(DataType.Int64, [1], [])).Constant("zero", TensorValue.Vector(0))
            .Node("past = Shape(a)").Node("sequence = Shape(b)").Node("total = Add(past, sequence)").Node("p = Squeeze(past)").Node("t = Squeeze(total)").Node("positions = Range(p, t, one)").Node("y = Add(positions, positions)");
        Assert.Equal("[d2]", TypeOf(source, "y"));
    }

    /// <summary>A step of floats is no size.</summary>
    [Fact]
    public void A_range_of_floats_up_to_an_open_size_is_bound()
    {
        var source = new GraphSource().Input("b", DataType.Float32, Sequence).Numbers("zero", 0).Numbers("one", 1).Node("shape = Shape(b)").Node("n = Squeeze(shape)").Node("limit = Cast(n)", ("to", 1)).Node("y = Range(zero, limit, one)").Output("y");
        var model = GraphModel.Compile(source.Model(17, symbols: ["batch", "sequence"]), GraphOptions.Default);
        Assert.Equal([0f, 1, 2], model.Run(new Dictionary<string, Value> { ["b"] = new TensorValue(DataType.Float32, 3) })[0].AsTensor.Values<float>().ToArray());
    }

    [Fact]
    public void What_is_broadcast_again_does_not_grow()
    {
        var source = new GraphSource().Input("a", DataType.Float32, Batch, Sequence).Input("b", DataType.Float32, Batch, Past).Node("c = Add(a, b)").Node("d = Add(c, a)").Node("y = Add(b, d)");
        Assert.Equal(TypeOf(source, "c"), TypeOf(source, "y"));
    }

    /// <summary>The size of the sum is one of the two or both; the size itself may still be one.</summary>
    [Fact]
    public void A_covered_size_is_not_taken_for_the_sum_of_both()
    {
        var symbols = new SymbolSource();
        var (a, b) = (symbols.Next(), symbols.Next());
        var sum = symbols.Broadcast(a, b);
        Assert.Equal(sum, symbols.Broadcast(b, a));
        Assert.Equal(sum, symbols.Broadcast(a, sum));
        Assert.True(symbols.Covers(sum, a));
        Assert.False(symbols.Covers(a, sum));
        Assert.False(symbols.Covers(a, b));
    }
}
