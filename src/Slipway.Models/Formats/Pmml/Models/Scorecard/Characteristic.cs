using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;

namespace Slipway.Models.Formats.Pmml.Models.Scorecard;

/// <summary>The element <c>Attribute</c> of a scorecard: a range of a characteristic and its points.</summary>
/// <param name="Complex">Takes precedence over <paramref name="PartialScore"/>.</param>
internal sealed record AttributeElement(Place Place, string? ReasonCode, double? PartialScore, Expression? Complex, Predicate Predicate)
{
    public static AttributeElement Read(ElementReader e)
    {
        var (place, reason, score) = (e.Place, e.Attribute("reasonCode"), e.Number("partialScore"));
        Expression? complex = null;
        Predicate? predicate = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ComplexPartialScore") complex = Expression.ReadOnly(e);
            else predicate = Predicate.TryRead(e) ?? predicate;
        }
        if (predicate is null) throw place.Fault("it has no predicate");
        if (score is null && complex is null) throw place.Fault("it needs a partialScore or a ComplexPartialScore");
        return new AttributeElement(place, reason, score, complex, predicate);
    }
}

/// <summary>The element <c>Characteristic</c>.</summary>
internal sealed record Characteristic(Place Place, string? Name, string? ReasonCode, double? BaselineScore, ImmutableArray<AttributeElement> Attributes)
{
    public static ImmutableArray<Characteristic> ReadAll(ElementReader e)
    {
        var all = ImmutableArray.CreateBuilder<Characteristic>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Characteristic") all.Add(Read(e));
        }
        return all.DrainToImmutable();
    }

    private static Characteristic Read(ElementReader e)
    {
        var characteristic = new Characteristic(e.Place, e.Attribute("name"), e.Attribute("reasonCode"), e.Number("baselineScore"), []);
        var attributes = ImmutableArray.CreateBuilder<AttributeElement>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Attribute") attributes.Add(AttributeElement.Read(e));
        }
        if (attributes.Count == 0) throw characteristic.Place.Fault("it has no Attribute");
        return characteristic with { Attributes = attributes.DrainToImmutable() };
    }
}
