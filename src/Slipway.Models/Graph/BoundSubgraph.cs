using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>A body over the same stages as the graph around it. Its plans live in the state of the node's context, so that a body runs on one thread at a time.</summary>
/// <param name="firstCapture">Which of the node's inputs is the first that this body captures.</param>
internal sealed class BoundSubgraph(BoundGraph graph, int firstCapture, SymbolSource symbols, GraphOptions options) : Subgraph
{
    private readonly int _own = graph.Inputs.Length - graph.Captures.Length;

    public BoundGraph Graph { get; } = graph;

    public override int InputCount => _own;

    public override int OutputCount => Graph.Outputs.Length;

    public override bool IsDeterministic { get; } = graph.Nodes.All(n => n.Operator.IsDeterministic);

    public override GraphType?[] Infer(InferenceContext outer, ReadOnlySpan<GraphType?> inputs)
    {
        if (inputs.Length != _own) throw new ModelException($"the body has {_own} inputs, {inputs.Length} are given");
        var values = Graph.Values.ToBuilder();
        for (var i = 0; i < Graph.Inputs.Length; i++)
        {
            var type = i < _own ? inputs[i] : outer.InputType(firstCapture + i - _own);
            var known = values[Graph.Inputs[i]];
            values[Graph.Inputs[i]] = known with { Type = type ?? known.Declared, Constant = i < _own ? null : outer.ConstantValue(firstCapture + i - _own) };
        }
        var inference = new GraphInference(Graph with { Values = values.ToImmutable() }, symbols, 0, budget: outer.Budget);
        inference.Run();
        return [.. Graph.Outputs.Select(o => inference.Types[o])];
    }

    public override void Run(RunContext outer, ReadOnlySpan<Value> inputs, Span<Value> outputs)
    {
        if (inputs.Length != _own) throw new RecordException($"the body has {_own} inputs, {inputs.Length} are given");
        var runs = outer.RunsOf(this);
        inputs.CopyTo(runs.Inputs);
        for (var i = _own; i < runs.Inputs.Length; i++) runs.Inputs[i] = outer.InputValue(firstCapture + i - _own);
        var plan = runs.Plans.Rent(runs.Inputs);
        plan.Run(runs.Inputs, outer.Cancellation);
        for (var i = 0; i < outputs.Length; i++) outputs[i] = plan.Output(i);
        runs.Plans.Return(plan);
    }

    /// <param name="memory">Of the run that the body is part of.</param>
    public BodyRuns NewRuns(RunMemory memory) => new(new PlanCache(Graph, symbols, options, memory), new Value[Graph.Inputs.Length]);
}

/// <summary>What the runs of a body leave for the next.</summary>
internal sealed record BodyRuns(PlanCache Plans, Value[] Inputs);
