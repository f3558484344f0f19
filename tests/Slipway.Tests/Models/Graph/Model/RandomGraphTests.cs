using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Seeded random graphs: 1,000 when SLIPWAY_TEST_ALL is 1, else the first 150.</summary>
public class RandomGraphTests
{
    public static int Count => Environment.GetEnvironmentVariable("SLIPWAY_TEST_ALL") == "1" ? 1_000 : 150;

    private static IEnumerable<int> Seeds => Enumerable.Range(1, Count);

    private static float[][] Run(GraphModel model, TensorValue[] inputs)
    {
        using var run = model.Run(inputs);
        return [.. Enumerable.Range(0, model.Outputs.Length).Select(i => run.Output(i).AsTensor.Values<float>().ToArray())];
    }

    private static void Same(float[][] expected, float[][] actual, string what)
    {
        for (var o = 0; o < expected.Length; o++)
        {
            Assert.True(expected[o].AsSpan().SequenceEqual(actual[o]) || expected[o].Select(BitConverter.SingleToInt32Bits).SequenceEqual(actual[o].Select(BitConverter.SingleToInt32Bits)), $"{what}, output {o}: {Difference(expected[o], actual[o])}");
        }
    }

    private static string Difference(float[] a, float[] b)
    {
        var at = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => BitConverter.SingleToInt32Bits(a[i]) != BitConverter.SingleToInt32Bits(b[i]));
        return $"{a.Length} and {b.Length} elements, at {at} {a[at]:R} and {b[at]:R}";
    }

    [Fact]
    public void Optimised_graphs_answer_as_they_are_written()
    {
        foreach (var seed in Seeds)
        {
            var graph = new RandomGraph(seed);
            Same(Run(GraphModel.Compile(graph.Definition, new GraphOptions(Optimise: false)), graph.Inputs), Run(GraphModel.Compile(graph.Definition, GraphOptions.Default), graph.Inputs), $"seed {seed}");
        }
    }

    [Fact]
    public void Answers_do_not_depend_on_threads()
    {
        foreach (var seed in Seeds)
        {
            var graph = new RandomGraph(seed);
            var expected = Run(GraphModel.Compile(graph.Definition, GraphOptions.Default), graph.Inputs);
            for (var threads = 2; threads <= 3; threads++) Same(expected, Run(GraphModel.Compile(graph.Definition, new GraphOptions(threads)), graph.Inputs), $"seed {seed}, {threads} threads");
        }
    }

    [Fact]
    public void A_batch_answers_as_its_rows()
    {
        var compared = 0;
        foreach (var seed in Seeds)
        {
            var graph = new RandomGraph(seed);
            if (!graph.HasRows) continue;
            var model = GraphModel.Compile(graph.Definition, GraphOptions.Default);
            var whole = Run(model, graph.Inputs);
            for (var row = 0; row < 3; row++)
            {
                var width = whole.Select(w => w.Length / 3).ToArray();
                Same([.. whole.Select((w, o) => w.AsSpan(row * width[o], width[o]).ToArray())], Run(model, graph.Row(row)), $"seed {seed}, row {row}");
            }
            compared++;
        }
        Assert.True(compared > Count / 3);
    }

    [Fact]
    public void The_second_run_is_the_first_and_allocates_nothing()
    {
        foreach (var seed in Seeds)
        {
            var graph = new RandomGraph(seed);
            var model = GraphModel.Compile(graph.Definition, GraphOptions.Default);
            var first = Run(model, graph.Inputs);
            Same(first, Run(model, graph.Inputs), $"seed {seed}");
            var before = GC.GetAllocatedBytesForCurrentThread();
            model.Run(graph.Inputs).Dispose();
            Assert.True(GC.GetAllocatedBytesForCurrentThread() == before, $"seed {seed} allocates {GC.GetAllocatedBytesForCurrentThread() - before} bytes: {string.Join(' ', graph.Definition.Graph.Nodes.Select(n => n.Operator))}");
        }
    }

    [Fact]
    public void Runs_at_the_same_time_do_not_meet()
    {
        foreach (var seed in Seeds.Where(s => s % 5 == 0))
        {
            var graph = new RandomGraph(seed);
            var model = GraphModel.Compile(graph.Definition, GraphOptions.Default);
            var expected = Run(model, graph.Inputs);
            Parallel.For(0, 8, i =>
            {
                for (var n = 0; n < 3; n++) Same(expected, Run(model, graph.Inputs), $"seed {seed}");
            });
        }
    }
}
