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

    /// <summary>Values and their frequencies, which producers write in this order; a file may give only one of them.</summary>
    private static UnivariateStats ReadDiscrete(ElementReader e, UnivariateStats stats)
    {
        var place = e.Place;
        var arrays = new List<(bool IsText, ImmutableArray<string> Items)>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Array") arrays.Add((e.Attribute("type") == "string", ArrayElement.ReadTexts(e)));
        }
        if (arrays.Count != 2) return stats;
        var (values, frequencies) = arrays[1].IsText && !arrays[0].IsText ? (arrays[1].Items, arrays[0].Items) : (arrays[0].Items, arrays[1].Items);
        if (values.Length != frequencies.Length) throw place.Fault($"{values.Length} values, but {frequencies.Length} frequencies");
        return stats with { Values = values, Frequencies = [.. frequencies.Select(f => Frequency(f, place))] };
    }

    private static double Frequency(string text, Place place) =>
        NumberText.TryParse(text, out double number) ? number : throw place.Fault($"the frequency '{text}' is not a number");

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
