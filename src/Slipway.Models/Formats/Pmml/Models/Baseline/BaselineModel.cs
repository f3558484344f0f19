using Slipway.Models.Formats.Pmml.Models.NaiveBayes;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
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

/// <summary>
/// The element <c>BaselineModel</c>: how unlike a baseline records are (PMML 4.4.1, Baseline Models): the z-value of each, or the cumulative sum (CUSUM) over the
/// rows of a batch, or those that a scorer was given, in their order. The other statistics compare tables of counts.
/// </summary>
internal sealed class BaselineModel(
    ModelHeader header, Place place, string field, TestStatistic statistic, int window, double resetValue, Distribution? baseline, Distribution? alternate) : ModelElement(header)
{
    /// <summary>A row costs as much.</summary>
    private const int MaxWindow = 1 << 12;

    private static readonly Choices<TestStatistic> Statistics = new(
        ("zValue", TestStatistic.ZValue), ("CUSUM", TestStatistic.Cusum), ("chiSquareIndependence", TestStatistic.ChiSquareIndependence),
        ("chiSquareDistribution", TestStatistic.ChiSquareDistribution), ("scalarProduct", TestStatistic.ScalarProduct));

    public static BaselineModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        BaselineModel? model = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!header.TryRead(e) && e.Name == "TestDistributions") model = ReadTest(e, header);
        }
        return model ?? throw header.Place.Fault("it has no TestDistributions");
    }

    public override RowModel Bind(ModelScope scope)
    {
        var tested = scope.Fields.Resolve(field, place);
        if (statistic is not (TestStatistic.ZValue or TestStatistic.Cusum))
        {
            throw place.Unsupported($"the test statistic {statistic}, which compares tables of counts of many records and not a record,");
        }
        if (!tested.Type.IsNumeric) throw place.Fault($"the field '{field}' is of type {tested.Format.Name}, a number expected");
        var expected = Proper(baseline, "Baseline");
        if (statistic == TestStatistic.ZValue) return new ZValue(scope.NumberResult(), tested.Value, expected);
        var other = Proper(alternate, "Alternate");
        if (expected.Kind == DistributionKind.Any || other.Kind == DistributionKind.Any) throw place.Fault("CUSUM needs densities, and AnyDistribution has none");
        scope.Program.KeepOrder();
        return new CumulativeSum(scope.NumberResult(), tested.Value, expected, other, resetValue, window, scope.Program.Slots(1 + window));
    }

    private Distribution Proper(Distribution? distribution, string element)
    {
        if (distribution is not { } found) throw place.Fault($"{element} has no distribution of numbers");
        return found.IsProper ? found : throw place.Fault($"the parameters of the distribution in {element} make none: variances are positive, bounds in order");
    }

    private static BaselineModel ReadTest(ElementReader e, ModelHeader header)
    {
        var (place, field, statistic) = (e.Place, e.Require("field"), e.RequireChoice("testStatistic", Statistics));
        var (window, resetValue) = (e.Integer("windowSize") ?? 0, e.Number("resetValue", 0));
        if (window is < 0 or > MaxWindow) throw e.Fault($"windowSize=\"{window}\" is outside 0…{MaxWindow}");
        Distribution? baseline = null, alternate = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Baseline") baseline = ReadDistribution(e);
            else if (e.Name == "Alternate") alternate = ReadDistribution(e);
        }
        return new BaselineModel(header, place, field, statistic, window, resetValue, baseline, alternate);
    }

    private static Distribution? ReadDistribution(ElementReader e)
    {
        Distribution? distribution = null;
        var depth = e.Depth;
        while (e.ReadChild(depth)) distribution = DistributionElement.TryRead(e) ?? distribution;
        return distribution;
    }
}
