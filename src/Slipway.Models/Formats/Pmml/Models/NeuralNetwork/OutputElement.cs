using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;

namespace Slipway.Models.Formats.Pmml.Models.NeuralNetwork;

/// <summary>The element <c>NeuralOutput</c>: a neuron, and how it would have been made from the target.</summary>
internal sealed record OutputElement(Place Place, int Neuron, DerivedField Field)
{
    public static OutputElement Read(ElementReader e, NeuronNames names)
    {
        var (place, neuron) = (e.Place, names.Require(e.Require("outputNeuron"), e.Place));
        DerivedField? field = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "DerivedField") field = DerivedField.Read(e);
        }
        return new OutputElement(place, neuron, field ?? throw place.Fault("it has no DerivedField"));
    }

    /// <summary>The expression over the target itself: a reference to a derived field stands for that field's own expression.</summary>
    public Expression Expression(IReadOnlyList<DerivedField> derived)
    {
        var expression = Field.Definition;
        for (var steps = 0; expression is FieldRef reference && steps <= derived.Count; steps++)
        {
            if (derived.FirstOrDefault(f => f.Name == reference.Field) is not { } field) break;
            expression = field.Definition;
        }
        return expression;
    }

    /// <summary>The target that the expression is over.</summary>
    public string Target(Expression expression) => expression switch
    {
        NormContinuous norm => norm.Field,
        NormDiscrete norm => norm.Field,
        FieldRef reference => reference.Field,
        _ => throw Place.Fault($"a NeuralOutput is made by a FieldRef, NormContinuous or NormDiscrete, not by {expression.Place.Element}"),
    };
}
