using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>A compiled graph: thread-safe; plans are made at the first run of new shapes and kept.</summary>
internal sealed class GraphModel
{
    private readonly PlanCache _plans;
    private readonly SymbolSource _symbols;
    private readonly GraphOptions _options;
    private readonly FileMemory[] _files;

    private GraphModel(ModelDefinition definition, BoundGraph graph, SymbolSource symbols, GraphOptions options)
    {
        (Graph, _symbols, _options) = (graph, symbols, options);
        _plans = new PlanCache(graph, symbols, options);
        var files = new HashSet<FileMemory>();
        Collect(graph, files);
        _files = [.. files];
        Inputs = [.. graph.Inputs.Select(i => graph.Values[i])];
        Outputs = [.. definition.Graph.Outputs.Select((o, i) => new BoundValue(o.Name, graph.Values[graph.Outputs[i]].Type is null or TensorType { Shape: null } ? o.Type : graph.Values[graph.Outputs[i]].Type))];
    }

    /// <exception cref="ModelException">The graph is wrong, or uses what is not there (all of it is named).</exception>
    public static GraphModel Compile(ModelDefinition definition, GraphOptions options)
    {
        var (graph, symbols) = GraphBinder.Bind(definition, options);
        if (options.Optimise) graph = GraphOptimiser.Optimise(graph, symbols, options.FastMath);
        graph = GraphPreparation.Prepare(graph, isBody: false);
        return new GraphModel(definition, graph, symbols, options);
    }

    public BoundGraph Graph { get; }

    /// <summary>The inputs that a run must be given, in order. Inputs with a default are not among them.</summary>
    public ImmutableArray<BoundValue> Inputs { get; }

    public ImmutableArray<BoundValue> Outputs { get; }

    /// <summary>Runs the graph; the outputs are the caller's.</summary>
    /// <exception cref="RecordException">The inputs do not fit, or cannot be computed with.</exception>
    /// <exception cref="ModelException">A file that weights are read from was changed.</exception>
    public Value[] Run(IReadOnlyDictionary<string, Value> inputs, CancellationToken cancellation = default)
    {
        var ordered = new Value[Inputs.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[i] = inputs.TryGetValue(Inputs[i].Name, out var value) ? value : throw new RecordException($"input '{Inputs[i].Name}' is not given");
        }
        using var run = Run(ordered, cancellation);
        var outputs = new Value[Outputs.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = run.Output(i).Copy();
        return outputs;
    }

    /// <summary>Runs the graph on inputs in order; allocates nothing when the shapes were seen before. Dispose the result when its outputs are read.</summary>
    /// <exception cref="RecordException">The inputs do not fit, or cannot be computed with.</exception>
    /// <exception cref="ModelException">A file that weights are read from was changed.</exception>
    public GraphRun Run(ReadOnlySpan<Value> inputs, CancellationToken cancellation = default)
    {
        Require(inputs);
        var plan = _plans.Rent(inputs);
        plan.Run(inputs, cancellation);
        return new GraphRun(plan, _plans);
    }

    /// <summary>Runs the graph and keeps every value, for tracing: by name, in the order of the nodes.</summary>
    public IEnumerable<KeyValuePair<string, Value>> Trace(Value[] inputs)
    {
        Require(inputs);
        var plan = PlanBuilder.Build(Graph, [.. inputs.Select(i => i.Type)], _symbols, _options, new RunMemory(_options.MaxMemory), keepAll: true);
        plan.Run(inputs, CancellationToken.None);
        foreach (var node in Graph.Nodes)
        {
            foreach (var output in node.Outputs)
            {
                if (output >= 0 && plan.ValueAt(output) is { } value) yield return new(Graph.Values[output].Name, value);
            }
        }
    }

    /// <summary>The files whose bytes the constants of a graph and its bodies are.</summary>
    private static void Collect(BoundGraph graph, HashSet<FileMemory> files)
    {
        foreach (var value in graph.Values)
        {
            if (value.Constant is TensorValue { File: { } file }) files.Add(file);
        }
        foreach (var node in graph.Nodes)
        {
            foreach (var body in node.Info.Bodies) Collect(((BoundSubgraph)body).Graph, files);
        }
    }

    private void Require(ReadOnlySpan<Value> inputs)
    {
        foreach (var file in _files) file.RequireUnchanged();
        if (inputs.Length != Inputs.Length) throw new RecordException($"the graph has {Inputs.Length} inputs, {inputs.Length} are given");
        for (var i = 0; i < inputs.Length; i++)
        {
            if (Inputs[i].Type is not TensorType { } expected) continue;
            if (inputs[i] is not TensorValue tensor) throw new RecordException($"input '{Inputs[i].Name}' is a {inputs[i].Type}, expected {expected}");
            if (tensor.Element != expected.Element || (expected.Shape is { } shape && !Matches(shape.Span, tensor.Shape))) throw new RecordException($"input '{Inputs[i].Name}' is {tensor.Type}, expected {expected}");
        }
    }

    private static bool Matches(ReadOnlySpan<long> expected, ReadOnlySpan<long> shape)
    {
        if (expected.Length != shape.Length) return false;
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] >= 0 && expected[i] != shape[i]) return false;
        }
        return true;
    }
}

/// <summary>The outputs of one run, until it is disposed.</summary>
internal readonly struct GraphRun(Plan plan, PlanCache plans) : IDisposable
{
    /// <summary>The plan that ran, to look at and to measure.</summary>
    public Plan Plan => plan;

    public Value Output(int index) => plan.Output(index);

    public void Dispose() => plans.Return(plan);
}
