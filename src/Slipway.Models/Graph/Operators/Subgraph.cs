namespace Slipway.Models.Graph;

/// <summary>The body of a control-flow operator, runnable. What it captures from the graph around it are the last inputs of its node.</summary>
internal abstract class Subgraph
{
    public abstract int InputCount { get; }

    public abstract int OutputCount { get; }

    /// <summary>False when a node in it may differ from run to run, or may run for long (loops).</summary>
    public abstract bool IsDeterministic { get; }

    /// <summary>The types of the outputs for inputs of these types (null: unknown); outputs of which nothing is known are null.</summary>
    public abstract GraphType?[] Infer(InferenceContext outer, ReadOnlySpan<GraphType?> inputs);

    /// <summary>Runs the body once. Inputs are read, not kept; the outputs are valid until the next run of the same node: copy (<see cref="Value.Copy"/>) what stays.</summary>
    /// <param name="outer">The context of the node that owns the body.</param>
    public abstract void Run(RunContext outer, ReadOnlySpan<Value> inputs, Span<Value> outputs);
}
