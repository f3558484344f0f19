using System.Collections.Immutable;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>Every neuron is connected to the same neighbouring slots, in the same order.</summary>
/// <param name="weights">Of each neuron; the layer has slots for <see cref="VectorSet.PaddedCount"/> of them.</param>
internal sealed class DenseLayer(int slot, LayerFunction function, ImmutableArray<double> biases, ImmutableArray<RadialShape> shapes, VectorSet weights, int inputSlot, int inputCount)
    : NeuralLayer(slot, weights.Count, function, biases, shapes)
{
    protected override void Sum(in Row row)
    {
        var inputs = row.Cells.Slice(inputSlot, inputCount);
        var sums = row.Cells.Slice(Slot, weights.PaddedCount);
        if (IsRadial) weights.SquaredDistances(inputs, sums);
        else weights.Products(inputs, sums);
    }
}
