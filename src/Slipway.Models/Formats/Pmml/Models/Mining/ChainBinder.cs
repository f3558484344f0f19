using System.Collections.Immutable;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Ensembles;

namespace Slipway.Models.Formats.Pmml.Models.Mining;

/// <summary>Models that follow each other: the outputs of one are fields of the next.</summary>
internal static class ChainBinder
{
    public static RowModel Bind(MiningModel model, ModelScope scope)
    {
        var fields = model.Segmentation.FieldsIn(scope);
        var segments = ImmutableArray.CreateBuilder<BoundSegment>();
        foreach (var segment in model.Segmentation.Segments)
        {
            var bound = BoundSegment.Bind(segment, scope, fields, inheritTarget: false);
            foreach (var output in bound.Bound.Outputs) fields.Declare(output);
            segments.Add(bound);
        }
        var all = segments.ToImmutable();
        return new SegmentedModel(Bind(model, scope, all), all, outputsToo: true);
    }

    private static RowModel Bind(MiningModel model, ModelScope scope, ImmutableArray<BoundSegment> segments)
    {
        var members = segments.Select(s => s.Member).ToImmutableArray();
        var stops = model.Segmentation.Missing == MissingPrediction.ReturnMissing;
        var predictsAll = scope.Targets.All(t => segments.Any(s => s.Bound.Targets.Any(own => own.Name == t.Name)));
        if (scope.Targets.Length > 1 && (predictsAll || model.Segmentation.Method == MultipleModelMethod.MultiModelChain))
        {
            return new ChainModel([.. scope.Targets.Select(t => ResultFor(t, segments, model))], members, stops);
        }
        var answering = Answering(scope.Target, segments);
        var last = segments.IndexOf(answering[^1]);
        if (members[last].IsUnconditional) return new ChainModel(answering[^1].Bound.Model.Results, members, stops);
        return SelectionBinder.Select(segments, answering, scope, firstOnly: false);
    }

    /// <summary>The segments that may give the chain's result: those that predict its target, or else the last.</summary>
    private static ImmutableArray<BoundSegment> Answering(BoundTarget target, ImmutableArray<BoundSegment> segments)
    {
        var predicting = segments.Where(s => s.Bound.Target.Name is not null && s.Bound.Target.Name == target.Name).ToImmutableArray();
        if (!predicting.IsEmpty) return predicting;
        var first = segments.Length - 1;
        while (first > 0 && !segments[first].Member.IsUnconditional && segments[first - 1].Bound.Result.Type == segments[^1].Bound.Result.Type) first--;
        return segments[first..];
    }

    private static ModelResult ResultFor(BoundTarget target, ImmutableArray<BoundSegment> segments, MiningModel model)
    {
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            for (var t = 0; t < segments[i].Bound.Targets.Length; t++)
            {
                if (segments[i].Bound.Targets[t].Name == target.Name) return segments[i].Bound.Model.Results[t];
            }
        }
        throw model.Segmentation.Place.Fault($"no segment predicts the target '{target.Name}'");
    }
}
