using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Control;

public class ControlTests
{
    private static readonly ValueDefinition Pass = new("i", new TensorType(DataType.Int64, Shape.Scalar));
    private static readonly ValueDefinition Go = new("go", new TensorType(DataType.Bool, Shape.Scalar));

    private static ValueDefinition Open(string name) => new(name, null);

    private static TensorValue True => TensorValue.Of(DataType.Bool, (ReadOnlySpan<byte>)[1], []);

    [Fact]
    public void Loop_swaps_values_that_it_carries()
    {
        var body = Body([Pass, Go, Open("a"), Open("b")], ["go2", "b", "a"], Node("Identity", ["go"], ["go2"]));
        for (var passes = 0; passes < 4; passes++)
        {
            var results = Run("Loop", 16, [Scalar(passes), True, Ints(1, 2), Ints(3, 4)], 2, ("body", body));
            AssertEqual(passes % 2 == 0 ? Ints(1, 2) : Ints(3, 4), results[0]);
            AssertEqual(passes % 2 == 0 ? Ints(3, 4) : Ints(1, 2), results[1]);
        }
    }

    [Fact]
    public void Loop_carries_a_tensor_that_grows_and_stacks_what_passes_give()
    {
        var body = Body([Pass, Go, Open("v")], ["go2", "w", "i2"], Node("Identity", ["go"], ["go2"]), Node("Concat", ["v", "v"], ["w"], ("axis", 0)), Node("Identity", ["i"], ["i2"]));
        var results = Run("Loop", 13, [Scalar(3), null, Ints(7)], 2, ("body", body));
        AssertEqual(Ints(7, 7, 7, 7, 7, 7, 7, 7), results[0]);
        AssertEqual(Ints(0, 1, 2), results[1]);
    }

    [Fact]
    public void Loop_without_a_pass_gives_first_values_and_empty_stacks()
    {
        var body = Body([Pass, Go, Open("v")], ["go2", "v2", "s"], Node("Identity", ["go"], ["go2"]), Node("Identity", ["v"], ["v2"]), Node("Identity", ["v"], ["s"]));
        var stopped = TensorValue.Of(DataType.Bool, (ReadOnlySpan<byte>)[0], []);
        foreach (var inputs in (Value?[][])[[Scalar(0), True, Floats([1, 2])], [Scalar(-5), null, Floats([1, 2])], [null, stopped, Floats([1, 2])]])
        {
            var results = Run("Loop", 11, inputs, 2, ("body", body));
            AssertEqual(Floats([1, 2]), results[0]);
            AssertEqual(new TensorValue(DataType.Float32, 0, 2), results[1]);
        }
    }

    [Fact]
    public void Loop_ends_when_its_condition_fails()
    {
        var body = Body([Pass, Go, Open("v")], ["less", "w", "w2"],
            Node("Constant", [], ["one"], ("value", Scalar(1))), Node("Constant", [], ["five"], ("value", Scalar(5))),
            Node("Add", ["v", "one"], ["w"]), Node("Less", ["w", "five"], ["less"]), Node("Identity", ["w"], ["w2"]));
        var results = Run("Loop", 13, [null, True, Scalar(0)], 2, ("body", body));
        AssertEqual(Scalar(5), results[0]);
        AssertEqual(Ints(1, 2, 3, 4, 5), results[1]);
    }

    [Fact]
    public async Task Loop_without_an_end_stops_when_the_run_is_cancelled()
    {
        var body = Body([Pass, Go, Open("v")], ["go2", "w"], Node("Identity", ["go"], ["go2"]), Node("Identity", ["v"], ["w"]));
        var graph = new GraphDefinition("g", [Node("Loop", ["", "c", "x"], ["y"], ("body", body))], [new("c", new TensorType(DataType.Bool, Shape.Scalar)), new("x", new TensorType(DataType.Float32, Shape.Of(1)))], [Open("y")], [], []);
        var model = Compile(graph, 16);
        using var cancellation = new CancellationTokenSource();
        var started = Task.Factory.StartNew(() => model.Run(new Dictionary<string, Value> { ["c"] = True, ["x"] = Floats([1]) }, cancellation.Token), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => started);
    }

    [Fact]
    public void Loop_refuses_passes_of_different_shapes()
    {
        var body = Body([Pass, Go, Open("v")], ["go2", "w", "w2"], Node("Identity", ["go"], ["go2"]), Node("Concat", ["v", "v"], ["w"], ("axis", 0)), Node("Identity", ["w"], ["w2"]));
        Assert.ThrowsAny<SlipwayException>(() => Run("Loop", 13, [Scalar(2), null, Ints(7)], 2, ("body", body)));
    }

