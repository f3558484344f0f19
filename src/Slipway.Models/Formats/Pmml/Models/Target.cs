using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models;

internal sealed record TargetValue(Place Place, string? Value, string? Display, double? PriorProbability, double? Default)
{
    public static TargetValue Read(ElementReader e) =>
        new(e.Place, e.Attribute("value"), e.Attribute("displayValue"), e.Number("priorProbability"), e.Number("defaultValue"));
}

internal enum IntegerCast : byte
{
    None,
    Round,
    Ceiling,
    Floor,
}

/// <summary>What becomes of a predicted value (PMML 4.4.1, Targets).</summary>
/// <param name="Field">Null for the only target of a model that does not name it.</param>
internal sealed record Target(
    Place Place, string? Field, OpType? OpType, IntegerCast Cast, double? Min, double? Max, double RescaleFactor, double RescaleConstant, ImmutableArray<TargetValue> Values)
{
    private static readonly Choices<IntegerCast> Casts = new(("round", IntegerCast.Round), ("ceiling", IntegerCast.Ceiling), ("floor", IntegerCast.Floor));

    public static ImmutableArray<Target> ReadAll(ElementReader e)
    {
        var targets = ImmutableArray.CreateBuilder<Target>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Target") targets.Add(Read(e));
        }
        return targets.DrainToImmutable();
    }

    private static Target Read(ElementReader e)
    {
        var target = new Target(
            e.Place, e.Attribute("field"), OpTypes.TryRead(e), e.Choice("castInteger", Casts, IntegerCast.None),
            e.Number("min"), e.Number("max"), e.Number("rescaleFactor", 1), e.Number("rescaleConstant", 0), []);
        var values = ImmutableArray.CreateBuilder<TargetValue>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "TargetValue") values.Add(TargetValue.Read(e));
        }
        return target with { Values = values.DrainToImmutable() };
    }
}
