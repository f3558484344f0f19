using System.Collections.Immutable;
using Slipway.Models.Rows;
using Slipway.Models.Rows.NeuralNetworks;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Formats.Pmml.Models.NeuralNetwork;

/// <summary>Gives every neuron a slot, and makes layers of those that are connected alike.</summary>
/// <param name="slots">Of the inputs; those of the neurons are added.</param>
internal sealed class LayerBinder(ProgramBuilder program, List<int> slots)
{
    /// <summary>Gives the layer's neurons their slots: to be called for every layer, in order, before any is bound.</summary>
    public void Place(LayerElement layer)
    {
        var slot = program.Slots(VectorSet.Padded(layer.Neurons.Count));
        for (var i = 0; i < layer.Neurons.Count; i++) slots.Add(slot + i);
    }

    public NeuralLayer Bind(LayerElement layer, LayerSettings settings)
    {
        var activation = settings.Activation ?? throw layer.Place.Fault("neither it nor the network says its activationFunction");
        var function = new LayerFunction(activation, settings.Threshold ?? 0, settings.Normalization ?? LayerNormalization.None);
        var biases = layer.Neurons.Select(n => n.Bias).ToImmutableArray();
        var shapes = activation == Activation.RadialBasis ? layer.Neurons.Select(n => Shape(n, settings)).ToImmutableArray() : [];
        var first = layer.Neurons[0];
        var isDense = layer.Neurons.TrueForAll(n => n.Sources.AsSpan().SequenceEqual(first.Sources)) && AreNeighbours(first.Sources);
        return isDense ? Dense(layer, function, biases, shapes) : Sparse(layer, function, biases, shapes);
    }

    private DenseLayer Dense(LayerElement layer, LayerFunction function, ImmutableArray<double> biases, ImmutableArray<RadialShape> shapes)
    {
        var sources = layer.Neurons[0].Sources;
        var weights = new VectorSet([.. layer.Neurons.SelectMany(n => n.Weights)], layer.Neurons.Count);
        return new DenseLayer(slots[layer.First], function, biases, shapes, weights, sources.Length == 0 ? 0 : slots[sources[0]], sources.Length);
    }

    private SparseLayer Sparse(LayerElement layer, LayerFunction function, ImmutableArray<double> biases, ImmutableArray<RadialShape> shapes)
    {
        var starts = ImmutableArray.CreateBuilder<int>();
        var sources = ImmutableArray.CreateBuilder<int>();
        var weights = ImmutableArray.CreateBuilder<double>();
        foreach (var neuron in layer.Neurons)
        {
            starts.Add(sources.Count);
            foreach (var source in neuron.Sources) sources.Add(slots[source]);
            weights.AddRange(neuron.Weights);
        }
        starts.Add(sources.Count);
        return new SparseLayer(slots[layer.First], function, biases, shapes, starts.DrainToImmutable(), sources.DrainToImmutable(), weights.DrainToImmutable());
    }

    private bool AreNeighbours(int[] sources)
    {
        for (var i = 1; i < sources.Length; i++)
        {
            if (slots[sources[i]] != slots[sources[0]] + i) return false;
        }
        return true;
    }

    private static RadialShape Shape(NeuronElement neuron, LayerSettings settings)
    {
        var width = neuron.Width ?? settings.Width ?? throw neuron.Place.Fault("activationFunction=\"radialBasis\" needs a width");
        return new RadialShape(-1 / (2 * width * width), neuron.Weights.Length * Math.Log(neuron.Altitude ?? settings.Altitude ?? 1));
    }
}
