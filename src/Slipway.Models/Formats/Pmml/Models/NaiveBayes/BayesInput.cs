using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Bayes;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Formats.Pmml.Models.NaiveBayes;

/// <summary>The element <c>TargetValueCount</c>: how many training records have a category.</summary>
internal readonly record struct TargetValueCount(Place Place, string Value, double Count)
{
    public static ImmutableArray<TargetValueCount> ReadAll(ElementReader e)
    {
        var counts = ImmutableArray.CreateBuilder<TargetValueCount>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "TargetValueCount") continue;
            var count = e.RequireNumber("count");
            if (!(count >= 0)) throw e.Fault($"count=\"{count}\" is not 0 or more");
            counts.Add(new TargetValueCount(e.Place, e.Require("value"), count));
        }
        return counts.DrainToImmutable();
    }
}

/// <summary>The element <c>PairCounts</c>: the categories of the training records with one value of a field.</summary>
internal sealed record PairCounts(Place Place, string Value, ImmutableArray<TargetValueCount> Counts);

/// <summary>The element <c>TargetValueStat</c>: how a number is distributed in the training records of one category.</summary>
internal sealed record TargetValueStat(Place Place, string Value, Distribution Distribution);

/// <summary>The element <c>BayesInput</c>.</summary>
/// <param name="Discretized">In old files: the field's bins, which the counts are of.</param>
internal sealed record BayesInput(Place Place, string Field, DerivedField? Discretized, ImmutableArray<PairCounts> Pairs, ImmutableArray<TargetValueStat> Stats)
{
    private const int MaxCells = 1 << 24;

    public static BayesInput Read(ElementReader e)
    {
        var input = new BayesInput(e.Place, e.Require("fieldName"), null, [], []);
        var pairs = ImmutableArray.CreateBuilder<PairCounts>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "PairCounts") pairs.Add(ReadPairs(e));
            else if (e.Name == "TargetValueStats") input = input with { Stats = ReadStats(e) };
            else if (e.Name == "DerivedField") input = input with { Discretized = DerivedField.Read(e) };
        }
        if (pairs.Count == 0 && input.Stats.IsEmpty) throw input.Place.Fault("it has neither PairCounts nor TargetValueStats");
        return input with { Pairs = pairs.DrainToImmutable() };
    }

    /// <param name="categories">The index of every category of the output.</param>
    /// <param name="threshold">What stands for a probability of 0, and for smaller densities.</param>
    public BayesEvidence Bind(ModelScope scope, Dictionary<double, int> categories, double threshold)
    {
        var field = Discretized?.Bind(scope.Fields) ?? scope.Fields.Resolve(Field, Place);
        return Stats.IsEmpty ? BindPairs(field, scope, categories, threshold) : BindStats(field, scope, categories, threshold);
    }

    private CategoryEvidence BindPairs(BoundField field, ModelScope scope, Dictionary<double, int> categories, double threshold)
    {
        if ((long)Pairs.Length * categories.Count > MaxCells) throw Place.Unsupported($"an input of {Pairs.Length} values for {categories.Count} categories, more than {MaxCells} together,");
        var likelihoods = new double[Pairs.Length * categories.Count];
        var totals = new double[categories.Count];
        var values = ImmutableArray.CreateBuilder<KeyValuePair<double, double>>();
        for (var i = 0; i < Pairs.Length; i++)
        {
            values.Add(KeyValuePair.Create(PredicateConstant.Parse(Pairs[i].Value, field, scope.Fields, Pairs[i].Place), (double)i));
            foreach (var count in Pairs[i].Counts)
            {
                var category = IndexOf(count.Value, count.Place, categories, scope);
                likelihoods[(i * categories.Count) + category] += count.Count;
                totals[category] += count.Count;
            }
        }
        for (var i = 0; i < likelihoods.Length; i++)
        {
            var count = likelihoods[i];
            likelihoods[i] = Math.Log(count == 0 ? threshold : count / totals[i % categories.Count]);
        }
        return new CategoryEvidence(field.Value, new CellMap(values.DrainToImmutable()), likelihoods);
    }

    private DensityEvidence BindStats(BoundField field, ModelScope scope, Dictionary<double, int> categories, double threshold)
    {
        if (!field.Type.IsNumeric) throw Place.Fault($"the field '{field.Name}' is of type {field.Format.Name}, and only numbers have TargetValueStats");
        var distributions = new Distribution[categories.Count];
        foreach (var stat in Stats)
        {
            if (stat.Distribution.Kind == DistributionKind.Any) throw stat.Place.Unsupported("AnyDistribution, which has no density,");
            distributions[IndexOf(stat.Value, stat.Place, categories, scope)] = stat.Distribution;
        }
        return new DensityEvidence(field.Value, distributions, Math.Log(threshold));
    }

    private static int IndexOf(string value, Place place, Dictionary<double, int> categories, ModelScope scope) =>
        categories.TryGetValue(scope.Category(value, place), out var index) ? index : throw place.Fault($"the category '{value}' is not in BayesOutput");

    private static PairCounts ReadPairs(ElementReader e)
    {
        var (place, value) = (e.Place, e.Require("value"));
        ImmutableArray<TargetValueCount> counts = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "TargetValueCounts") counts = TargetValueCount.ReadAll(e);
        }
        return new PairCounts(place, value, counts);
    }

    private static ImmutableArray<TargetValueStat> ReadStats(ElementReader e)
    {
        var stats = ImmutableArray.CreateBuilder<TargetValueStat>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "TargetValueStat") continue;
            var (place, value) = (e.Place, e.Require("value"));
            Distribution? distribution = null;
            var statDepth = e.Depth;
            while (e.ReadChild(statDepth)) distribution = DistributionElement.TryRead(e) ?? distribution;
            stats.Add(new TargetValueStat(place, value, distribution ?? throw place.Fault("it has no distribution")));
        }
        return stats.DrainToImmutable();
    }
}
