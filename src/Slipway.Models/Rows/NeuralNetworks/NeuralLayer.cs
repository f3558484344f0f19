using System.Collections.Immutable;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>How the outputs of a layer's neurons are made to sum to 1.</summary>
internal enum LayerNormalization : byte
{
    None,
    SimpleMax,
    SoftMax,
}

/// <summary>What all neurons of a layer do with their inputs.</summary>
internal readonly record struct LayerFunction(Activation Activation, double Threshold, LayerNormalization Normalization);

/// <summary>The exponent of a radial basis function: <c>Shift + Scale · |x − w|²</c>, where Scale is −1 / (2 width²) and Shift is the number of connections times ln altitude.</summary>
internal readonly record struct RadialShape(double Scale, double Shift);

/// <summary>Neurons that are computed together from those before them. Each neuron's inputs are summed in the order of its connections.</summary>
internal abstract class NeuralLayer(int slot, int count, LayerFunction function, ImmutableArray<double> biases, ImmutableArray<RadialShape> shapes)
{
    /// <summary>The slot of the first neuron; the others follow.</summary>
    protected int Slot { get; } = slot;

    protected int Count { get; } = count;

    protected bool IsRadial => function.Activation == Activation.RadialBasis;

    public void Evaluate(in Row row)
    {
        Sum(row);
        var values = row.Cells.Slice(Slot, Count);
        if (IsRadial)
        {
            for (var i = 0; i < values.Length; i++) values[i] = (values[i] * shapes[i].Scale) + shapes[i].Shift;
        }
        else
        {
            for (var i = 0; i < values.Length; i++) values[i] += biases[i];
        }
        Activations.Apply(function.Activation, function.Threshold, values);
        if (function.Normalization == LayerNormalization.SoftMax) Normalizations.SoftMax(values);
        else if (function.Normalization == LayerNormalization.SimpleMax) Normalizations.SimpleMax(values);
    }

    /// <summary>Leaves Σ wᵢ xᵢ in each neuron's slot; for radial basis functions Σ (xᵢ − wᵢ)².</summary>
    protected abstract void Sum(in Row row);
}
