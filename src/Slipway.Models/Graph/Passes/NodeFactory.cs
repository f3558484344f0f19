using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Makes the nodes that passes put in the place of others.</summary>
internal static class NodeFactory
{
    /// <summary>A node of ai.onnx that stands for a pattern; it has the name of the pattern's last node.</summary>
    public static BoundNode Create(BoundNode last, string @operator, int version, ImmutableArray<AttributeDefinition> attributes, ImmutableArray<int> inputs)
    {
        var names = inputs.Select(i => i < 0 ? "" : "x").ToImmutableArray();
        var info = new NodeInfo(new NodeDefinition(last.Name, "", @operator, "", names, ["y"], attributes), version);
        return new BoundNode(info, OperatorCatalog.Default.Create(info), inputs, [last.Outputs[0]]);
    }

    /// <summary>A node's description with what was fused into it: <c>Conv+Relu</c>.</summary>
    public static NodeInfo Fused(NodeInfo info, string with) => new(info.Definition with { Operator = $"{info.Operator}+{with}" }, info.Version);

    /// <summary>A node's description with another value for an attribute.</summary>
    public static NodeInfo With(NodeInfo info, string attribute, object value) =>
        new(info.Definition with { Attributes = [.. info.Definition.Attributes.Where(a => a.Name != attribute), new AttributeDefinition(attribute, value)] }, info.Version);

    /// <summary>A node's description with other names of inputs, "" for one that is not given.</summary>
    public static NodeInfo With(NodeInfo info, ImmutableArray<string> inputs) => new(info.Definition with { Inputs = inputs }, info.Version);

    public static BoundNode Transpose(string name, int input, int[] order, int output)
    {
        var info = new NodeInfo(new NodeDefinition(name, "", "Transpose", "", ["x"], ["y"], [new AttributeDefinition("perm", ImmutableArray.Create(Array.ConvertAll(order, i => (long)i)))]), 13);
        return new BoundNode(info, OperatorCatalog.Default.Create(info), [input], [output]);
    }
}
