using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Products of dequantized tensors as operators on the integers.</summary>
internal static class QuantizedProducts
{
    public static BoundNode? Conv(GraphEditor editor, BoundNode node, QuantizedResult result)
    {
        if (Factors(editor, node) is not var (x, w) || x.Element != result.Element || (!w.IsWhole && w.Axis != 0)) return null;
        if (Bias(editor, node, x, w, mayRound: true) is not { } bias) return null;
        return QuantizedForms.Create(result.Node, "", "QLinearConv", 10, node.Info.Definition.Attributes,
            [x.Integers, x.Scale, x.ZeroInput(editor), w.Integers, w.Scale, w.ZeroInput(editor), result.ScaleInput, result.ZeroInput(editor), .. bias < 0 ? [] : new[] { bias }]);
    }

    public static BoundNode? Gemm(GraphEditor editor, BoundNode node, QuantizedResult? result)
    {
        if (Factors(editor, node) is not var (a, b) || (result is not null && result.Element != a.Element)) return null;
        if (!b.IsWhole && b.Axis != (node.Info.Flag("transB") ? 0 : 1)) return null;
        var hasBias = node.Inputs.Length > 2 && node.Inputs[2] >= 0;
        if (hasBias && node.Info.Float("beta", 1) != 1) return null;
        if (hasBias && node.Info.Float("alpha", 1) != 1) return null;
        if (Bias(editor, node, a, b, mayRound: result is not null) is not { } bias) return null;
        return QuantizedForms.Create(result?.Node ?? node, "com.microsoft", "QGemm", 1, [.. node.Info.Definition.Attributes.Where(x => x.Name is "alpha" or "transA" or "transB")],
            [a.Integers, a.Scale, a.ZeroInput(editor), b.Integers, b.Scale, b.ZeroInput(editor), bias, .. result is null ? [] : new[] { result.ScaleInput, result.ZeroInput(editor) }]);
    }

    public static BoundNode? MatMul(GraphEditor editor, BoundNode node, QuantizedResult? result)
    {
        if (Factors(editor, node) is not var (a, b) || (result is not null && result.Element != a.Element)) return null;
        if (!b.IsWhole && (b.Axis != 1 || editor.TypeOf(b.Integers)?.Shape is not { Rank: 2 })) return null;
        return result is null
            ? QuantizedForms.Create(node, "com.microsoft", "MatMulIntegerToFloat", 1, [], [a.Integers, b.Integers, a.Scale, b.Scale, a.ZeroInput(editor), b.ZeroInput(editor)])
            : QuantizedForms.Create(result.Node, "", "QLinearMatMul", 10, [], [a.Integers, a.Scale, a.ZeroInput(editor), b.Integers, b.Scale, b.ZeroInput(editor), result.ScaleInput, result.ZeroInput(editor)]);
    }

    private static (QuantizedOperand Left, QuantizedOperand Right)? Factors(GraphEditor editor, BoundNode node) =>
        QuantizedOperand.Of(editor, node.Inputs[0]) is { IsWhole: true, IsByte: true } left && QuantizedOperand.Of(editor, node.Inputs[1]) is { IsByte: true } right ? (left, right) : null;

    /// <summary>The third input in units of the product: a value of int32, -1 where there is none, null where it cannot be said in them.</summary>
    /// <param name="mayRound">A bias of floats is rounded to these units.</param>
    private static int? Bias(GraphEditor editor, BoundNode node, QuantizedOperand left, QuantizedOperand right, bool mayRound)
    {
        if (node.Inputs.Length < 3 || node.Inputs[2] < 0) return -1;
        var units = new float[right.Scales.Count];
        for (var i = 0; i < units.Length; i++) units[i] = left.Scales.Values<float>()[0] * right.Scales.Values<float>()[i];
        if (QuantizedOperand.Of(editor, node.Inputs[2]) is { Element: DataType.Int32 } given && IsIn(editor, given, units)) return given.Integers;
        if (!mayRound || Floats(editor, node.Inputs[2]) is not { Rank: 1 } floats || (units.Length != 1 && units.Length != floats.Count)) return null;
        var integers = new TensorValue(DataType.Int32, floats.Shape);
        for (var i = 0; i < floats.Count; i++)
        {
            var rounded = MathF.Round(floats.Values<float>()[i] / units[units.Length == 1 ? 0 : i]);
            if (!(Math.Abs(rounded) < 1 << 30)) return null;
            integers.Values<int>()[i] = (int)rounded;
        }
        return editor.AddConstant(editor.Value(node.Inputs[2]).Name + ".integers", integers);
    }

    private static bool IsIn(GraphEditor editor, QuantizedOperand bias, float[] units)
    {
        for (var i = 0; i < Math.Max(units.Length, bias.Scales.Count); i++)
        {
            if (bias.Scales.Count != 1 && units.Length != 1 && bias.Scales.Count != units.Length) return false;
            if (bias.ZeroAt(editor, bias.Scales.Count == 1 ? 0 : i) != 0) return false;
            var (scale, unit) = (bias.Scales.Values<float>()[bias.Scales.Count == 1 ? 0 : i], units[units.Length == 1 ? 0 : i]);
            if (!(Math.Abs(scale - unit) <= 1e-5f * Math.Abs(unit))) return false;
        }
        return true;
    }

    /// <summary>A constant of float32, or the one that constant integers stand for.</summary>
    private static TensorValue? Floats(GraphEditor editor, int value)
    {
        if (editor.Constant(value) is { Element: DataType.Float32 } floats) return floats;
        if (QuantizedOperand.Of(editor, value) is not { Element: DataType.Int32 } operand || editor.Constant(operand.Integers) is not { Rank: 1 } integers) return null;
        floats = new TensorValue(DataType.Float32, integers.Shape);
        for (var i = 0; i < floats.Count; i++)
        {
            var at = operand.IsWhole ? 0 : i;
            floats.Values<float>()[i] = (integers.Values<int>()[i] - operand.ZeroAt(editor, at)) * operand.Scales.Values<float>()[at];
        }
        return floats;
    }
}
