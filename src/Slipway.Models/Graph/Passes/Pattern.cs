namespace Slipway.Models.Graph;

/// <summary>Questions that patterns ask of a graph.</summary>
internal static class Pattern
{
    /// <summary>The node that makes a value, when it is an ai.onnx operator of that name.</summary>
    public static BoundNode? Made(this GraphEditor editor, int value, string @operator) => editor.Producer(value) is { } node && node.Is(@operator) ? node : null;

    public static bool Is(this BoundNode node, string @operator) => node.Info.Operator == @operator && node.Info.Definition.Domain.Length == 0;

    /// <summary>Whether the value is a constant of one element near a number.</summary>
    public static bool IsNumber(this GraphEditor editor, int value, double number) => editor.Number(value) is { } found && Math.Abs(found - number) <= 1e-4 * Math.Max(1e-3, Math.Abs(number));

    /// <summary>The number that a constant of one element is.</summary>
    public static double? Number(this GraphEditor editor, int value) => editor.Constant(value) is { Count: 1, Element: DataType.Float32 or DataType.Float64 or DataType.Int32 or DataType.Int64 } constant ? constant.NumberAt(0) : null;

    /// <summary>The other operand of a node with two; -1 when the value is neither.</summary>
    public static int Other(this BoundNode node, int value) => node.Inputs.Length != 2 ? -1 : node.Inputs[0] == value ? node.Inputs[1] : node.Inputs[1] == value ? node.Inputs[0] : -1;

    public static bool IsFloat32(this GraphEditor editor, int value) => editor.TypeOf(value)?.Element == DataType.Float32;

    /// <summary>Whether all nodes that read the value are among those given, so that it vanishes with them.</summary>
    public static bool IsReadOnlyBy(this GraphEditor editor, int value, params ReadOnlySpan<BoundNode> nodes)
    {
        if (editor.IsOutput(value)) return false;
        foreach (var reader in editor.ReadersOf(value))
        {
            var known = false;
            foreach (var node in nodes) known |= ReferenceEquals(editor.Nodes[reader], node);
            if (!known) return false;
        }
        return true;
    }
}
