using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Shapes;

public class ReshapeTests
{
    [Theory]
    [InlineData(new long[] { 4, 6 }, new long[] { 4, 6 })]
    [InlineData(new long[] { 0, -1 }, new long[] { 2, 12 })]
    [InlineData(new long[] { -1 }, new long[] { 24 })]
    [InlineData(new long[] { 3, 0, -1 }, new long[] { 3, 3, 0 })]
    public void Reshape_keeps_and_deduces_dimensions(long[] wanted, long[] expected)
    {
        var source = Sequence(DataType.Float32, 2, 3, 4);
        if (expected[^1] == 0) (source, expected) = (Sequence(DataType.Float32, 3, 3, 4), [3, 3, 4]);
        foreach (var version in (int[])[5, 13, 14, 25]) Assert.Equal(expected, One("Reshape", version, [source, Ints(wanted)]).Shape.ToArray());
        Assert.Equal(expected, One("Reshape", 1, [source], ("shape", wanted)).Shape.ToArray());
    }

    [Fact]
    public void Reshape_takes_zero_as_a_size_when_allowed()
    {
        var empty = new TensorValue(DataType.Float32, 0, 3);
        Assert.Equal([3, 0], One("Reshape", 14, [empty, Ints(3, 0)], ("allowzero", 1)).Shape.ToArray());
        Assert.Equal([0, 3], One("Reshape", 14, [empty, Ints(0, 3)]).Shape.ToArray());
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(-1, -1)]
    [InlineData(-2, 12)]
    [InlineData(-1, 7)]
    [InlineData(long.MaxValue, 2)]
    public void Reshape_refuses_shapes_that_do_not_fit(long first, long second) =>
        Assert.ThrowsAny<SlipwayException>(() => One("Reshape", 13, [Sequence(DataType.Float32, 2, 3, 4), Ints(first, second)]));

    [Fact]
    public void Squeeze_Unsqueeze_and_Flatten_take_attributes_before_and_inputs_after_version_13()
    {
        var source = Sequence(DataType.Int32, 1, 3, 1, 2);
        Assert.Equal([3, 2], One("Squeeze", 1, [source]).Shape.ToArray());
        Assert.Equal([3, 1, 2], One("Squeeze", 11, [source], ("axes", new long[] { -4 })).Shape.ToArray());
        Assert.Equal([1, 3, 2], One("Squeeze", 13, [source, Ints(2)]).Shape.ToArray());
        Assert.Equal([1, 1, 3, 1, 2, 1], One("Unsqueeze", 1, [source], ("axes", new long[] { 0, 5 })).Shape.ToArray());
        Assert.Equal([1, 3, 1, 1, 2, 1], One("Unsqueeze", 21, [source, Ints(-1, 2)]).Shape.ToArray());
        Assert.Equal([3, 2], One("Flatten", 11, [source], ("axis", -2)).Shape.ToArray());
        Assert.Equal([1, 6], One("Flatten", 1, [source], ("axis", 0)).Shape.ToArray());
        Assert.ThrowsAny<SlipwayException>(() => One("Squeeze", 13, [source, Ints(1)]));
        Assert.ThrowsAny<SlipwayException>(() => One("Unsqueeze", 13, [source, Ints(1, 1)]));
        Assert.ThrowsAny<SlipwayException>(() => One("Squeeze", 13, [source], ("axes", new long[] { 0 })));
    }

    [Fact]
    public void Shape_and_Size_count_parts_and_all()
    {
        var source = Sequence(DataType.String, 2, 3, 4);
        Assert.Equal([3L], One("Shape", 15, [source], ("start", -2), ("end", -1)).Values<long>().ToArray());
        Assert.Empty(One("Shape", 15, [source], ("start", 2), ("end", 1)).Values<long>().ToArray());
        Assert.Equal(24, One("Size", 1, [source]).Values<long>()[0]);
    }

    /// <summary>x [n, 3, 4] → Shape → Gather 0 → Unsqueeze → Concat with [-1] → Reshape; also by Slice of the shape.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Chains_of_shape_arithmetic_keep_symbols_at_binding_and_become_concrete_at_planning(bool gathers)
    {
        NodeDefinition[] first = gathers
            ? [Node("Gather", ["shape", "zero"], ["n"]), Node("Unsqueeze", ["n", "axes"], ["n1"])]
            : [Node("Slice", ["shape", "axes", "one"], ["n1"])];
        var graph = new GraphDefinition(
            "g",
            [Node("Shape", ["x"], ["shape"]), .. first, Node("Concat", ["n1", "rest"], ["new"], ("axis", 0)), Node("Reshape", ["x", "new"], ["y"])],
            [new ValueDefinition("x", new TensorType(DataType.Float32, Shape.Of(-1, 3, 4)))],
            [new ValueDefinition("y", null)],
            [new InitializerDefinition("zero", Scalar(0)), new InitializerDefinition("axes", Ints(0)), new InitializerDefinition("one", Ints(1)), new InitializerDefinition("rest", Ints(-1))],
            []);
        var model = Compile(graph, 15);
        Assert.Equal(Shape.Of(-1, 12), Assert.IsType<TensorType>(model.Outputs[0].Type).Shape);
        var y = (TensorValue)model.Run(new Dictionary<string, Value> { ["x"] = Sequence(DataType.Float32, 5, 3, 4) })[0];
        Assert.Equal([5, 12], y.Shape.ToArray());
        using var run = model.Run([Sequence(DataType.Float32, 5, 3, 4)], TestContext.Current.CancellationToken);
        Assert.Equal([5, 12], ((TensorValue)run.Output(0)).Shape.ToArray());
    }
}
