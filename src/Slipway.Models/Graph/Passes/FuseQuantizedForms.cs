using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Operators whose quantized form takes tensor, scale and zero point of each input and scale and zero point of the result, all of one type.</summary>
internal static class QuantizedForms
{
    private const string Microsoft = "com.microsoft";

    public static BoundNode? Of(GraphEditor editor, BoundNode node, QuantizedResult result)
    {
        var isChoice = node.Is("Where");
        var operands = new List<QuantizedOperand>();
        foreach (var input in node.Inputs[(isChoice ? 1 : 0)..])
        {
            if (QuantizedOperand.Of(editor, input) is not { IsWhole: true } operand || operand.Element != result.Element) return null;
            operands.Add(operand);
        }
        var inputs = ImmutableArray.CreateBuilder<int>();
        if (isChoice) inputs.Add(node.Inputs[0]);
        if (node.Is("Concat")) inputs.AddRange(result.ScaleInput, result.ZeroInput(editor));
        foreach (var operand in operands) inputs.AddRange(operand.Integers, operand.Scale, operand.ZeroInput(editor));
        if (!node.Is("Concat")) inputs.AddRange(result.ScaleInput, result.ZeroInput(editor));
        var attributes = node.Info.Definition.Attributes;
        if (node.Is("Softmax")) attributes = attributes.Add(new AttributeDefinition("opset", (long)node.Info.Version));
        return Create(result.Node, Microsoft, "QLinear" + node.Info.Operator, 1, attributes, inputs.ToImmutable());
    }

    /// <param name="last">The node whose name and output it has.</param>
    public static BoundNode Create(BoundNode last, string domain, string @operator, int version, ImmutableArray<AttributeDefinition> attributes, ImmutableArray<int> inputs)
    {
        var info = new NodeInfo(new NodeDefinition(last.Name, domain, @operator, "", [.. inputs.Select(i => i < 0 ? "" : "x")], ["y"], attributes), version);
        return new BoundNode(info, OperatorCatalog.Default.Create(info), inputs, [last.Outputs[0]]);
    }
}
