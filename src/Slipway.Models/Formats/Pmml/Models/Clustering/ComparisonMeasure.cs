using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.Comparisons;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>The element <c>ComparisonMeasure</c>, which clusters and nearest neighbours share (PMML 4.4.1, Clustering Models).</summary>
/// <param name="Function">For fields that do not say how they are compared.</param>
internal sealed record ComparisonMeasure(Measure Measure, CompareFunction Function)
{
    public static readonly Choices<CompareFunction> Functions = new(
        ("absDiff", CompareFunction.AbsoluteDifference), ("gaussSim", CompareFunction.GaussianSimilarity), ("delta", CompareFunction.Delta),
        ("equal", CompareFunction.Equal), ("table", CompareFunction.Table));

    private static readonly Choices<bool> Kinds = new(("distance", false), ("similarity", true));

    /// <summary>Binary measures are similarities, whatever the attribute <c>kind</c> says.</summary>
    public static ComparisonMeasure Read(ElementReader e)
    {
        var place = e.Place;
        var isSimilarity = e.Choice("kind", Kinds, false);
        var function = e.Choice("compareFunction", Functions, CompareFunction.AbsoluteDifference);
        Measure? measure = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            measure = e.Name switch
            {
                "euclidean" => new Measure(MeasureKind.Euclidean, isSimilarity),
                "squaredEuclidean" => new Measure(MeasureKind.SquaredEuclidean, isSimilarity),
                "chebychev" => new Measure(MeasureKind.Chebychev, isSimilarity),
                "cityBlock" => new Measure(MeasureKind.CityBlock, isSimilarity),
                "minkowski" => new Measure(MeasureKind.Minkowski, isSimilarity, ReadPower(e)),
                "simpleMatching" => Binary(BinaryWeights.SimpleMatching),
                "jaccard" => Binary(BinaryWeights.Jaccard),
                "tanimoto" => Binary(BinaryWeights.Tanimoto),
                "binarySimilarity" => Binary(ReadWeights(e)),
                _ => measure,
            };
        }
        return new ComparisonMeasure(measure ?? throw place.Fault("it names no measure: euclidean, squaredEuclidean, chebychev, cityBlock, minkowski, simpleMatching, jaccard, tanimoto or binarySimilarity"), function);
    }

    private static Measure Binary(BinaryWeights weights) => new(MeasureKind.Binary, PrefersGreater: true, Weights: weights);

    private static double ReadPower(ElementReader e)
    {
        var power = e.RequireNumber("p-parameter");
        return power > 0 ? power : throw e.Fault($"p-parameter=\"{power}\" is not greater than 0");
    }

    private static BinaryWeights ReadWeights(ElementReader e) => new(
        e.RequireNumber("c11-parameter"), e.RequireNumber("c10-parameter"), e.RequireNumber("c01-parameter"), e.RequireNumber("c00-parameter"),
        e.RequireNumber("d11-parameter"), e.RequireNumber("d10-parameter"), e.RequireNumber("d01-parameter"), e.RequireNumber("d00-parameter"));
}
