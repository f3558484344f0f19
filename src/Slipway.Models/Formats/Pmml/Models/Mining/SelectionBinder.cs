using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Ensembles;

namespace Slipway.Models.Formats.Pmml.Models.Mining;

/// <summary>Ensembles of which one member answers a row.</summary>
internal static class SelectionBinder
{
    public static RowModel Bind(MiningModel model, ModelScope scope)
    {
        var fields = model.Segmentation.FieldsIn(scope);
        var segments = model.Segmentation.Segments.Select(s => BoundSegment.Bind(s, scope, fields, inheritTarget: true)).ToImmutableArray();
        return new SegmentedModel(Select(segments, segments, scope, firstOnly: true), segments, outputsToo: true);
    }

    /// <summary>Every member whose condition is true answers: a result for each, under the target's name and the segment's.</summary>
    public static RowModel BindAll(MiningModel model, ModelScope scope)
    {
        var fields = model.Segmentation.FieldsIn(scope);
        var segments = model.Segmentation.Segments.Select(s => BoundSegment.Bind(s, scope, fields, inheritTarget: true)).ToImmutableArray();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (segment, _, _) in segments)
        {
            if (!ids.Add(segment.Id)) throw segment.Place.Fault($"its id '{segment.Id}' is that of another segment: the results of selectAll are told apart by it");
        }
        var (target, results) = (scope.Target, segments.Select(s => s.Bound.Result).ToImmutableArray());
        scope.Targets = [.. segments.Select(s => target with { Name = $"{target.Name ?? BoundTarget.DefaultName}[{s.Segment.Id}]", Treatment = null })];
        return new SegmentedModel(new ChainModel(results, [.. segments.Select(s => s.Member)], stopsAtMissing: false), segments, outputsToo: false);
    }

    /// <param name="answering">The segments whose result counts.</param>
    /// <param name="firstOnly">The first member whose condition is true, or all of them, of which the last answers.</param>
    public static SelectionModel Select(ImmutableArray<BoundSegment> segments, ImmutableArray<BoundSegment> answering, ModelScope scope, bool firstOnly)
    {
        var result = CommonResult(answering, scope);
        var copies = segments.Select(s => answering.Contains(s) ? Copy(s.Bound.Result, result, s.Segment.Place) : []);
        return new SelectionModel(result, [.. segments.Select(s => s.Member)], [.. copies], firstOnly);
    }

    /// <summary>A result that can hold any member's.</summary>
    private static ModelResult CommonResult(ImmutableArray<BoundSegment> segments, ModelScope scope)
    {
        var results = segments.Select(s => s.Bound.Result).ToArray();
        var type = results[^1].Type;
        foreach (var segment in segments)
        {
            var other = segment.Bound.Result.Type;
            if (other != type && !(other.IsNumeric && type.IsNumeric)) continue;
            if (other == CellType.Float64) type = other;
        }
        var categories = results.Where(r => r.Type == type).SelectMany(r => r.Categories).Distinct().ToImmutableArray();
        var ranks = results.Max(r => r.RankCount);
        var reasons = results.Max(r => r.ReasonCodeCount);
        return new ModelResult
        {
            Predicted = scope.Program.Slot(),
            Type = type,
            Categories = categories,
            Probabilities = Slots(r => r.Probabilities, categories.Length),
            Confidences = Slots(r => r.Confidences, categories.Length),
            Affinities = Slots(r => r.Affinities, categories.Length),
            EntityId = Slots(r => r.EntityId, 1),
            RankedEntityIds = Slots(r => r.RankedEntityIds, ranks),
            RankedAffinities = Slots(r => r.RankedAffinities, ranks),
            RankCount = ranks,
            ReasonCodes = Slots(r => r.ReasonCodes, reasons),
            ReasonCodeCount = reasons,
            StandardError = Slots(r => r.StandardError, 1),
            StandardDeviation = Slots(r => r.StandardDeviation, 1),
        };

        int Slots(Func<ModelResult, int> of, int count) => count > 0 && results.Any(r => of(r) >= 0) ? scope.Program.Slots(count) : -1;
    }

    /// <summary>Where the parts of a member's result go in the common one.</summary>
    private static ImmutableArray<(int From, int To)> Copy(ModelResult from, ModelResult to, Place place)
    {
        if (from.Type != to.Type && !(from.Type.IsNumeric && to.Type.IsNumeric)) throw place.Unsupported($"a segment that predicts {from.Type} where another predicts {to.Type}");
        var copies = ImmutableArray.CreateBuilder<(int, int)>();
        Add(from.Predicted, to.Predicted, 1);
        for (var c = 0; c < from.Categories.Length; c++)
        {
            var category = to.Categories.IndexOf(from.Categories[c]);
            if (category < 0) continue;
            Add(from.Probabilities, to.Probabilities + category, 1, c);
            Add(from.Confidences, to.Confidences + category, 1, c);
            Add(from.Affinities, to.Affinities + category, 1, c);
        }
        Add(from.EntityId, to.EntityId, 1);
        Add(from.RankedEntityIds, to.RankedEntityIds, from.RankCount);
        Add(from.RankedAffinities, to.RankedAffinities, from.RankCount);
        Add(from.ReasonCodes, to.ReasonCodes, from.ReasonCodeCount);
        Add(from.StandardError, to.StandardError, 1);
        Add(from.StandardDeviation, to.StandardDeviation, 1);
        return copies.ToImmutable();

        void Add(int source, int destination, int count, int offset = 0)
        {
            if (source < 0) return;
            for (var i = 0; i < count; i++) copies.Add((source + offset + i, destination + i));
        }
    }
}
