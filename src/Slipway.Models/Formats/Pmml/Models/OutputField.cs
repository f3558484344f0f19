using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models;

internal enum OutputFeature : byte
{
    PredictedValue,
    PredictedDisplayValue,
    TransformedValue,
    Decision,
    Probability,
    Affinity,
    Residual,
    StandardError,
    StandardDeviation,
    ClusterId,
    ClusterAffinity,
    EntityId,
    EntityAffinity,
    Warning,
    RuleValue,
    ReasonCode,
    Antecedent,
    Consequent,
    Rule,
    RuleId,
    Confidence,
    Support,
    Lift,
    Leverage,
    ConfidenceIntervalLower,
    ConfidenceIntervalUpper,

    /// <summary>Not the standard's: a vendor's trace of the arithmetic.</summary>
    Report,
}

/// <summary>One output of a model (PMML 4.4.1, Output).</summary>
/// <param name="Value">The category, cluster or entity that a probability or affinity is of; null for the winner's.</param>
/// <param name="Definition">Of a transformed value or decision.</param>
internal sealed record OutputField(
    Place Place,
    string Name,
    string? DisplayName,
    OpType? OpType,
    CellFormat? Format,
    OutputFeature Feature,
    string? Value,
    string? RuleFeature,
    string? TargetField,
    string? SegmentId,
    string Algorithm,
    string RankBasis,
    bool RankAscending,
    int Rank,
    bool IsMultiValued,
    bool IsFinalResult,
    Expression? Definition)
{
    private static readonly Choices<OutputFeature> Features = new(
        ("predictedValue", OutputFeature.PredictedValue), ("predictedDisplayValue", OutputFeature.PredictedDisplayValue), ("transformedValue", OutputFeature.TransformedValue),
        ("decision", OutputFeature.Decision), ("probability", OutputFeature.Probability), ("affinity", OutputFeature.Affinity), ("residual", OutputFeature.Residual),
        ("standardError", OutputFeature.StandardError), ("standardDeviation", OutputFeature.StandardDeviation), ("clusterId", OutputFeature.ClusterId),
        ("clusterAffinity", OutputFeature.ClusterAffinity), ("entityId", OutputFeature.EntityId), ("entityAffinity", OutputFeature.EntityAffinity),
        ("warning", OutputFeature.Warning), ("ruleValue", OutputFeature.RuleValue), ("reasonCode", OutputFeature.ReasonCode), ("antecedent", OutputFeature.Antecedent),
        ("consequent", OutputFeature.Consequent), ("rule", OutputFeature.Rule), ("ruleId", OutputFeature.RuleId), ("confidence", OutputFeature.Confidence),
        ("support", OutputFeature.Support), ("lift", OutputFeature.Lift), ("leverage", OutputFeature.Leverage),
        ("confidenceIntervalLower", OutputFeature.ConfidenceIntervalLower), ("confidenceIntervalUpper", OutputFeature.ConfidenceIntervalUpper), ("x-report", OutputFeature.Report), ("report", OutputFeature.Report));

    public static ImmutableArray<OutputField> ReadAll(ElementReader e)
    {
        var fields = ImmutableArray.CreateBuilder<OutputField>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "OutputField") fields.Add(Read(e));
        }
        return fields.DrainToImmutable();
    }

    /// <summary>Reads the current element, <c>OutputField</c> or a <c>ResultField</c> of a model inside another.</summary>
    public static OutputField Read(ElementReader e)
    {
        var field = new OutputField(
            e.Place, e.Require("name"), e.Attribute("displayName"), OpTypes.TryRead(e), DataType.TryRead(e), e.Choice("feature", Features, OutputFeature.PredictedValue),
            e.Attribute("value"), e.Attribute("ruleFeature"), e.Attribute("targetField"), e.Attribute("segmentId"),
            e.Attribute("algorithm") ?? "exclusiveRecommendation", e.Attribute("rankBasis") ?? "confidence", e.Attribute("rankOrder") == "ascending",
            e.Integer("rank") ?? 1, e.Boolean("isMultiValued", false), e.Boolean("isFinalResult", true), null);
        Expression? definition = null;
        var depth = e.Depth;
        while (e.ReadChild(depth)) definition = Expression.TryRead(e) ?? definition;
        return field with { Definition = definition };
    }
}