    [Fact]
    public void Loop_carries_sequences_and_reads_values_around_it()
    {
        var body = Body([Pass, Go, Open("s")], ["go2", "t"], Node("Identity", ["go"], ["go2"]), Node("Add", ["outer", "i"], ["item"]), Node("SequenceInsert", ["s", "item"], ["t"]));
        var graph = new GraphDefinition("g",
            [Node("SequenceEmpty", [], ["e"], ("dtype", (long)DataType.Int64)), Node("Loop", ["n", "", "e"], ["y"], ("body", body))],
            [new("n", new TensorType(DataType.Int64, Shape.Scalar)), new("outer", new TensorType(DataType.Int64, Shape.Of(1)))], [Open("y")], [], []);
        var result = Assert.IsType<SequenceValue>(Run(graph, 16, new Dictionary<string, Value> { ["n"] = Scalar(3), ["outer"] = Ints(10) })[0]);
        Assert.Equal([10L, 11, 12], result.Items.Select(i => i.AsTensor.IntAt(0)));
    }

    [Fact]
    public void If_gives_values_around_it_unharmed_by_what_runs_after()
    {
        var graph = new GraphDefinition("g",
            [
                Node("Neg", ["x"], ["inner"]),
                Node("If", ["c"], ["y"], ("then_branch", Body([], ["inner2"], Node("Identity", ["inner"], ["inner2"]))), ("else_branch", Body([], ["two"], Node("Concat", ["x", "x"], ["two"], ("axis", 0))))),
                Node("Exp", ["x"], ["other"]), Node("Abs", ["y"], ["z"]),
            ],
            [new("x", new TensorType(DataType.Float32, Shape.Of(2))), new("c", new TensorType(DataType.Bool, Shape.Scalar))], [Open("y"), Open("z"), Open("other")], [], []);
        var results = Run(graph, 13, new Dictionary<string, Value> { ["x"] = Floats([1, 2]), ["c"] = True });
        AssertEqual(Floats([-1, -2]), results[0]);
        AssertEqual(Floats([1, 2]), results[1]);
        results = Run(graph, 13, new Dictionary<string, Value> { ["x"] = Floats([1, 2]), ["c"] = Bools(false) is var f ? TensorValue.Of(DataType.Bool, (ReadOnlySpan<byte>)f.Values<byte>(), []) : f });
        AssertEqual(Floats([1, 2, 1, 2]), results[0]);
    }

    /// <summary>Running sums along an axis, backwards, put out along another.</summary>
    [Fact]
    public void Scan_goes_backwards_along_any_axis()
    {
        var body = Body([Open("sum"), Open("v")], ["next", "out"], Node("Add", ["sum", "v"], ["next"]), Node("Identity", ["next"], ["out"]));
        var x = Floats([1, 2, 3, 4, 5, 6], 2, 3);
        var results = Run("Scan", 11, [Floats([0, 0]), x], 2, ("body", body), ("num_scan_inputs", 1), ("scan_input_axes", new long[] { -1 }), ("scan_input_directions", new long[] { 1 }), ("scan_output_axes", new long[] { 1 }));
        AssertEqual(Floats([6, 15]), results[0]);
        AssertEqual(Floats([3, 5, 6, 6, 11, 15], 2, 3), results[1]);
        results = Run("Scan", 9, [Floats([0, 0]), x], 2, ("body", body), ("num_scan_inputs", 1), ("scan_input_axes", new long[] { 1 }), ("scan_input_directions", new long[] { 1 }), ("scan_output_directions", new long[] { 1 }));
        AssertEqual(Floats([6, 15, 5, 11, 3, 6], 3, 2), results[1]);
    }

    [Fact]
    public void Scan_of_version_8_ends_each_sequence_of_a_batch_at_its_length()
    {
        var body = Body([Open("sum"), Open("v")], ["next", "out"], Node("Add", ["sum", "v"], ["next"]), Node("Identity", ["next"], ["out"]));
        var x = Floats([1, 2, 3, 4, 5, 6], 2, 3, 1);
        var results = Run("Scan", 8, [Ints(0, 2), Floats([10, 20], 2, 1), x], 2, ("body", body), ("num_scan_inputs", 1));
        AssertEqual(Floats([10, 29], 2, 1), results[0]);
        AssertEqual(Floats([0, 0, 0, 24, 29, 0], 2, 3, 1), results[1]);
        results = Run("Scan", 8, [null, Floats([0, 0], 2, 1), x], 2, ("body", body), ("num_scan_inputs", 1), ("directions", new long[] { 1 }));
        AssertEqual(Floats([3, 5, 6, 6, 11, 15], 2, 3, 1), results[1]);
        Assert.ThrowsAny<SlipwayException>(() => Run("Scan", 8, [Ints(4, 2), Floats([10, 20], 2, 1), x], 2, ("body", body), ("num_scan_inputs", 1)));
    }
}
