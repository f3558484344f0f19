using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>A node with the operator sets that it is to be read by: those of the model, or of the function that it came from.</summary>
internal sealed record ScopedNode(NodeDefinition Node, IReadOnlyDictionary<string, long> OperatorSets);

/// <summary>Puts the nodes of a model's functions where they are called (https://onnx.ai/onnx/repo-docs/IR.html#functions).</summary>
internal sealed class FunctionInliner
{
    private const int MaxNodes = 200_000, MaxDepth = 64;

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionDefinition> _functions = [];
    private readonly IReadOnlyDictionary<string, long> _operatorSets;
    private int _calls, _nodes;

    /// <exception cref="ModelException">A function is defined twice.</exception>
    public FunctionInliner(ModelDefinition model)
    {
        _operatorSets = model.OperatorSets;
        foreach (var function in model.Functions)
        {
            if (!_functions.TryAdd((function.Domain, function.Name, function.Overload), function)) throw new ModelException($"function {function.Domain}::{function.Name} is defined twice");
        }
    }

    /// <summary>The nodes with all calls replaced.</summary>
    /// <param name="operatorSets">Null for the model's own.</param>
    /// <exception cref="ModelException">Functions call each other in a circle, or make too many nodes.</exception>
    public List<ScopedNode> Inline(ImmutableArray<NodeDefinition> nodes, IReadOnlyDictionary<string, long>? operatorSets = null)
    {
        var result = new List<ScopedNode>(nodes.Length);
        foreach (var node in nodes) Inline(node, operatorSets ?? _operatorSets, result, 0);
        return result;
    }

    private void Inline(NodeDefinition node, IReadOnlyDictionary<string, long> operatorSets, List<ScopedNode> result, int depth)
    {
        if (!_functions.TryGetValue((node.Domain, node.Operator, node.Overload), out var function))
        {
            result.Add(new ScopedNode(node, operatorSets));
            return;
        }
        // Calls count too: functions that only call each other multiply without making a node.
        Count();
        if (depth == MaxDepth) throw new ModelException($"{node}: functions call each other more than {MaxDepth} deep");
        if (node.Inputs.Length > function.Inputs.Length) throw new ModelException($"{node}: {node.Inputs.Length} inputs are given, the function has {function.Inputs.Length}");
        if (node.Outputs.Length > function.Outputs.Length) throw new ModelException($"{node}: {node.Outputs.Length} outputs are wanted, the function has {function.Outputs.Length}");
        var prefix = $"{(node.Name.Length > 0 ? node.Name : node.Operator)}.{++_calls}/";
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < function.Inputs.Length; i++) names[function.Inputs[i]] = i < node.Inputs.Length ? node.Inputs[i] : "";
        for (var i = 0; i < function.Outputs.Length; i++)
        {
            if (i >= node.Outputs.Length || node.Outputs[i].Length == 0) continue;
            // An output that is an input as well needs a node of its own.
            if (names.TryGetValue(function.Outputs[i], out var input))
            {
                result.Add(new ScopedNode(new NodeDefinition("", "", "Identity", "", [input], [node.Outputs[i]], []), _operatorSets));
            }
            else
            {
                names[function.Outputs[i]] = node.Outputs[i];
            }
        }
        var attributes = new Dictionary<string, AttributeDefinition>(StringComparer.Ordinal);
        foreach (var attribute in function.DefaultAttributes) attributes[attribute.Name] = attribute;
        foreach (var attribute in node.Attributes) attributes[attribute.Name] = attribute;
        foreach (var inner in function.Nodes) Inline(Rename(inner, names, attributes, prefix), function.OperatorSets, result, depth + 1);
    }

    private void Count()
    {
        if (++_nodes > MaxNodes) throw new ModelException($"the functions of the model make more than {MaxNodes} nodes");
    }

    private NodeDefinition Rename(NodeDefinition node, Dictionary<string, string> names, Dictionary<string, AttributeDefinition> attributes, string prefix)
    {
        Count();
        return node with
        {
            Name = node.Name.Length > 0 ? prefix + node.Name : "",
            Inputs = [.. node.Inputs.Select(n => NameOf(n, names, prefix))],
            Outputs = [.. node.Outputs.Select(n => NameOf(n, names, prefix))],
            Attributes = [.. node.Attributes.Select(a => Resolve(a, names, attributes, prefix)).OfType<AttributeDefinition>()],
        };
    }

    private AttributeDefinition? Resolve(AttributeDefinition attribute, Dictionary<string, string> names, Dictionary<string, AttributeDefinition> attributes, string prefix) => attribute.Value switch
    {
        AttributeReference reference => attributes.TryGetValue(reference.Name, out var actual) ? attribute with { Value = actual.Value } : null,
        GraphDefinition graph => attribute with { Value = Rename(graph, names, attributes, prefix) },
        ImmutableArray<GraphDefinition> graphs => attribute with { Value = graphs.Select(g => Rename(g, names, attributes, prefix)).ToImmutableArray() },
        _ => attribute,
    };

    private GraphDefinition Rename(GraphDefinition graph, Dictionary<string, string> names, Dictionary<string, AttributeDefinition> attributes, string prefix) => graph with
    {
        Nodes = [.. graph.Nodes.Select(n => Rename(n, names, attributes, prefix))],
        Inputs = [.. graph.Inputs.Select(v => v with { Name = NameOf(v.Name, names, prefix) })],
        Outputs = [.. graph.Outputs.Select(v => v with { Name = NameOf(v.Name, names, prefix) })],
        Initializers = [.. graph.Initializers.Select(i => i with { Name = NameOf(i.Name, names, prefix) })],
        Values = [.. graph.Values.Select(v => v with { Name = NameOf(v.Name, names, prefix) })],
    };

    private static string NameOf(string name, Dictionary<string, string> names, string prefix) =>
        name.Length == 0 ? "" : names.TryGetValue(name, out var outer) ? outer : prefix + name;
}
