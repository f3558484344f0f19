using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Statistics;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows.Clusters;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>The element <c>PartitionFieldStats</c> (PMML 4.4.1, Statistics).</summary>
/// <param name="Mean">NaN when absent.</param>
/// <param name="Deviation">The standard deviation; NaN when absent.</param>
/// <param name="Arrays">Of a categorical field the frequencies of its values; of a number those of its intervals, with the sums of the values and of their squares.</param>
internal sealed record PartitionFieldStats(Place Place, string Field, double Mean, double Deviation, ImmutableArray<ImmutableArray<double>> Arrays)
{
    public static PartitionFieldStats Read(ElementReader e)
    {
        var stats = new PartitionFieldStats(e.Place, e.Require("field"), double.NaN, double.NaN, []);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "NumericInfo") stats = stats with { Mean = e.Number("mean", double.NaN), Deviation = e.Number("standardDeviation", double.NaN) };
            else if (e.Name is "Array" or "INT-SparseArray" or "REAL-SparseArray") stats = stats with { Arrays = stats.Arrays.Add(ArrayElement.ReadNumbers(e)) };
        }
        return stats;
    }
}

/// <summary>The element <c>Partition</c>: what the records of a cluster are like.</summary>
internal sealed record Partition(Place Place, double? Size, ImmutableArray<PartitionFieldStats> Fields)
{
    public static Partition Read(ElementReader e)
    {
        var (place, size) = (e.Place, e.Number("size"));
        var fields = ImmutableArray.CreateBuilder<PartitionFieldStats>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "PartitionFieldStats") fields.Add(PartitionFieldStats.Read(e));
        }
        return new Partition(place, size, fields.DrainToImmutable());
    }

    /// <param name="statistics">Of the model: they list the values whose frequencies a partition gives.</param>
    public FieldProfile Profile(BoundField field, ImmutableArray<UnivariateStats> statistics, Scope scope)
    {
        var stats = Fields.FirstOrDefault(f => f.Field == field.Name) ?? throw Place.Fault($"it has no PartitionFieldStats of the field '{field.Name}'");
        if (double.IsFinite(stats.Mean) && double.IsFinite(stats.Deviation)) return new NormalProfile(stats.Mean, stats.Deviation * stats.Deviation);
        if (stats.Arrays.Length == 3) return Moments(stats);
        var values = Values(field, statistics, stats.Place, scope);
        if (stats.Arrays.Length != 1 || values.Length == 0) throw stats.Place.Fault("it has neither mean and standardDeviation nor the frequencies of the field's values");
        var frequencies = stats.Arrays[0];
        if (frequencies.Length != values.Length) throw stats.Place.Fault($"{frequencies.Length} frequencies, but the field '{field.Name}' has {values.Length} values");
        return frequencies.All(f => f >= 0) ? new ShareProfile(values, frequencies) : throw stats.Place.Fault("a frequency is negative");
    }

    private static NormalProfile Moments(PartitionFieldStats stats)
    {
        var (count, sum, squares) = (stats.Arrays[0].Sum(), stats.Arrays[1].Sum(), stats.Arrays[2].Sum());
        var mean = sum / count;
        return new NormalProfile(mean, (squares / count) - (mean * mean));
    }

    private static ImmutableArray<double> Values(BoundField field, ImmutableArray<UnivariateStats> statistics, Place place, Scope scope)
    {
        var listed = statistics.FirstOrDefault(s => s.Field == field.Name && !s.Values.IsEmpty);
        return listed is null ? field.Categories : [.. listed.Values.Select(text => PredicateConstant.Parse(text, field, scope, place))];
    }
}
