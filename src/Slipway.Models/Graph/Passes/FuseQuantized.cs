namespace Slipway.Models.Graph;

/// <summary>
/// Lets operators between DequantizeLinear and QuantizeLinear compute on the integers: Conv becomes QLinearConv, Gemm QGemm, MatMul QLinearMatMul (or MatMulIntegerToFloat where nothing is
/// quantized after it), Add, Mul, Sigmoid, LeakyRelu, Softmax, AveragePool, GlobalAveragePool, Concat and Where their QLinear forms. Which patterns and which arithmetic is ONNX Runtime's, so that
/// quantized networks give the numbers that they were validated with: this pass, unlike all others, changes where is rounded.
/// </summary>
internal sealed class FuseQuantized : IGraphPass
{
    public string Name => "fuse-quantized";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        if (!graph.Nodes.Any(n => n.Is("DequantizeLinear"))) return graph;
        var editor = new GraphEditor(SunkDequantization.Of(graph));
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } node) continue;
            if (node.Is("QuantizeLinear")) Shorten(editor, n);
            else if (node.Outputs.Length == 1) Fuse(editor, n, node);
        }
        return editor.Build();
    }

    /// <summary>Drops what a quantization does anyway: clipping to its range, and the way back from integers of the same scale.</summary>
    private static void Shorten(GraphEditor editor, int place)
    {
        if (QuantizedResult.Of(editor, place) is not { } result) return;
        if (editor.Producer(result.Node.Inputs[0]) is { } clip && editor.OnlyReader(result.Node.Inputs[0]) == place && result.Covers(editor, clip))
        {
            var before = editor.ProducerOf(result.Node.Inputs[0]);
            editor.Replace(place, result.Node with { Inputs = result.Node.Inputs.SetItem(0, clip.Inputs[0]) });
            editor.Remove(before);
            result = QuantizedResult.Of(editor, place)!;
        }
        if (QuantizedOperand.Of(editor, result.Node.Inputs[0]) is not { IsWhole: true } source || !result.Undoes(editor, source)) return;
        var output = result.Node.Outputs[0];
        if (editor.IsOutput(output) && editor.ProducerOf(source.Integers) < 0) return;
        editor.Remove(place);
        editor.ReplaceUses(output, source.Integers);
    }

    private static void Fuse(GraphEditor editor, int place, BoundNode node)
    {
        if (node.Info.Definition.Domain.Length > 0 || node.Outputs[0] < 0) return;
        var result = Result(editor, node, out var last);
        var fused = node.Info.Operator switch
        {
            "Conv" when result is not null => QuantizedProducts.Conv(editor, node, result),
            "Gemm" => QuantizedProducts.Gemm(editor, node, result),
            "MatMul" => QuantizedProducts.MatMul(editor, node, result),
            "Add" or "Mul" or "Sigmoid" or "LeakyRelu" or "Softmax" or "AveragePool" or "GlobalAveragePool" or "Concat" or "Where" when result is not null => QuantizedForms.Of(editor, node, result),
            _ => null,
        };
        if (fused is null) return;
        editor.Remove(place);
        if (result is null)
        {
            editor.Replace(place, fused);
            return;
        }
        // A clipping between the two.
        if (editor.ProducerOf(result.Node.Inputs[0]) is var between and >= 0) editor.Remove(between);
        editor.Replace(last, fused);
    }

    /// <summary>The quantization that alone reads a node's output, after a clipping that it makes needless.</summary>
    private static QuantizedResult? Result(GraphEditor editor, BoundNode node, out int place)
    {
        place = editor.OnlyReader(node.Outputs[0]);
        if (place < 0) return null;
        if (editor.Nodes[place] is { } clip && (clip.Is("Relu") || clip.Is("Clip")) && clip.Inputs[0] == node.Outputs[0])
        {
            place = editor.OnlyReader(clip.Outputs[0]);
            return place >= 0 && QuantizedResult.Of(editor, place) is { } after && after.Covers(editor, clip) ? after : null;
        }
        return QuantizedResult.Of(editor, place);
    }
}
