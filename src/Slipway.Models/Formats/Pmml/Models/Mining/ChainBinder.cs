using System.Collections.Immutable;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Ensembles;

namespace Slipway.Models.Formats.Pmml.Models.Mining;

/// <summary>Models that follow each other: the outputs of one are fields of the next.</summary>
internal static class ChainBinder
{
    public static RowModel Bind(MiningModel model, ModelScope scope)
    {
        var fields = scope.Fields.Nested();
        var segments = ImmutableArray.CreateBuilder<BoundSegment>();
        foreach (var segment in model.Segmentation.Segments)
        {
            var bound = BoundSegment.Bind(segment, scope, fields, inheritTarget: false);
            foreach (var output in bound.Bound.Outputs) fields.Declare(output);
            segments.Add(bound);
        }
        var all = segments.ToImmutable();
        var members = all.Select(s => s.Member).ToImmutableArray();
        RowModel chain =
            model.Segmentation.Method == MultipleModelMethod.MultiModelChain && scope.Targets.Length > 1 ? new ChainModel([.. scope.Targets.Select(t => ResultFor(t, all, model))], members)
            : members[^1].IsUnconditional ? new ChainModel(all[^1].Bound.Model.Results, members)
            : SelectionBinder.Select(all, scope, firstOnly: false);
        return new SegmentedModel(chain, all, outputsToo: true);
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
