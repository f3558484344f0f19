using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Ensembles;
using Slipway.Models.Rows.Trees;

namespace Slipway.Models.Formats.Pmml.Models.Mining;

/// <summary>Ensembles whose members all have a say: sums, means, medians, votes.</summary>
internal static class EnsembleBinder
{
    public static RowModel Bind(MiningModel model, ModelScope scope)
    {
        var shared = AsksForSegments(model) || LooksBack(model) ? null : new SharedSlots(scope.Program);
        var fields = model.Segmentation.FieldsIn(scope);
        var segments = model.Segmentation.Segments.Select(s => BoundSegment.Bind(s, scope, fields, inheritTarget: true, shared)).ToImmutableArray();
        var members = segments.Select(s => s.Member).ToImmutableArray();
        var ensemble = model.Header.Function switch
        {
            MiningFunction.Regression => Numbers(model, scope, members),
            MiningFunction.Classification or MiningFunction.Clustering => Categories(model, scope, segments, members),
            var function => throw model.Header.Place.Unsupported($"{model.Segmentation.Method} of models of the function {function}"),
        };
        return new SegmentedModel(ensemble, segments, outputsToo: false);
    }

    private static RowModel Numbers(MiningModel model, ModelScope scope, ImmutableArray<EnsembleMember> members)
    {
        var segmentation = model.Segmentation;
        var method = segmentation.Method switch
        {
            MultipleModelMethod.Sum => NumberMethod.Sum,
            MultipleModelMethod.WeightedSum => NumberMethod.WeightedSum,
            MultipleModelMethod.Average => NumberMethod.Average,
            MultipleModelMethod.WeightedAverage => NumberMethod.WeightedAverage,
            MultipleModelMethod.Median => NumberMethod.Median,
            MultipleModelMethod.WeightedMedian => NumberMethod.WeightedMedian,
            MultipleModelMethod.Max => NumberMethod.Max,
            var other => throw segmentation.Place.Fault($"{other} is not for numbers"),
        };
        var scratch = method is NumberMethod.Median or NumberMethod.WeightedMedian ? scope.Program.Slots(2 * members.Length) : -1;
        var start = Start(scope, method);
        var ensemble = new NumberEnsemble(scope.NumberResult(), members, method, segmentation.Missing, segmentation.MissingThreshold, model.Header.IsFloat, start, scratch);
        return AsksForSegments(model) ? ensemble : Forests.OfNumbers(ensemble, members, method, model.Header.IsFloat, start);
    }

    /// <summary>
    /// A producer that sums in float32 begins with its base score, which is the target's constant here: only in that order are the sums the producer's own.
    /// </summary>
    private static double Start(ModelScope scope, NumberMethod method)
    {
        var target = scope.Target;
        if (!scope.Header.IsFloat || method is not (NumberMethod.Sum or NumberMethod.WeightedSum)) return 0;
        if (target.Treatment is not { RescaleFactor: 1, Cast: IntegerCast.None, Min: null, Max: null, Values.IsEmpty: true } treatment) return 0;
        scope.Targets = [target with { Treatment = null }];
        return (float)treatment.RescaleConstant;
    }

