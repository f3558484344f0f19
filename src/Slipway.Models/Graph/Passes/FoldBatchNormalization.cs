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
            var (factors, newBias) = Fold(bias, parts!, norm.Info.Float("epsilon", 1e-5f));
            var info = NodeFactory.Fused(conv.Info, "BatchNormalization");
            editor.Replace(n, new BoundNode(info, new Conv(info, default, factors), [conv.Inputs[0], conv.Inputs[1], editor.AddConstant(editor.Value(conv.Inputs[1]).Name + ".bias", newBias)], [norm.Outputs[0]]));
            editor.Remove(place);
        }
        return editor.Build();
    }

    /// <summary>What the weights of each filter are multiplied by when they are packed (a second copy of them would outlive the load), and the bias.</summary>
    private static (double[] Factors, TensorValue Bias) Fold(TensorValue? bias, TensorValue[] parts, float epsilon)
    {
        var factors = new double[parts[0].Count];
        var newBias = new TensorValue(DataType.Float32, factors.Length);
        for (var m = 0; m < factors.Length; m++)
        {
            factors[m] = parts[0].Values<float>()[m] / Math.Sqrt((double)parts[3].Values<float>()[m] + epsilon);
            newBias.Values<float>()[m] = (float)((((bias is null ? 0.0 : bias.Values<float>()[m]) - parts[2].Values<float>()[m]) * factors[m]) + parts[1].Values<float>()[m]);
        }
        return (factors, newBias);
    }
}
