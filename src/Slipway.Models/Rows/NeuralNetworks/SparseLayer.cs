using System.Collections.Immutable;

namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>Neurons with connections of their own.</summary>
/// <param name="starts">Where each neuron's connections start in <paramref name="sources"/>; one more at the end.</param>
/// <param name="sources">The slots that the connections come from.</param>
internal sealed class SparseLayer(
    int slot, LayerFunction function, ImmutableArray<double> biases, ImmutableArray<RadialShape> shapes, ImmutableArray<int> starts, ImmutableArray<int> sources, ImmutableArray<double> weights)
    : NeuralLayer(slot, starts.Length - 1, function, biases, shapes)
{
    protected override void Sum(in Row row)
    {
        for (var neuron = 0; neuron < Count; neuron++)
        {
            double sum = 0;
            for (var i = starts[neuron]; i < starts[neuron + 1]; i++)
            {
                var input = row.Cells[sources[i]];
                if (IsRadial) sum += (input - weights[i]) * (input - weights[i]);
                else sum += weights[i] * input;
            }
            row.Cells[Slot + neuron] = sum;
        }
    }
}
