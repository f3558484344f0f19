using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Models.Kernels;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Runs of graphs whose shapes repeat: they allocate nothing.</summary>
internal static class OnnxAllocations
{
    private const int MostThreads = 4;

    private static readonly string[] Networks = ["mlp 30-64-2", "mnist cnn", "mobilenet v3 small", "lstm 128 x 50", "transformer 16", "transformer 128"];

    public static IEnumerable<(string Name, Action Operation)> Operations()
    {
        // More threads than processors: they come to a run when the others let them.
        WorkerPool.Shared.Budget = Math.Max(MostThreads, Environment.ProcessorCount);
        foreach (var network in NetworkCase.All("").Where(n => Networks.Contains(n.Name)))
        {
            foreach (var threads in new[] { 1, 2, MostThreads })
            {
                foreach (var rows in new[] { 1, 8 })
                {
                    var model = GraphModel.Compile(network.Definition!(), new GraphOptions(threads));
                    yield return ($"onnx/{network.Name}/{rows} rows, {threads} threads", Run(model, GraphCost.Values(model, network.Inputs(rows))));
                }
            }
        }
        foreach (var (name, definition) in new[] { ("if", Conditional()), ("loop", Loop()), ("scan", Scan()) })
        {
            var model = GraphModel.Compile(definition, GraphOptions.Default);
            Value[] inputs = [TensorValue.Of([1f, 2f, 3f, 4f, 5f, 6f], 2, 3), .. model.Inputs.Skip(1).Select(_ => TensorValue.Of<byte>(DataType.Bool, [1], []))];
            yield return ($"onnx/{name}", Run(model, inputs));
        }
    }

    private static Action Run(GraphModel model, Value[] inputs) => () => model.Run(inputs).Dispose();

    /// <summary>Branches whose results differ in rank, so that nothing behind is known before the run.</summary>
    private static ModelDefinition Conditional()
    {
        var n = new NetworkBuilder("if");
        var x = n.Input("x", DataType.Float32, 2, 3);
        var condition = n.Input("condition", DataType.Bool);
        var y = n.Node("If", [condition], ("then_branch", Body([], ["t"], Node("Exp", "x", "e"), Node("Reshape", ["e", n.Integers(6)], "t"))), ("else_branch", Body([], ["f"], Node("Neg", "x", "f"))));
        n.Output(n.Node("Relu", [n.Node("Unsqueeze", [y, n.Integers(0)])]));
        return n.Build();
    }

    private static ModelDefinition Loop()
    {
        var n = new NetworkBuilder("loop");
        var x = n.Input("x", DataType.Float32, 2, 3);
        var body = Body(["i", "c", "v"], ["c", "w", "s"], Node("Neg", "v", "w"), Node("Exp", "w", "s"));
        foreach (var output in n.Nodes("", "Loop", [n.Integers(5), "", x], 2, [("body", body)])) n.Output(output);
        return n.Build();
    }

    private static ModelDefinition Scan()
    {
        var n = new NetworkBuilder("scan");
        var x = n.Input("x", DataType.Float32, 2, 3);
        var body = Body(["v", "r"], ["w", "s"], Node("Add", ["v", "r"], "w"), Node("Exp", "w", "s"));
        foreach (var output in n.Nodes("", "Scan", [n.Uniform(0, 1, 3), x], 2, [("body", body), ("num_scan_inputs", 1L)])) n.Output(output);
        return n.Build();
    }

    private static NodeDefinition Node(string @operator, string input, string output) => Node(@operator, [input], output);

    private static NodeDefinition Node(string @operator, string[] inputs, string output) => new("", "", @operator, "", [.. inputs], [output], []);

    private static GraphDefinition Body(string[] inputs, string[] outputs, params ImmutableArray<NodeDefinition> nodes) =>
        new("body", nodes, [.. inputs.Select(i => new ValueDefinition(i, null))], [.. outputs.Select(o => new ValueDefinition(o, null))], [], []);
}
