using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Runs like the one before allocate nothing, also where shapes are known only while the graph runs; runs unlike it are inferred anew.</summary>
public class RepeatedRunTests
{
    private const int Warmup = 100;

    private static GraphModel Compile(GraphSource source) => GraphModel.Compile(source.Model(), GraphOptions.Default);

    private static float[] Run(GraphModel model, params Value[] inputs)
    {
        using var run = model.Run(inputs);
        return run.Output(0).AsTensor.Values<float>().ToArray();
    }

    private static void RequireNoAllocation(GraphModel model, params Value[] inputs)
    {
        for (var i = 0; i < Warmup; i++) model.Run(inputs).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Run(inputs).Dispose();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TensorValue Flag(bool value) => TensorValue.Of<byte>(DataType.Bool, [value ? (byte)1 : (byte)0], []);

    private static TensorValue X => TensorValue.Of([1f, 2f, 3f, 4f, 5f, 6f], 2, 3);

    private static GraphSource Branches() => new GraphSource().Input("x", DataType.Float32, 2, 3).Input("c", DataType.Bool).Constant("zero", TensorValue.Vector(0))
        .Node("b = If(c)", ("then_branch", new GraphSource().Constant("six", TensorValue.Vector(6)).Node("e = Neg(x)").Node("t = Reshape(e, six)").Output("t")), ("else_branch", new GraphSource().Node("f = Abs(x)").Output("f")))
        .Node("u = Unsqueeze(b, zero)").Node("y = Relu(u)").Output("y");

    private static GraphSource Passes() => new GraphSource().Input("x", DataType.Float32, 2, 3).Input("n", DataType.Int64)
        .Node("v, s = Loop(n, , x)", ("body", new GraphSource().Input("i").Input("c").Input("a").Node("d = Identity(c)").Node("w = Neg(a)").Node("e = Abs(w)").Output("d", "w", "e"))).Node("y = Neg(s)").Output("y", "v");

    private static GraphSource Slices() => new GraphSource().Input("x", DataType.Float32, -1, 3).Numbers("z", 0, 0, 0)
        .Node("v, s = Scan(z, x)", ("num_scan_inputs", 1), ("body", new GraphSource().Input("a").Input("r").Node("w = Add(a, r)").Node("e = Neg(w)").Output("w", "e"))).Node("y = Neg(s)").Output("y", "v");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Branches_allocate_nothing(bool isThen) => RequireNoAllocation(Compile(Branches()), X, Flag(isThen));

    [Fact]
    public void Loops_allocate_nothing() => RequireNoAllocation(Compile(Passes()), X, TensorValue.Of<long>(DataType.Int64, [9], []));

    [Fact]
    public void Scans_allocate_nothing() => RequireNoAllocation(Compile(Slices()), X);

    [Fact]
    public void Nodes_whose_shapes_depend_on_elements_allocate_nothing_while_these_repeat() =>
        RequireNoAllocation(Compile(new GraphSource().Input("x", DataType.Float32, 2, 3).Input("s", DataType.Int64, 2).Node("r = Reshape(x, s)").Node("t = Transpose(r)").Node("y = Neg(t)").Output("y")), X, TensorValue.Vector(3, 2));

    [Fact]
    public void Elements_that_shapes_depend_on_may_change_from_run_to_run()
    {
        var model = Compile(new GraphSource().Input("x", DataType.Float32, 2, 3).Input("s", DataType.Int64, 2).Node("r = Reshape(x, s)").Node("t = Transpose(r)").Node("y = Neg(t)").Output("y"));
        foreach (var _ in (int[])[0, 1])
        {
            Assert.Equal([-1, -3, -5, -2, -4, -6], Run(model, X, TensorValue.Vector(3, 2)));
            Assert.Equal([-1, -3, -5, -2, -4, -6], Run(model, X, TensorValue.Vector(3, 2)));
            Assert.Equal([-1, -4, -2, -5, -3, -6], Run(model, X, TensorValue.Vector(2, 3)));
            Assert.Equal([-1, -2, -3, -4, -5, -6], Run(model, X, TensorValue.Vector(6, 1)));
        }
    }

    [Fact]
    public void Branches_of_different_shapes_answer_alike_in_every_run()
    {
        var model = Compile(Branches());
        foreach (var isThen in (bool[])[true, false, false, true, true, false])
        {
            using var run = model.Run((Value[])[X, Flag(isThen)]);
            Assert.Equal(isThen ? [1, 6] : [1L, 2, 3], run.Output(0).AsTensor.Shape);
            Assert.Equal(isThen ? new float[6] : [1f, 2f, 3f, 4f, 5f, 6f], run.Output(0).AsTensor.Values<float>());
        }
    }

    [Fact]
    public void Loops_of_other_counts_follow_one_another_with_none_among_them()
    {
        var model = Compile(Passes());
        foreach (var count in (long[])[3, 1, 0, 40, 2, 0, 3])
        {
            using var run = model.Run((Value[])[X, TensorValue.Of<long>(DataType.Int64, [count], [])]);
            Assert.Equal([count, 2, 3], run.Output(0).AsTensor.Shape);
            Assert.Equal(Enumerable.Range(0, (int)count * 6).Select(i => -1f - (i % 6)), run.Output(0).AsTensor.Values<float>().ToArray());
            Assert.Equal(count % 2 == 0 ? 1f : -1f, run.Output(1).AsTensor.Values<float>()[0]);
        }
    }

    [Fact]
    public void Scans_of_other_lengths_follow_one_another_with_none_among_them()
    {
        var model = Compile(Slices());
        foreach (var count in (int[])[2, 0, 5, 1, 2])
        {
            var x = new TensorValue(DataType.Float32, count, 3);
            x.Values<float>().Fill(1);
            using var run = model.Run((Value[])[x]);
            Assert.Equal([count, 3L], run.Output(0).AsTensor.Shape);
            Assert.Equal(Enumerable.Range(0, count * 3).Select(i => 1f + (i / 3)), run.Output(0).AsTensor.Values<float>().ToArray());
        }
    }
}
