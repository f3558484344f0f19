using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Ensembles;

namespace Slipway.Models.Formats.Pmml.Models.Mining;

internal enum MultipleModelMethod : byte
{
    MajorityVote,
    WeightedMajorityVote,
    Average,
    WeightedAverage,
    Median,
    WeightedMedian,
    Max,
    Sum,
    WeightedSum,
    SelectFirst,
    SelectAll,
    ModelChain,
    MultiModelChain,
}

/// <summary>One model of an ensemble.</summary>
/// <param name="WeightField">Weighs the model for each row (<c>VariableWeight</c>); null when the weight is fixed.</param>
internal sealed record Segment(Place Place, string Id, double Weight, string? WeightField, Predicate Condition, ModelElement Model);

/// <summary>The element <c>Segmentation</c>.</summary>
/// <param name="LocalTransformations">Fields that the segments' conditions and models see; in a chain they may be made of outputs of the segments before.</param>
internal sealed record Segmentation(
    Place Place, MultipleModelMethod Method, MissingPrediction Missing, double MissingThreshold, ImmutableArray<DerivedField> LocalTransformations, ImmutableArray<Segment> Segments)
{
    private static readonly Choices<MultipleModelMethod> Methods = new(
        ("majorityVote", MultipleModelMethod.MajorityVote), ("weightedMajorityVote", MultipleModelMethod.WeightedMajorityVote),
        ("average", MultipleModelMethod.Average), ("weightedAverage", MultipleModelMethod.WeightedAverage),
        ("median", MultipleModelMethod.Median), ("weightedMedian", MultipleModelMethod.WeightedMedian), ("x-weightedMedian", MultipleModelMethod.WeightedMedian),
        ("max", MultipleModelMethod.Max), ("sum", MultipleModelMethod.Sum), ("weightedSum", MultipleModelMethod.WeightedSum), ("x-weightedSum", MultipleModelMethod.WeightedSum),
        ("selectFirst", MultipleModelMethod.SelectFirst), ("selectAll", MultipleModelMethod.SelectAll),
        ("modelChain", MultipleModelMethod.ModelChain), ("multiModelChain", MultipleModelMethod.MultiModelChain), ("x-multiModelChain", MultipleModelMethod.MultiModelChain));

    private static readonly Choices<MissingPrediction> Treatments = new(
        ("returnMissing", MissingPrediction.ReturnMissing), ("skipSegment", MissingPrediction.SkipSegment), ("continue", MissingPrediction.Continue));

    public static Segmentation Read(ElementReader e)
    {
        var place = e.Place;
        var method = e.RequireChoice("multipleModelMethod", Methods);
        var missing = e.Choice(e.Attribute("missingPredictionTreatment") is null ? "x-missingPredictionTreatment" : "missingPredictionTreatment", Treatments, MissingPrediction.Continue);
        var threshold = e.Number("missingThreshold") ?? e.Number("x-missingThreshold", 1);
        ImmutableArray<DerivedField> transformations = [];
        var segments = ImmutableArray.CreateBuilder<Segment>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "LocalTransformations") transformations = DerivedField.ReadAll(e);
            else if (e.Name == "Segment") segments.Add(ReadSegment(e, segments.Count + 1));
        }
        if (segments.Count == 0) throw place.Fault("it has no Segment");
        return new Segmentation(place, method, missing, threshold, transformations, segments.DrainToImmutable());
    }

    /// <summary>New names over those of the model around.</summary>
    public Scope FieldsIn(ModelScope scope)
    {
        var fields = scope.Fields.Nested();
        foreach (var field in LocalTransformations) fields.Declare(field);
        return fields;
    }

    /// <param name="number">Its place in the list, from 1: its identifier when it has none.</param>
    private static Segment ReadSegment(ElementReader e, int number)
    {
        var (place, id, weight) = (e.Place, e.Attribute("id") ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture), e.Number("weight", 1));
        string? weightField = null;
        Predicate? condition = null;
        ModelElement? model = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "VariableWeight") weightField = e.Require("field");
            else if (Predicate.TryRead(e) is { } predicate) condition = predicate;
            else if (ModelElement.TryRead(e, out var read)) model = read;
            else if (e.Name != "Extension") throw e.Place.Unsupported("this element in a Segment");
        }
        return new Segment(place, id, weight, weightField, condition ?? throw place.Fault("it has no predicate"), model ?? throw place.Fault("it has no model"));
    }
}

/// <summary>
/// The element <c>MiningModel</c>: models that vote, add up, follow each other or are chosen from (PMML 4.4.1, MiningModel). Before 4.1 the models stood in it
/// without segments and followed each other (Model Composition).
/// </summary>
internal sealed class MiningModel(ModelHeader header, ImmutableArray<ModelElement> embedded, Segmentation? segmentation) : ModelElement(header)
{
    /// <summary>Models without a segment, which come before those with one.</summary>
    public ImmutableArray<ModelElement> Embedded { get; } = embedded;

    public bool HasSegmentation => segmentation is not null;

    public Segmentation Segmentation => segmentation ?? throw Header.Place.Fault("it has no Segmentation");

    public static MiningModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var embedded = ImmutableArray.CreateBuilder<ModelElement>();
        Segmentation? segmentation = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (header.TryRead(e)) continue;
            if (e.Name == "Segmentation") segmentation = Segmentation.Read(e);
            else if (e.Name is "Regression" or "DecisionTree") embedded.Add(ReadEmbedded(e));
        }
        if (segmentation is null && embedded.Count == 0) throw header.Place.Fault("it has no Segmentation");
        return new MiningModel(header, embedded.DrainToImmutable(), segmentation);
    }

    public override RowModel Bind(ModelScope scope) => Embedded.IsEmpty ? BindSegments(scope) : CompositionBinder.Bind(this, scope);

    private static ModelElement ReadEmbedded(ElementReader e)
    {
        e.Models[e.Name] = e.Models.GetValueOrDefault(e.Name) + 1;
        return e.Name == "Regression" ? Regression.RegressionModel.Read(e) : Tree.TreeModel.Read(e);
    }

    /// <summary>Compiles what has segments.</summary>
    public RowModel BindSegments(ModelScope scope) => Segmentation.Method switch
    {
        MultipleModelMethod.ModelChain or MultipleModelMethod.MultiModelChain => ChainBinder.Bind(this, scope),
        MultipleModelMethod.SelectFirst => SelectionBinder.Bind(this, scope),
        MultipleModelMethod.SelectAll => SelectionBinder.BindAll(this, scope),
        _ => EnsembleBinder.Bind(this, scope),
    };
}

/// <summary>A segment in runnable form, with what its model is and gives.</summary>
internal sealed record BoundSegment(Segment Segment, BoundModel Bound, EnsembleMember Member)
{
    public static BoundSegment Bind(Segment segment, ModelScope scope, Scope fields, bool inheritTarget, SharedSlots? shared = null)
    {
        var bound = scope.BindChild(segment.Model, fields, inheritTarget, shared);
        var weight = segment.WeightField is not { } name ? null : (bound.Outputs.FirstOrDefault(o => o.Name == name) ?? fields.Resolve(name, segment.Place)).Value;
        return new BoundSegment(segment, bound, new EnsembleMember(segment.Condition.Bind(fields), bound.Model, segment.Weight, weight));
    }
}
