using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>A value that DequantizeLinear makes of integers, with constant scales.</summary>
/// <param name="Integers">The value that holds them.</param>
/// <param name="Scale">A constant of float32: one, or one for each index of <paramref name="Axis"/>.</param>
/// <param name="Zero">Of as many; -1 when the node has none.</param>
internal sealed record QuantizedOperand(int Integers, int Scale, int Zero, TensorValue Scales, DataType Element, int Axis)
{
    /// <summary>One scale for the whole tensor.</summary>
    public bool IsWhole => Scales.Count == 1;

    public static QuantizedOperand? Of(GraphEditor editor, int value) => editor.Made(value, "DequantizeLinear") is { } node ? Of(node, editor.TypeOf, editor.Constant) : null;

    /// <summary>Null where the node's scales are not known, not float32, or belong to blocks.</summary>
    public static QuantizedOperand? Of(BoundNode node, Func<int, TensorType?> typeOf, Func<int, TensorValue?> constant)
    {
        if (!node.Is("DequantizeLinear") || node.Info.Int("block_size", 0) != 0 || node.Info.Has("output_dtype")) return null;
        if (typeOf(node.Inputs[0]) is not { Element: DataType.Int8 or DataType.UInt8 or DataType.Int32 } type || constant(node.Inputs[1]) is not { Element: DataType.Float32 } scales) return null;
        var zero = node.Inputs.Length > 2 ? node.Inputs[2] : -1;
        if (zero >= 0 && (constant(zero) is not { } zeros || zeros.Count != scales.Count || zeros.Element != type.Element)) return null;
        if (scales.Count == 1) return new QuantizedOperand(node.Inputs[0], node.Inputs[1], zero, scales, type.Element, 0);
        if (scales.Rank != 1 || type.Shape is not { } shape) return null;
        var axis = node.Info.Int("axis", 1);
        if (axis < 0) axis += shape.Rank;
        return axis >= 0 && axis < shape.Rank && shape[(int)axis] == scales.Count ? new QuantizedOperand(node.Inputs[0], node.Inputs[1], zero, scales, type.Element, (int)axis) : null;
    }

    public bool IsByte => Element is DataType.Int8 or DataType.UInt8;

    /// <summary>The zero point as an input of an operator that wants one.</summary>
    public int ZeroInput(GraphEditor editor) => Zero >= 0 ? Zero : editor.AddConstant(editor.Value(Integers).Name + ".zero", new TensorValue(Element, Scales.Shape));

    public int ZeroAt(GraphEditor editor, int index) => Zero < 0 ? 0 : (int)editor.Constant(Zero)!.IntAt(index);
}

/// <summary>A QuantizeLinear to int8 or uint8 with one constant scale for the tensor.</summary>
internal sealed record QuantizedResult(BoundNode Node, DataType Element, float Scale, int Zero)
{
    public static QuantizedResult? Of(GraphEditor editor, int place)
    {
        if (editor.Nodes[place] is not { } node || !node.Is("QuantizeLinear") || node.Info.Int("block_size", 0) != 0 || node.Info.Has("precision") || !editor.IsFloat32(node.Inputs[0])) return null;
        if (editor.TypeOf(node.Outputs[0]) is not { Element: DataType.Int8 or DataType.UInt8 } type || editor.Constant(node.Inputs[1]) is not { Element: DataType.Float32, Count: 1 } scale) return null;
        if (node.Inputs.Length < 3 || node.Inputs[2] < 0) return new QuantizedResult(node, type.Element, scale.Values<float>()[0], 0);
        return editor.Constant(node.Inputs[2]) is { Count: 1 } zero ? new QuantizedResult(node, type.Element, scale.Values<float>()[0], (int)zero.IntAt(0)) : null;
    }

    private int Least => Element == DataType.Int8 ? sbyte.MinValue : byte.MinValue;

    private int Greatest => Element == DataType.Int8 ? sbyte.MaxValue : byte.MaxValue;

    public int ScaleInput => Node.Inputs[1];

    public int ZeroInput(GraphEditor editor)
    {
        if (Node.Inputs.Length > 2 && Node.Inputs[2] >= 0) return Node.Inputs[2];
        return editor.AddConstant(editor.Value(Node.Outputs[0]).Name + ".zero", new TensorValue(Element, []));
    }

    /// <summary>Whether all numbers that the integers can stand for pass the clipping as they are.</summary>
    public bool Covers(GraphEditor editor, BoundNode clip)
    {
        if (Scale <= 0) return false;
        var (least, greatest) = ((Least - Zero) * Scale, (Greatest - Zero) * Scale);
        if (clip.Is("Relu")) return least >= 0;
        if (!clip.Is("Clip")) return false;
        return Bound(editor, clip, 1, "min", double.NegativeInfinity) <= least && Bound(editor, clip, 2, "max", double.PositiveInfinity) >= greatest;
    }

