using System.Collections.Immutable;
using System.Globalization;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Models.Clustering;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Comparisons;
using Slipway.Models.Rows.Neighbors;

namespace Slipway.Models.Formats.Pmml.Models.NearestNeighbor;

internal enum NumberScoring : byte
{
    Average,
    Median,
    WeightedAverage,
}

/// <summary>The element <c>NearestNeighborModel</c> (PMML 4.4.1, k-Nearest Neighbors).</summary>
/// <param name="threshold">Added to distances before they are inverted to weights.</param>
internal sealed class NearestNeighborModel(
    ModelHeader header, int neighbors, NumberScoring numberScoring, bool weighsVotes, string? idField, double threshold,
    ComparisonMeasure measure, ImmutableArray<ClusteringField> inputs, TrainingInstances instances) : ModelElement(header)
{
    private static readonly Choices<NumberScoring> NumberScorings = new(
        ("average", NumberScoring.Average), ("median", NumberScoring.Median), ("weightedAverage", NumberScoring.WeightedAverage));

    private static readonly Choices<bool> CategoryScorings = new(("majorityVote", false), ("weightedMajorityVote", true));

    public static NearestNeighborModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var neighbors = e.Integer("numberOfNeighbors") ?? throw e.Fault("the attribute 'numberOfNeighbors' is absent");
        var numberScoring = e.Choice("continuousScoringMethod", NumberScorings, NumberScoring.Average);
        var weighsVotes = e.Choice("categoricalScoringMethod", CategoryScorings, false);
        var (idField, threshold) = (e.Attribute("instanceIdVariable"), e.Number("threshold", 0.001));
        ComparisonMeasure? measure = null;
        TrainingInstances? instances = null;
        var inputs = ImmutableArray.CreateBuilder<ClusteringField>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (header.TryRead(e)) continue;
            switch (e.Name)
            {
                case "TrainingInstances":
                    instances = TrainingInstances.Read(e);
                    break;
                case "ComparisonMeasure":
                    measure = ComparisonMeasure.Read(e);
                    break;
                case "KNNInputs":
                    var inputDepth = e.Depth;
                    while (e.ReadChild(inputDepth))
                    {
                        if (e.Name == "KNNInput") inputs.Add(ClusteringField.Read(e));
                    }
                    break;
            }
        }
        if (measure is null) throw header.Place.Fault("it has no ComparisonMeasure");
        if (instances is null) throw header.Place.Fault("it has no TrainingInstances");
        if (inputs.Count == 0) throw header.Place.Fault("it has no KNNInput");
        if (neighbors < 1 || neighbors > instances.Count) throw header.Place.Fault($"numberOfNeighbors=\"{neighbors}\" is outside 1…{instances.Count}, the number of training instances");
        if (!(threshold > 0) && (weighsVotes || numberScoring == NumberScoring.WeightedAverage)) throw header.Place.Fault($"threshold=\"{threshold}\" is not greater than 0");
        return new NearestNeighborModel(header, neighbors, numberScoring, weighsVotes, idField, threshold, measure, inputs.DrainToImmutable(), instances);
    }

    public override RowModel Bind(ModelScope scope)
    {
        var compared = ImmutableArray.CreateBuilder<ComparedField>();
        var bound = new List<BoundField>();
        foreach (var input in inputs)
        {
            compared.Add(input.Bind(scope.Fields, measure.Function, out var field));
            bound.Add(field);
        }
        var columns = instances.Values(bound, scope);
        if (measure.Measure.Kind == MeasureKind.Binary) RequireBinary(columns);
        var points = new PointComparison(measure.Measure, compared.DrainToImmutable(), columns, instances.Count, [], scope.Program.Slots(bound.Count));

        var ranks = Math.Min(instances.Count, Header.Output.Select(o => o.Rank).Append(neighbors).Max());
        var (ids, affinities) = (scope.Program.Slots(ranks), scope.Program.Slots(ranks));
        var results = ImmutableArray.CreateBuilder<ModelResult>();
        var votes = ImmutableArray.CreateBuilder<NeighborVote>();
        if (Header.Function == MiningFunction.Clustering)
        {
            if (idField is null) throw Header.Place.Fault("a clustering needs the attribute 'instanceIdVariable'");
            results.Add(Ranked(new ModelResult { Predicted = scope.Program.Slot(), Type = CellType.Text }));
        }
        else
        {
            foreach (var target in scope.Targets)
            {
                if (target.Name is null) throw Header.Place.Fault("the mining schema has no target");
                var isNumber = target.OpType == OpType.Continuous;
                votes.Add(isNumber ? BindNumber(target, scope, Ranked) : BindCategory(target, scope, Ranked));
                results.Add(votes[^1].Result);
            }
        }
        return new NearestNeighbors(results.DrainToImmutable(), points, neighbors, votes.DrainToImmutable(), Ids(scope));

        ModelResult Ranked(ModelResult result) => result with { RankCount = ranks, RankedEntityIds = ids, RankedAffinities = affinities };
    }

    private NeighborVote BindNumber(BoundTarget target, ModelScope scope, Func<ModelResult, ModelResult> ranked)
    {
        var result = ranked(scope.NumberResult(target));
        var texts = instances.Texts(target.Name!, Header.Place);
        var values = Array.ConvertAll(texts, t => scope.Category(t, instances.Place, target));
        return numberScoring == NumberScoring.Median
            ? new MedianVote(result, values, scope.Program.Slots(neighbors))
            : new MeanVote(result, values, Weight(numberScoring == NumberScoring.WeightedAverage));
    }

    /// <summary>Of equally many votes, the category that more instances have wins, then the first in lexical order.</summary>
    private CategoryVote BindCategory(BoundTarget target, ModelScope scope, Func<ModelResult, ModelResult> ranked)
    {
        var texts = instances.Texts(target.Name!, Header.Place);
        var categories = target.Categories.Distinct().ToList();
        var known = categories.Index().ToDictionary(c => c.Item, c => c.Index);
        var indices = new int[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var cell = scope.Category(texts[i], instances.Place, target);
            if (known.TryAdd(cell, categories.Count)) categories.Add(cell);
            indices[i] = known[cell];
        }
        var counts = new int[categories.Count];
        foreach (var index in indices) counts[index]++;
        var order = Enumerable.Range(0, categories.Count).OrderByDescending(c => counts[c]);
        order = target.Format.Type == CellType.Text ? order.ThenBy(c => scope.Program.Symbols[(int)categories[c]], StringComparer.Ordinal) : order.ThenBy(c => categories[c]);
        var precedence = new int[categories.Count];
        foreach (var (place, category) in order.Index()) precedence[category] = place;
        return new CategoryVote(ranked(scope.CategoryResult([.. categories], target)), indices, precedence, Weight(weighsVotes));
    }

    private NeighborWeight Weight(bool isWeighted) => new(isWeighted, measure.Measure.PrefersGreater, threshold);

    /// <summary>An instance without an id has its number, from 1, instead.</summary>
    private double[] Ids(ModelScope scope)
    {
        var ids = idField is null ? [.. Enumerable.Range(1, instances.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))] : instances.Texts(idField, Header.Place);
        return Array.ConvertAll(ids, id => (double)scope.Program.Symbols.Intern(id));
    }

    private void RequireBinary(double[][] columns)
    {
        for (var f = 0; f < columns.Length; f++)
        {
            var row = Array.FindIndex(columns[f], v => v is not (0 or 1));
            if (row >= 0) throw instances.Place.Fault($"instance {row + 1} has {columns[f][row]:R} for '{inputs[f].Field}', and binary similarities compare 0 and 1");
        }
    }
}
