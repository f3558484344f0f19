namespace Slipway.Models.Graph;

/// <summary>Multiplies the scales of a batch normalisation into the weights of the convolution before it.</summary>
internal sealed class FoldBatchNormalization : IGraphPass
{
    public string Name => "fold-batch-normalization";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } norm || !norm.Is("BatchNormalization") || norm.Outputs.Count(o => o >= 0) != 1 || norm.Info.Flag("training_mode") || !norm.Info.Flag("spatial", true)) continue;
            var place = editor.ProducerOf(norm.Inputs[0]);
            if (place < 0 || editor.Nodes[place] is not { Operator: Conv } conv || !conv.Is("Conv") || editor.OnlyReader(norm.Inputs[0]) != n || editor.Constant(conv.Inputs[1]) is not { Element: DataType.Float32 } weights) continue;
            var hasBias = conv.Inputs.Length > 2 && conv.Inputs[2] >= 0;
            var bias = hasBias ? editor.Constant(conv.Inputs[2]) : null;
            var parts = norm.Inputs.Skip(1).Take(4).Select(editor.Constant).ToArray();
            if ((hasBias && bias is null) || parts.Length < 4 || parts.Any(p => p is not { Element: DataType.Float32 } || p.Count != weights[0]) || (bias is not null && bias.Count != weights[0])) continue;
            var (newWeights, newBias) = Fold(weights, bias, parts!, norm.Info.Float("epsilon", 1e-5f));
            var name = editor.Value(conv.Inputs[1]).Name;
            var info = NodeFactory.Fused(conv.Info, "BatchNormalization");
            editor.Replace(n, new BoundNode(info, new Conv(info), [conv.Inputs[0], editor.AddConstant(name + ".folded", newWeights), editor.AddConstant(name + ".bias", newBias)], [norm.Outputs[0]]));
            editor.Remove(place);
        }
        return editor.Build();
    }

    private static (TensorValue Weights, TensorValue Bias) Fold(TensorValue weights, TensorValue? bias, TensorValue[] parts, float epsilon)
    {
        var newWeights = new TensorValue(DataType.Float32, weights.Shape);
        var newBias = new TensorValue(DataType.Float32, weights[0]);
        var from = weights.Values<float>();
        var to = 0;
        var perFilter = weights.Count / (int)weights[0];
        for (var m = 0; m < weights[0]; m++)
        {
            var factor = parts[0].Values<float>()[m] / Math.Sqrt((double)parts[3].Values<float>()[m] + epsilon);
            for (var i = 0; i < perFilter; i++, to++) newWeights.Values<float>()[to] = (float)(from[to] * factor);
            newBias.Values<float>()[m] = (float)((((bias is null ? 0.0 : bias.Values<float>()[m]) - parts[2].Values<float>()[m]) * factor) + parts[1].Values<float>()[m]);
        }
        return (newWeights, newBias);
    }
}
