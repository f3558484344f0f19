using System.Collections.Immutable;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>Layers of neurons, each computed from the input and the layers before it. Without a result when an input is missing.</summary>
internal sealed class FeedForwardNetwork(VectorInput input, ImmutableArray<NeuralLayer> layers, ImmutableArray<NetworkOutput> outputs) : RowModel([.. outputs.Select(o => o.Result)])
{
    public override void Score(in Row row)
    {
        if (!input.TryGather(row))
        {
            foreach (var output in outputs) output.Result.Clear(row);
            return;
        }
        foreach (var layer in layers) layer.Evaluate(row);
        foreach (var output in outputs) output.Write(row);
    }
}
