using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.NeuralNetworks;

namespace Slipway.Models.Formats.Pmml.Models.NeuralNetwork;

/// <summary>What the network says for all layers, and a layer for itself; null where it says nothing.</summary>
internal sealed record LayerSettings(Activation? Activation, double? Threshold, double? Width, double? Altitude, LayerNormalization? Normalization)
{
    private static readonly Choices<Activation> Functions = new(
        ("threshold", Rows.NeuralNetworks.Activation.Threshold), ("logistic", Rows.NeuralNetworks.Activation.Logistic), ("tanh", Rows.NeuralNetworks.Activation.Tanh),
        ("identity", Rows.NeuralNetworks.Activation.Identity), ("exponential", Rows.NeuralNetworks.Activation.Exponential), ("reciprocal", Rows.NeuralNetworks.Activation.Reciprocal),
        ("square", Rows.NeuralNetworks.Activation.Square), ("Gauss", Rows.NeuralNetworks.Activation.Gauss), ("sine", Rows.NeuralNetworks.Activation.Sine),
        ("cosine", Rows.NeuralNetworks.Activation.Cosine), ("Elliott", Rows.NeuralNetworks.Activation.Elliott), ("arctan", Rows.NeuralNetworks.Activation.Arctan),
        ("rectifier", Rows.NeuralNetworks.Activation.Rectifier), ("radialBasis", Rows.NeuralNetworks.Activation.RadialBasis));

    private static readonly Choices<LayerNormalization> Normalizations = new(
        ("none", LayerNormalization.None), ("simplemax", LayerNormalization.SimpleMax), ("softmax", LayerNormalization.SoftMax));

    public static LayerSettings Read(ElementReader e) => new(
        e.Attribute("activationFunction") is null ? null : e.RequireChoice("activationFunction", Functions),
        e.Number("threshold"), e.Number("width"), e.Number("altitude"),
        e.Attribute("normalizationMethod") is null ? null : e.RequireChoice("normalizationMethod", Normalizations));

    /// <summary>These where they are given, else the others.</summary>
    public LayerSettings Over(LayerSettings others) => new(
        Activation ?? others.Activation, Threshold ?? others.Threshold, Width ?? others.Width, Altitude ?? others.Altitude, Normalization ?? others.Normalization);
}

/// <summary>The element <c>Neuron</c>.</summary>
/// <param name="Sources">The numbers of the inputs and neurons (see <see cref="NeuronNames"/>) that it is connected to.</param>
internal sealed record NeuronElement(Place Place, double Bias, double? Width, double? Altitude, int[] Sources, double[] Weights)
{
    public static NeuronElement Read(ElementReader e, NeuronNames names)
    {
        var (place, bias, width, altitude) = (e.Place, e.Number("bias", 0), e.Number("width"), e.Number("altitude"));
        var (sources, weights) = (new List<int>(), new List<double>());
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "Con") continue;
            sources.Add(names.Find(e.Require("from"), e.Place));
            weights.Add(e.RequireNumber("weight"));
        }
        return new NeuronElement(place, bias, width, altitude, [.. sources], [.. weights]);
    }
}

/// <summary>The element <c>NeuralLayer</c>.</summary>
/// <param name="First">The number of the first neuron; the others follow.</param>
internal sealed record LayerElement(Place Place, LayerSettings Settings, int First, List<NeuronElement> Neurons)
{
    public static LayerElement Read(ElementReader e, NeuronNames names)
    {
        var layer = new LayerElement(e.Place, LayerSettings.Read(e), names.Count, []);
        var ids = new List<(Place Place, string Id)>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "Neuron") continue;
            ids.Add((e.Place, e.Require("id")));
            layer.Neurons.Add(NeuronElement.Read(e, names));
        }
        if (ids.Count == 0) throw layer.Place.Fault("it has no Neuron");
        foreach (var (place, id) in ids) names.Add(id, place);
        return layer;
    }

    /// <summary>Finds the neurons of later layers that some are connected to, once all layers are read.</summary>
    /// <param name="memory">Takes their numbers.</param>
    /// <exception cref="Core.ModelException">There is no such neuron, or it is in the same layer.</exception>
    public void Resolve(NeuronNames names, HashSet<int> memory)
    {
        foreach (var neuron in Neurons)
        {
            var sources = neuron.Sources;
            for (var i = 0; i < sources.Length; i++)
            {
                if (sources[i] >= 0) continue;
                sources[i] = names.Later(sources[i]);
                if (sources[i] < First + Neurons.Count) throw neuron.Place.Unsupported($"a connection from '{names[sources[i]]}' in the same layer, in which the standard gives no order of evaluation,");
                memory.Add(sources[i]);
            }
        }
    }
}

/// <summary>Numbers the inputs and neurons in the order of the file; a layer's neurons have numbers once it is read.</summary>
internal sealed class NeuronNames
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _laterNumbers = new(StringComparer.Ordinal);
    private readonly List<(string Id, Place Place)> _later = [];

    public int Count => _names.Count;

    public string this[int number] => _names[number];

    public void Add(string id, Place place)
    {
        if (!_numbers.TryAdd(id, _names.Count)) throw place.Fault($"the id '{id}' is there twice");
        _names.Add(id);
    }

    /// <returns>The number of an input or neuron; of one that was not read yet what <see cref="Later"/> takes, which is negative.</returns>
    public int Find(string id, Place place)
    {
        if (_numbers.TryGetValue(id, out var number)) return number;
        if (!_laterNumbers.TryGetValue(id, out var later))
        {
            _laterNumbers.Add(id, later = ~_later.Count);
            _later.Add((id, place));
        }
        return later;
    }

    /// <exception cref="Core.ModelException">There is no such neuron before this place.</exception>
    public int Require(string id, Place place) => _numbers.TryGetValue(id, out var number) ? number : throw Unknown(id, place);

    /// <summary>The number of a neuron that was not there yet when it was looked for.</summary>
    /// <exception cref="Core.ModelException">It never came.</exception>
    public int Later(int later) => Require(_later[~later].Id, _later[~later].Place);

    private static Core.ModelException Unknown(string id, Place place) => place.Fault($"there is no input and no neuron with the id '{id}'");
}
