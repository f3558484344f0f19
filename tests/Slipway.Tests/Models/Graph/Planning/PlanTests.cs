using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public class PlanTests
{
    private static TensorValue[] Run(GraphSource source, params Value[] inputs)
    {
        var model = GraphModel.Compile(source.Model(20, default, "n"), GraphOptions.Default);
        using var run = model.Run(inputs);
        return [.. Enumerable.Range(0, model.Outputs.Length).Select(i => (TensorValue)run.Output(i).Copy())];
    }

    [Fact]
    public void A_value_that_is_read_again_is_not_overwritten()
    {
        var y = Run(new GraphSource().Input("x", DataType.Float32, 2).Node("a = Neg(x)").Node("b = Abs(a)").Node("y = Add(a, b)").Node("z = Sub(a, x)").Output("y", "z", "x"), TensorValue.Of([1f, -2f], 2));
        Assert.Equal([0f, 4f], y[0].Values<float>());
        Assert.Equal([-2f, 4f], y[1].Values<float>());
        Assert.Equal([1f, -2f], y[2].Values<float>());
    }

    [Fact]
    public void A_reshaped_value_is_not_overwritten_through_its_other_name()
    {
        var y = Run(new GraphSource().Input("x", DataType.Float32, 2, 2).Constant("s", TensorValue.Vector(4)).Node("a = Neg(x)").Node("r = Reshape(a, s)").Node("b = Abs(r)").Node("c = Exp(a)").Output("a", "b"), TensorValue.Of([1f, 2f, 3f, -4f], 2, 2));
        Assert.Equal([-1f, -2f, -3f, 4f], y[0].Values<float>());
        Assert.Equal([1f, 2f, 3f, 4f], y[1].Values<float>());
    }

    [Fact]
    public void Shapes_may_change_from_run_to_run()
    {
        var model = GraphModel.Compile(new GraphSource().Input("x", DataType.Float32, -1).Node("y = NonZero(x)").Node("z = Cast(y)", ("to", 1L)).Node("w = Neg(z)").Output("w").Model(20, default, "n"), GraphOptions.Default);
        foreach (var values in (float[][])[[1, 0, 2], [], [0, 0], [0, 0, 0, 5, 6], [1, 0, 2]])
        {
            using var run = model.Run((Value[])[TensorValue.Of(values, values.Length)]);
            Assert.Equal([.. values.Select((v, i) => (v, i)).Where(p => p.v != 0).Select(p => -(float)p.i)], run.Output(0).AsTensor.Values<float>().ToArray());
        }
    }

    [Fact]
    public void Scalars_and_tensors_without_elements_run()
    {
        var y = Run(new GraphSource().Input("x", DataType.Float32).Input("e", DataType.Float32, 0, 3).Node("a = Neg(x)").Node("b = Add(e, a)").Output("a", "b"), TensorValue.Of([2f], []), new TensorValue(DataType.Float32, 0, 3));
        Assert.Equal((0, -2f), (y[0].Rank, y[0].Values<float>()[0]));
        Assert.Equal([0L, 3L], y[1].Shape);
    }

    [Fact]
    public void Strings_inputs_and_initializers_may_be_outputs()
    {
        var text = new TensorValue(DataType.String, 2);
        (text.Strings[0], text.Strings[1]) = ("a", "b");
        var y = Run(new GraphSource().Input("t", DataType.String, 2).Constant("c", TensorValue.Of([7f], 1)).Node("u = Concat(t, t)", ("axis", 0)).Output("u", "t", "c"), text);
        Assert.Equal(["a", "b", "a", "b"], y[0].Strings);
        Assert.Equal(["a", "b"], y[1].Strings);
        Assert.Equal([7f], y[2].Values<float>());
    }

    [Fact]
    public void A_run_of_more_memory_than_allowed_is_refused()
    {
        var model = GraphModel.Compile(new GraphSource().Input("x", DataType.Float32, -1).Node("y = Neg(x)").Output("y").Model(20, default, "n"), new GraphOptions(MaxMemory: 4_096));
        model.Run((Value[])[new TensorValue(DataType.Float32, 1_000)]).Dispose();
        Assert.Contains("more than the 4096 that are allowed", Assert.Throws<RecordException>(() => model.Run((Value[])[new TensorValue(DataType.Float32, 2_000)])).Message);
    }

    private static void Refuses(GraphSource source, long limit, params Value[] inputs)
    {
        var model = GraphModel.Compile(source.Model(20, default, "n"), new GraphOptions(MaxMemory: limit));
        Assert.Contains("that are allowed", Assert.Throws<RecordException>(() => model.Run(inputs)).Message);
    }

    [Fact]
    public void Outputs_whose_size_the_data_decides_count_as_memory() =>
        Refuses(new GraphSource().Input("x", DataType.Float32, -1).Node("y = NonZero(x)").Output("y"), 7_000, TensorValue.Of(Enumerable.Repeat(1f, 1_000).ToArray(), 1_000));

    [Fact]
    public void What_loops_collect_counts_as_memory() =>
        Refuses(new GraphSource().Input("x", DataType.Float32, 100).Input("n", DataType.Int64)
            .Node("s = Loop(n, )", ("body", new GraphSource().Input("i").Input("c").Node("d = Identity(c)").Node("e = Neg(x)").Output("d", "e"))).Output("s"), 100_000, new TensorValue(DataType.Float32, 100), TensorValue.Of<long>(DataType.Int64, [1_000_000_000], []));

    [Fact]
    public void What_bodies_compute_counts_as_memory() =>
        Refuses(new GraphSource().Input("x", DataType.Float32, -1).Input("c", DataType.Bool).Node("y = If(c)", ("then_branch", new GraphSource().Node("a = Neg(x)").Node("b = ReduceSum(a)").Output("b")), ("else_branch", new GraphSource().Node("z = Neg(x)").Output("z")))
            .Output("y"), 3_000, new TensorValue(DataType.Float32, 1_000), TensorValue.Of<byte>(DataType.Bool, [1], []));

    /// <summary>The branches have no type in common, so that nothing but what the file says is known of their result; what they read has a shape of its own in every run.</summary>
    [Fact]
    public void A_result_of_another_type_than_the_file_says_is_refused_before_it_is_read()
    {
        var source = new GraphSource().Input("c", DataType.Bool).Input("x", DataType.Float32, 2).Node("n = NonZero(x)")
            .Node("y = If(c)", ("then_branch", new GraphSource().Node("r = Cast(n)", ("to", 1L)).Output("r")), ("else_branch", new GraphSource().Node("r = Neg(n)").Output("r"))).Node("z = Neg(y)").Output("z");
        var definition = source.Model();
        definition = definition with { Graph = definition.Graph with { Values = [new ValueDefinition("y", new TensorType(DataType.Float32, Shape.Of(1, 2)))] } };
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        Value[] Inputs(byte condition, float second) => [TensorValue.Of<byte>(DataType.Bool, [condition], []), TensorValue.Of([1f, second], 2)];
        using (var run = model.Run(Inputs(1, 5))) Assert.Equal([0f, -1f], run.Output(0).AsTensor.Values<float>());
        Assert.Contains("int64[1,2] was computed, the model says float[1,2]", Assert.Throws<RecordException>(() => model.Run(Inputs(0, 5))).Message);
        Assert.Contains("float[1,1] was computed, the model says float[1,2]", Assert.Throws<RecordException>(() => model.Run(Inputs(1, 0))).Message);
    }
}