    /// <summary>Whether it gives the integers back that an operand is made of.</summary>
    public bool Undoes(GraphEditor editor, QuantizedOperand source) => source.Element == Element && source.Scales.Values<float>()[0] == Scale && Scale > 0 && float.IsNormal(Scale) && source.ZeroAt(editor, 0) == Zero;

    /// <returns>NaN, which compares as false, where the bound is not known.</returns>
    private static double Bound(GraphEditor editor, BoundNode clip, int input, string attribute, double otherwise) =>
        clip.Info.Version < 11 ? clip.Info.Float(attribute, (float)otherwise) : input < clip.Inputs.Length && clip.Inputs[input] >= 0 ? editor.Number(clip.Inputs[input]) ?? double.NaN : otherwise;
}

/// <summary>
/// A graph whose DequantizeLinear nodes stand behind operators that only move or choose elements (Reshape, Transpose, Slice, MaxPool, …), which then move integers. No element changes by it.
/// </summary>
internal static class SunkDequantization
{
    public static BoundGraph Of(BoundGraph graph)
    {
        var values = graph.Values.ToBuilder();
        var nodes = ImmutableArray.CreateBuilder<BoundNode>(graph.Nodes.Length);
        var made = new Dictionary<int, (BoundNode Node, QuantizedOperand Operand)>();
        foreach (var node in graph.Nodes)
        {
            if (node.Is("DequantizeLinear") && QuantizedOperand.Of(node, TypeOf, Constant) is { IsByte: true } operand) made[node.Outputs[0]] = (node, operand);
            if (node.Inputs.Length == 0 || !made.TryGetValue(node.Inputs[0], out var source) || Attributes(node, source.Node, source.Operand) is not { } attributes)
            {
                nodes.Add(node);
                continue;
            }
            var outputs = new int[node.Outputs.Length];
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = node.Outputs[i];
                if (outputs[i] < 0) continue;
                outputs[i] = values.Count;
                var value = values[node.Outputs[i]];
                values.Add(new BoundValue(value.Name + ".integers", new TensorType(source.Operand.Element, (value.Type as TensorType)?.Shape)));
            }
            nodes.Add(new BoundNode(node.Info, node.Operator, node.Inputs.SetItem(0, source.Operand.Integers), [.. outputs]));
            for (var i = 0; i < outputs.Length; i++)
            {
                if (outputs[i] < 0) continue;
                var info = new NodeInfo(source.Node.Info.Definition with { Name = node.Name, Attributes = attributes }, source.Node.Info.Version);
                var sunk = new BoundNode(info, OperatorCatalog.Default.Create(info), source.Node.Inputs.SetItem(0, outputs[i]), [node.Outputs[i]]);
                nodes.Add(sunk);
                if (QuantizedOperand.Of(sunk, TypeOf, Constant) is { } after) made[node.Outputs[i]] = (sunk, after);
            }
        }
        return nodes.Count == graph.Nodes.Length ? graph : graph with { Values = values.ToImmutable(), Nodes = nodes.ToImmutable() };

        TensorType? TypeOf(int value) => value < 0 ? null : values[value].Type as TensorType;

        TensorValue? Constant(int value) => value < 0 ? null : values[value].Constant as TensorValue;
    }

    /// <summary>The attributes of the DequantizeLinear behind the node; null where it has to stay before it.</summary>
    private static ImmutableArray<AttributeDefinition>? Attributes(BoundNode node, BoundNode source, QuantizedOperand operand)
    {
        if (node.Info.Definition.Domain.Length > 0) return null;
        var attributes = source.Info.Definition.Attributes;
        switch (node.Info.Operator)
        {
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Slice" or "Gather" or "GatherElements" or "Expand" or "Tile" or "Split":
            case "Resize" when node.Info.Version >= 11 && node.Info.Text("mode", "nearest") == "nearest":
            case "MaxPool" when node.Outputs.Length == 1 && operand.Scales.Values<float>()[0] > 0:
                return operand.IsWhole ? attributes : null;
            case "Transpose":
                if (operand.IsWhole) return attributes;
                // Without an order the axes are reversed.
                var order = node.Info.Ints("perm");
                var axis = order is null ? -1 - operand.Axis : Array.IndexOf(order, operand.Axis);
                return [.. attributes.Where(a => a.Name != "axis"), new AttributeDefinition("axis", (long)axis)];
            default:
                return null;
        }
    }
}
