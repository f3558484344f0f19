using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.NeuralNetworks;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Formats.Pmml.Models.NeuralNetwork;

/// <summary>The element <c>NeuralNetwork</c>: feed-forward, recurrent and radial basis function networks (PMML 4.4.1, Neural Network).</summary>
internal sealed class NeuralNetwork : ModelElement
{
    private readonly LayerSettings _settings;
    private readonly NeuronNames _names = new();
    private readonly List<DerivedField> _inputs = [];
    private readonly List<LayerElement> _layers = [];
    private readonly List<OutputElement> _outputs = [];

    /// <summary>Neurons that are read by layers before theirs.</summary>
    private readonly HashSet<int> _memory = [];

    private NeuralNetwork(ElementReader e) : base(new ModelHeader(e)) => _settings = LayerSettings.Read(e);

    public static NeuralNetwork Read(ElementReader e)
    {
        var model = new NeuralNetwork(e);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (model.Header.TryRead(e)) continue;
            if (e.Name == "NeuralInputs") model.ReadInputs(e);
            else if (e.Name == "NeuralLayer") model._layers.Add(LayerElement.Read(e, model._names));
            else if (e.Name == "NeuralOutputs") model.ReadOutputs(e);
        }
        var place = model.Header.Place;
        if (model._inputs.Count == 0) throw place.Fault("it has no NeuralInput");
        if (model._layers.Count == 0) throw place.Fault("it has no NeuralLayer");
        if (model._outputs.Count == 0) throw place.Fault("it has no NeuralOutput");
        foreach (var layer in model._layers) layer.Resolve(model._names, model._memory);
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        var inputSlot = scope.Program.Slots(_inputs.Count);
        var input = new VectorInput(inputSlot, [.. _inputs.Select(f => BindInput(f, scope))]);
        List<int> slots = [.. Enumerable.Range(inputSlot, _inputs.Count)];
        var binder = new LayerBinder(scope.Program, slots);
        foreach (var layer in _layers) binder.Place(layer);
        var layers = _layers.Select(l => binder.Bind(l, l.Settings.Over(_settings))).ToImmutableArray();
        var expressions = _outputs.Select(o => (Output: o, Expression: o.Expression(Header.LocalTransformations))).ToList();
        var network = new FeedForwardNetwork(input, layers, [.. scope.Targets.Select(t => BindOutput(t, expressions, slots, scope))]);
        if (_memory.Count == 0) return network;
        scope.Program.KeepOrder();
        return new RecurrentNetwork(network, [.. _memory.Select(neuron => slots[neuron])]);
    }

    private static RowExpression BindInput(DerivedField field, ModelScope scope)
    {
        var value = field.Bind(scope.Fields).Value;
        return value.Type == CellType.Text ? throw field.Place.Fault("a neuron's input is a number, this is text") : value;
    }

    private NetworkOutput BindOutput(BoundTarget target, List<(OutputElement Output, Expression Expression)> expressions, List<int> slots, ModelScope scope)
    {
        var own = expressions.FindAll(o => target.Name is null || o.Output.Target(o.Expression) == target.Name);
        if (own.Count == 0) throw scope.Place.Fault($"it has no NeuralOutput for the target '{target.Name}'");
        if (own[0].Expression is NormDiscrete) return BindCategories(target, own, slots, scope);
        var (output, expression) = own.Count == 1 ? own[0] : throw own[1].Output.Place.Fault($"the target '{target.Name}' has a NeuralOutput already");
        var inverse = expression is NormContinuous norm ? new Denormalization(norm.From, norm.To) : null;
        return new NumberOutput(scope.NumberResult(target), slots[output.Neuron], inverse);
    }

    private CategoryOutput BindCategories(BoundTarget target, List<(OutputElement Output, Expression Expression)> outputs, List<int> slots, ModelScope scope)
    {
        var categories = ImmutableArray.CreateBuilder<double>();
        foreach (var (output, expression) in outputs)
        {
            var norm = expression as NormDiscrete ?? throw output.Place.Fault($"the other outputs for the target '{target.Name}' are NormDiscrete, this is {expression.Place.Element}");
            var category = scope.Category(norm.Value, norm.Place, target);
            if (categories.Contains(category)) throw norm.Place.Fault($"the category '{norm.Value}' has a NeuralOutput already");
            categories.Add(category);
        }
        if (categories.Count == 1 && target.Categories.Length == 2) categories.AddRange(target.Categories.Remove(categories[0]));
        var result = scope.CategoryResult(categories.ToImmutable(), target) with { EntityId = scope.Program.Slot() };
        return new CategoryOutput(
            result, [.. outputs.Select(o => slots[o.Output.Neuron])], [.. outputs.Select(o => (double)scope.Program.Symbols.Intern(_names[o.Output.Neuron]))]);
    }

    private void ReadInputs(ElementReader e)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "NeuralInput") continue;
            var place = e.Place;
            if (_layers.Count > 0) throw place.Fault("it comes after the layers that it is an input of");
            _names.Add(e.Require("id"), place);
            var before = _inputs.Count;
            var inputDepth = e.Depth;
            while (e.ReadChild(inputDepth))
            {
                if (e.Name == "DerivedField") _inputs.Add(DerivedField.Read(e));
            }
            if (_inputs.Count != before + 1) throw place.Fault("it has one DerivedField");
        }
    }

    private void ReadOutputs(ElementReader e)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "NeuralOutput") _outputs.Add(OutputElement.Read(e, _names));
        }
    }
}
