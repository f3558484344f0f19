using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.Baseline;

/// <summary>A value in a table of counts; in tables of several fields, one of each.</summary>
internal sealed record TableCount(Place Place, ImmutableArray<(string Field, string Value)> Values, double Count);

/// <summary>The elements <c>CountTable</c> and <c>NormalizedCountTable</c> (PMML 4.4.1, Baseline Models).</summary>
/// <param name="Sample">How many values were counted.</param>
internal sealed record CountTable(Place Place, bool IsNormalized, double? Sample, ImmutableArray<TableCount> Counts)
{
    private const int MostFields = 16;

    /// <returns>Null when the current element is no table.</returns>
    public static CountTable? TryRead(ElementReader e)
    {
        if (e.Name is not ("CountTable" or "NormalizedCountTable")) return null;
        var (place, isNormalized, sample) = (e.Place, e.Name == "NormalizedCountTable", e.Number("sample"));
        var counts = ImmutableArray.CreateBuilder<TableCount>();
        Read(e, [], counts);
        if (counts.Count == 0) throw place.Fault("it counts no values");
        if (isNormalized && !(sample > 0 && double.IsFinite(sample.Value))) throw place.Fault("the attribute 'sample' is absent, or not a number greater than 0: shares do not say how many values they are of");
        if (!(counts.Sum(c => c.Count) is > 0 and < double.PositiveInfinity)) throw place.Fault("the sum of its counts is not a number greater than 0");
        return new CountTable(place, isNormalized, sample, counts.DrainToImmutable());
    }

    private static void Read(ElementReader e, ImmutableArray<(string Field, string Value)> around, ImmutableArray<TableCount>.Builder counts)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name is not ("FieldValue" or "FieldValueCount")) continue;
            var (place, values) = (e.Place, around.Add((e.Require("field"), e.Require("value"))));
            if (values.Length > MostFields) throw place.Fault($"a table of more than {MostFields} fields");
            if (e.Name == "FieldValue")
            {
                Read(e, values, counts);
                continue;
            }
            var count = e.RequireNumber("count");
            counts.Add(count >= 0 ? new TableCount(place, values, count) : throw e.Fault($"count=\"{count:R}\" is negative"));
        }
    }
}
