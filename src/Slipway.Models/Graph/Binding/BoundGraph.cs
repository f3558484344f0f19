using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>A graph whose names are resolved (stages <i>bind</i> and <i>optimise</i>): nodes in an order in which they can run, joined by the numbers of their values. Immutable.</summary>
/// <param name="Values">All values; a node's inputs and outputs are indices into these.</param>
/// <param name="Captures">Of a body: the inputs, after those of its own, that come from the graph around it.</param>
internal sealed record BoundGraph(
    string Name,
    ImmutableArray<BoundValue> Values,
    ImmutableArray<BoundNode> Nodes,
    ImmutableArray<int> Inputs,
    ImmutableArray<int> Outputs,
    ImmutableArray<int> Captures);

/// <param name="Type">Null when nothing is known.</param>
/// <param name="Constant">The value itself, when it is the same in every run.</param>
/// <param name="Declared">What the file says the type is.</param>
internal sealed record BoundValue(string Name, GraphType? Type = null, Value? Constant = null, GraphType? Declared = null);

/// <param name="Inputs">Indices of values, -1 for an input that is not given; after the node's own come those that its bodies capture.</param>
/// <param name="Outputs">Indices of values, -1 for an output that nobody names.</param>
internal sealed record BoundNode(NodeInfo Info, Operator Operator, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs)
{
    public string Name => Info.Definition.Name;

    public override string ToString() => Info.Definition.ToString();
}
