using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Statistics;

/// <summary>The values of a field in the training data (PMML 4.4.1, Statistics).</summary>
/// <param name="Total">Rows in all; 0 when the file does not say.</param>
/// <param name="Values">Of a categorical field, with their <paramref name="Frequencies"/>.</param>
/// <param name="Intervals">Of a continuous field, with their <paramref name="Frequencies"/>.</param>
/// <param name="Quantiles">Limits by share (0…1), ascending.</param>
internal sealed record UnivariateStats(
    string Field, double Total, double Missing, ImmutableArray<string> Values, ImmutableArray<Interval> Intervals, ImmutableArray<double> Frequencies,
    ImmutableArray<(double Share, double Limit)> Quantiles)
{
    /// <summary>Reads the children of a <c>ModelStats</c> element.</summary>
    public static ImmutableArray<UnivariateStats> ReadAll(ElementReader e)
    {
        var all = ImmutableArray.CreateBuilder<UnivariateStats>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "UnivariateStats" && e.Attribute("field") is { } field) all.Add(Read(e, field));
        }
        return all.DrainToImmutable();
    }

    private static UnivariateStats Read(ElementReader e, string field)
    {
        var stats = new UnivariateStats(field, 0, 0, [], [], [], []);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            stats = e.Name switch
            {
                "Counts" => stats with { Total = e.Number("totalFreq", 0), Missing = e.Number("missingFreq", 0) },
                "NumericInfo" => stats with { Quantiles = ReadQuantiles(e) },
                "DiscrStats" => ReadDiscrete(e, stats),
                "ContStats" => ReadContinuous(e, stats),
                _ => stats,
            };
        }
        return stats;
    }

    private static ImmutableArray<(double Share, double Limit)> ReadQuantiles(ElementReader e)
    {
        var quantiles = new List<(double Share, double Limit)>();
        var (low, high) = (e.Number("minimum"), e.Number("maximum"));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Quantile") quantiles.Add((e.RequireNumber("quantileLimit") / 100, e.RequireNumber("quantileValue")));
        }
        if (quantiles.Count == 0) return [];
        if (low is { } min && quantiles.TrueForAll(q => q.Share > 0)) quantiles.Add((0, min));
        if (high is { } max && quantiles.TrueForAll(q => q.Share < 1)) quantiles.Add((1, max));
        return [.. quantiles.OrderBy(q => q.Share)];
    }

    private static UnivariateStats ReadDiscrete(ElementReader e, UnivariateStats stats)
    {
        var place = e.Place;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Array" && e.Attribute("type") == "string") stats = stats with { Values = ArrayElement.ReadTexts(e) };
            else if (e.Name == "Array") stats = stats with { Frequencies = ArrayElement.ReadNumbers(e) };
        }
        return stats.Values.Length == stats.Frequencies.Length ? stats : throw place.Fault($"{stats.Values.Length} values, but {stats.Frequencies.Length} frequencies");
    }

    private static UnivariateStats ReadContinuous(ElementReader e, UnivariateStats stats)
    {
        var place = e.Place;
        var intervals = ImmutableArray.CreateBuilder<Interval>();
        ImmutableArray<double> frequencies = default;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Interval") intervals.Add(IntervalElement.Read(e));
            else if (e.Name is "Array" or "FrequenciesArray" && frequencies.IsDefault) frequencies = ArrayElement.ReadNumbers(e);
        }
        if (intervals.Count == 0 || frequencies.IsDefault) return stats;
        if (intervals.Count != frequencies.Length) throw place.Fault($"{intervals.Count} intervals, but {frequencies.Length} frequencies");
        return stats with { Intervals = intervals.DrainToImmutable(), Frequencies = frequencies };
    }
}