    private static RowModel Categories(MiningModel model, ModelScope scope, ImmutableArray<BoundSegment> segments, ImmutableArray<EnsembleMember> members)
    {
        var segmentation = model.Segmentation;
        var categories = CategoriesOf(scope, segments);
        var result = scope.CategoryResult(categories);
        if (segmentation.Method is MultipleModelMethod.MajorityVote or MultipleModelMethod.WeightedMajorityVote)
        {
            if (model.Header.Function == MiningFunction.Clustering) result = result with { Affinities = result.Probabilities };
            var maps = segments.Select(s => new CellMap([.. s.Bound.Result.Categories.Select(c => KeyValuePair.Create(c, (double)categories.IndexOf(Translate(c, s.Bound, scope))))])).ToImmutableArray();
            var weighted = segmentation.Method == MultipleModelMethod.WeightedMajorityVote;
            var votes = new VoteEnsemble(result, members, maps, weighted, segmentation.Missing, segmentation.MissingThreshold);
            return AsksForSegments(model) ? votes : Forests.OfVotes(votes, members, maps, weighted);
        }
        var method = segmentation.Method switch
        {
            MultipleModelMethod.Average => ProbabilityMethod.Average,
            MultipleModelMethod.WeightedAverage => ProbabilityMethod.WeightedAverage,
            MultipleModelMethod.Max => ProbabilityMethod.Max,
            MultipleModelMethod.Median => ProbabilityMethod.Median,
            var other => throw segmentation.Place.Fault($"{other} is not for categories"),
        };
        var sources = segments.Select(s => Sources(s, categories, scope)).ToImmutableArray();
        var choosing = method is ProbabilityMethod.Max or ProbabilityMethod.Median;
        if (choosing && sources.Any(s => s.Contains(-1))) throw segmentation.Place.Unsupported($"{segmentation.Method} of models with different categories");
        var scratch = method == ProbabilityMethod.Median ? scope.Program.Slots(members.Length) : -1;
        var ensemble = new ProbabilityEnsemble(result, members, sources, method, segmentation.Missing, segmentation.MissingThreshold, model.Header.IsFloat, scratch);
        return AsksForSegments(model) ? ensemble : Forests.OfProbabilities(ensemble, members, sources, method, model.Header.IsFloat);
    }

    /// <summary>Members' results are read once more when all are there.</summary>
    private static bool LooksBack(MiningModel model) =>
        (model.Header.Function != MiningFunction.Regression && model.Segmentation.Method is MultipleModelMethod.Max or MultipleModelMethod.Median)
        || model.Segmentation.Segments.Any(s => s.WeightField is not null);

    /// <summary>An output wants the result of a single member.</summary>
    private static bool AsksForSegments(MiningModel model) => model.Header.Output.Any(o => o.SegmentId is not null);

    /// <summary>The target's categories that some member knows, then the members' own, in their order.</summary>
    private static ImmutableArray<double> CategoriesOf(ModelScope scope, ImmutableArray<BoundSegment> segments)
    {
        var known = new List<double>();
        foreach (var segment in segments)
        {
            foreach (var category in segment.Bound.Result.Categories)
            {
                var cell = Translate(category, segment.Bound, scope);
                if (!known.Contains(cell)) known.Add(cell);
            }
        }
        return [.. known];
    }

    private static ImmutableArray<int> Sources(BoundSegment segment, ImmutableArray<double> categories, ModelScope scope)
    {
        var result = segment.Bound.Result;
        if (result.Probabilities < 0) throw segment.Segment.Place.Fault("its model has no probabilities");
        var sources = new int[categories.Length];
        sources.AsSpan().Fill(-1);
        for (var c = 0; c < result.Categories.Length; c++) sources[categories.IndexOf(Translate(result.Categories[c], segment.Bound, scope))] = result.Probabilities + c;
        return [.. sources];
    }

    /// <summary>A member's category as a cell of the ensemble's target.</summary>
    private static double Translate(double category, BoundModel member, ModelScope scope)
    {
        var (from, to) = (member.Result.Type, scope.Target.Format);
        if (from == to.Type) return category;
        var text = from == CellType.Text ? scope.Program.Symbols[(int)category] : DataType.Of(from).Print(category, new RowTexts(scope.Program.Symbols));
        return scope.Category(text, member.Element.Header.Place);
    }
}

/// <summary>A model with segments: outputs may be of one of them.</summary>
/// <param name="outputsToo">The segments' outputs are the model's, too.</param>
internal sealed class SegmentedModel(RowModel model, ImmutableArray<BoundSegment> segments, bool outputsToo) : WrappedModel(model), IOutputSource, INestingModel
{
    public ImmutableArray<BoundModel> Answering { get; } = outputsToo ? [.. segments.Select(s => s.Bound)] : [];

    public RowExpression? TryBind(OutputField field, ModelScope scope)
    {
        if (field.SegmentId is null) return null;
        foreach (var segment in segments)
        {
            if (segment.Segment.Id == field.SegmentId) return OutputBinder.OfResult(field, scope, segment.Bound.Result, segment.Bound.Target);
        }
        return null;
    }
}
