using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Models.NaiveBayes;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.Baselines;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Formats.Pmml.Models.Baseline;

internal enum TestStatistic : byte
{
    ZValue,
    Cusum,
    ChiSquareIndependence,
    ChiSquareDistribution,
    ScalarProduct,
}

/// <summary>The content of <c>Baseline</c> or <c>Alternate</c>: one of the three.</summary>
/// <param name="Fields">What rows are counted by.</param>
internal sealed record TestedDistribution(Distribution? Numbers, CountTable? Table, ImmutableArray<string> Fields)
{
    public static readonly TestedDistribution None = new(null, null, []);

    public static TestedDistribution Read(ElementReader e)
    {
        var tested = None;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (DistributionElement.TryRead(e) is { } distribution) tested = tested with { Numbers = distribution };
            else if (CountTable.TryRead(e) is { } table) tested = tested with { Table = table };
            else if (e.Name == "FieldRef") tested = tested with { Fields = tested.Fields.Add(e.Require("field")) };
        }
        return tested;
    }
}

/// <summary>The element <c>TestDistributions</c> (PMML 4.4.1, Baseline Models).</summary>
/// <param name="Window">How many of the last rows are looked at; 0 for all.</param>
/// <param name="Weight">The field with what a row counts.</param>
internal sealed record TestDistributions(
    Place Place, string Field, TestStatistic Statistic, int Window, double ResetValue, string? Weight, ProductNormalization Normalization, TestedDistribution Baseline,
    TestedDistribution Alternate)
{
    /// <summary>A row costs as much.</summary>
    public const int MaxWindow = 1 << 12;

    private static readonly Choices<TestStatistic> Statistics = new(
        ("zValue", TestStatistic.ZValue), ("CUSUM", TestStatistic.Cusum), ("chiSquareIndependence", TestStatistic.ChiSquareIndependence),
        ("chiSquareDistribution", TestStatistic.ChiSquareDistribution), ("scalarProduct", TestStatistic.ScalarProduct));

    private static readonly Choices<ProductNormalization> Normalizations = new(
        ("Independent", ProductNormalization.Independent), ("SizeWeighted", ProductNormalization.SizeWeighted));

    public static TestDistributions Read(ElementReader e)
    {
        var test = new TestDistributions(
            e.Place, e.Require("field"), e.RequireChoice("testStatistic", Statistics), e.Integer("windowSize") ?? 0, e.Number("resetValue", 0), e.Attribute("weightField"),
            e.Choice("normalizationScheme", Normalizations, ProductNormalization.None), TestedDistribution.None, TestedDistribution.None);
        if (test.Window is < 0 or > MaxWindow) throw e.Fault($"windowSize=\"{test.Window}\" is outside 0…{MaxWindow}");
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Baseline") test = test with { Baseline = TestedDistribution.Read(e) };
            else if (e.Name == "Alternate") test = test with { Alternate = TestedDistribution.Read(e) };
        }
        return test;
    }
}
