using System.Collections.Immutable;
using System.Globalization;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Clusters;
using Slipway.Models.Rows.Comparisons;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>The element <c>ClusteringModel</c> (PMML 4.4.1, Clustering Models).</summary>
internal sealed class ClusteringModel(
    ModelHeader header, bool isDistributionBased, ComparisonMeasure measure, ImmutableArray<ClusteringField> fields, ImmutableArray<CenterField> coordinates,
    ImmutableArray<Cluster> clusters, ImmutableArray<double> missingValueWeights) : ModelElement(header)
{
    private static readonly Choices<bool> Classes = new(("centerBased", false), ("distributionBased", true));

    public static ClusteringModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var isDistributionBased = e.RequireChoice("modelClass", Classes);
        ComparisonMeasure? measure = null;
        var fields = ImmutableArray.CreateBuilder<ClusteringField>();
        var clusters = ImmutableArray.CreateBuilder<Cluster>();
        ImmutableArray<CenterField> coordinates = [];
        ImmutableArray<double> weights = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (header.TryRead(e)) continue;
            switch (e.Name)
            {
                case "ComparisonMeasure":
                    measure = ComparisonMeasure.Read(e);
                    break;
                case "ClusteringField":
                    fields.Add(ClusteringField.Read(e));
                    break;
                case "CenterFields":
                    coordinates = CenterField.ReadAll(e);
                    break;
                case "MissingValueWeights":
                    var arrayDepth = e.Depth;
                    while (e.ReadChild(arrayDepth))
                    {
                        if (e.Name is "Array" or "INT-SparseArray" or "REAL-SparseArray") weights = ArrayElement.ReadNumbers(e);
                    }
                    break;
                case "Cluster":
                    clusters.Add(Cluster.Read(e));
                    break;
            }
        }
        if (measure is null) throw header.Place.Fault("it has no ComparisonMeasure");
        if (fields.Count == 0 && coordinates.IsEmpty) throw header.Place.Fault("it has no ClusteringField");
        if (clusters.Count == 0) throw header.Place.Fault("it has no Cluster");
        return new ClusteringModel(header, isDistributionBased, measure, fields.DrainToImmutable(), coordinates, clusters.DrainToImmutable(), weights);
    }

    public override RowModel Bind(ModelScope scope)
    {
        var (result, ids) = Result(scope);
        var model = isDistributionBased && clusters.Any(c => c.Covariances is null) ? BindProfiles(scope, result, ids) : BindCenters(scope, result, ids);
        return new ClusterOutputs(model, [.. clusters.Select((c, i) => c.Name is null ? ids[i] : scope.Program.Symbols.Intern(c.Name))]);
    }

    private RowModel BindCenters(ModelScope scope, ModelResult result, double[] ids)
    {
        var compared = ImmutableArray.CreateBuilder<ComparedField>();
        var bound = new List<BoundField>();
        foreach (var coordinate in coordinates)
        {
            compared.Add(coordinate.Bind(scope.Fields, fields, measure.Function, out var boundField));
            bound.Add(boundField);
        }
        foreach (var field in fields)
        {
            if (!field.IsCenterField || !coordinates.IsEmpty) continue;
            compared.Add(field.Bind(scope.Fields, measure.Function, out var boundField));
            bound.Add(boundField);
        }
        if (!missingValueWeights.IsEmpty && missingValueWeights.Length != bound.Count)
        {
            throw Header.Place.Fault($"MissingValueWeights has {missingValueWeights.Length} weights, {bound.Count} fields are compared");
        }
        var centers = clusters.Select(c => c.Center(bound, scope.Fields)).ToArray();
        if (measure.Measure.Kind == MeasureKind.Binary) RequireBinary(centers);
        if (isDistributionBased)
        {
            return new GaussianClusters(result, [.. clusters.Select((c, i) => c.Density(centers[i]))], [.. bound.Select(f => f.Value)], scope.Program.Slots(2 * bound.Count), ids);
        }
        var columns = Columns(centers, bound.Count);
        var points = new PointComparison(measure.Measure, compared.DrainToImmutable(), columns, clusters.Length, missingValueWeights, scope.Program.Slots(bound.Count));
        return new NearestCluster(result, points, ids);
    }

    /// <summary>
    /// Clusters that are defined by their statistics. Where the fields have similarities, the cluster to whose records a record is most similar in the mean is
    /// chosen, as in demographic clustering; else the most probable one.
    /// </summary>
    private RowModel BindProfiles(ModelScope scope, ModelResult result, double[] ids)
    {
        if (fields.IsEmpty) throw Header.Place.Fault("it has no ClusteringField");
        var compared = ImmutableArray.CreateBuilder<ComparedField>(fields.Length);
        var profiles = new FieldProfile[clusters.Length][];
        for (var c = 0; c < profiles.Length; c++) profiles[c] = new FieldProfile[fields.Length];
        var areSimilarities = measure.Measure is { PrefersGreater: true, Kind: not MeasureKind.Binary }
            && fields.All(f => (f.Function ?? measure.Function) is CompareFunction.GaussianSimilarity or CompareFunction.Equal or CompareFunction.Table);
        for (var f = 0; f < fields.Length; f++)
        {
            var bound = scope.Fields.Resolve(fields[f].Field, fields[f].Place);
            compared.Add(areSimilarities ? fields[f].Bind(scope.Fields, measure.Function, out _) : new ComparedField(bound.Name, bound.Value, CompareFunction.Equal, fields[f].Weight));
            for (var c = 0; c < profiles.Length; c++)
            {
                var partition = clusters[c].Partition ?? throw clusters[c].Place.Fault("a cluster of a distribution-based model needs Covariances, or a Partition");
                profiles[c][f] = partition.Profile(bound, Header.Statistics, scope.Fields);
            }
        }
        for (var c = 0; c < profiles.Length; c++)
        {
            for (var f = 0; f < fields.Length; f++)
            {
                if (areSimilarities ? !profiles[c][f].HasMean(compared[f].Function) : !profiles[c][f].HasDensity)
                {
                    throw clusters[c].Place.Fault($"the statistics of the field '{fields[f].Field}' do not make a distribution that it can be compared with: variances are positive, shares not all 0, numbers compared by gaussSim");
                }
            }
        }
        if (!missingValueWeights.IsEmpty && missingValueWeights.Length != fields.Length) throw Header.Place.Fault($"MissingValueWeights has {missingValueWeights.Length} weights, {fields.Length} fields are compared");
        var values = scope.Program.Slots(fields.Length);
        return areSimilarities
            ? new SimilarClusters(result, measure.Measure, compared.MoveToImmutable(), profiles, missingValueWeights, values, ids)
            : new ProbableClusters(result, compared.MoveToImmutable(), profiles, [.. clusters.Select(c => Math.Log(c.Weight))], values, ids);
    }

    /// <summary>A cluster without an id has its number, from 1, instead.</summary>
    private (ModelResult Result, double[] Ids) Result(ModelScope scope)
    {
        var texts = clusters.Select((c, i) => c.Id ?? (i + 1).ToString(CultureInfo.InvariantCulture)).ToArray();
        var duplicate = texts.GroupBy(t => t, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (duplicate is not null) throw Header.Place.Fault($"two clusters have the id '{duplicate.Key}'");
        var ranks = 0;
        foreach (var output in Header.Output)
        {
            if (output.Feature is OutputFeature.EntityId or OutputFeature.ClusterId or OutputFeature.Affinity or OutputFeature.EntityAffinity or OutputFeature.ClusterAffinity && output.Rank > 1)
            {
                ranks = Math.Max(ranks, Math.Min(output.Rank, clusters.Length));
            }
        }
        var program = scope.Program;
        var result = new ModelResult
        {
            Predicted = program.Slot(),
            Type = scope.Target.Format.Type,
            Categories = [.. texts.Select(t => scope.Category(t, Header.Place))],
            Affinities = program.Slots(clusters.Length),
            EntityId = program.Slot(),
            RankCount = ranks,
            RankedEntityIds = ranks > 0 ? program.Slots(ranks) : -1,
            RankedAffinities = ranks > 0 ? program.Slots(ranks) : -1,
        };
        return (result, [.. texts.Select(t => (double)program.Symbols.Intern(t))]);
    }

    private void RequireBinary(double[][] centers)
    {
        for (var i = 0; i < centers.Length; i++)
        {
            var other = Array.FindIndex(centers[i], v => v is not (0 or 1));
            if (other >= 0) throw clusters[i].Place.Fault($"the centre's coordinate {other + 1} is {centers[i][other]:R}, and binary similarities compare 0 and 1");
        }
    }

    private static double[][] Columns(double[][] points, int fields)
    {
        var columns = new double[fields][];
        for (var f = 0; f < fields; f++) columns[f] = [.. points.Select(p => p[f])];
        return columns;
    }
}
