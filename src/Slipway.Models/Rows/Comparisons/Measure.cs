namespace Slipway.Models.Rows.Comparisons;

internal enum MeasureKind : byte
{
    Euclidean,
    SquaredEuclidean,
    Chebychev,
    CityBlock,
    Minkowski,

    /// <summary>A quotient of weighted counts of fields by whether they are 1 in both, one, or none of the points.</summary>
    Binary,
}

/// <summary>How the comparisons of the fields become one number for two points (PMML 4.4.1, Clustering Models: ComparisonMeasure).</summary>
/// <param name="PrefersGreater">Points that are alike have great numbers (similarities) rather than small ones (distances).</param>
/// <param name="Power">Of <see cref="MeasureKind.Minkowski"/>.</param>
internal sealed record Measure(MeasureKind Kind, bool PrefersGreater, double Power = 1, BinaryWeights? Weights = null)
{
    public bool IsBetter(double affinity, double than) => PrefersGreater ? affinity > than : affinity < than;

    /// <summary>A field's comparison added to those before, which begin with 0; not of <see cref="MeasureKind.Binary"/>.</summary>
    public double Add(double sum, double weight, double comparison) => Kind switch
    {
        MeasureKind.Euclidean or MeasureKind.SquaredEuclidean => sum + (weight * (comparison * comparison)),
        MeasureKind.Chebychev => Math.Max(sum, weight * comparison),
        MeasureKind.Minkowski => sum + (weight * Math.Pow(comparison, Power)),
        _ => sum + (weight * comparison),
    };

    /// <summary>What the sum of all fields means.</summary>
    public double Finish(double sum) => Kind switch
    {
        MeasureKind.Euclidean => Math.Sqrt(sum),
        MeasureKind.Minkowski => Math.Pow(sum, 1 / Power),
        _ => sum,
    };
}

/// <summary>
/// Weights of the counts of fields that are 1 in both points, in the first only, in the second only, in neither: of the numerator, then the denominator.
/// </summary>
internal sealed record BinaryWeights(double C11, double C10, double C01, double C00, double D11, double D10, double D01, double D00)
{
    public static BinaryWeights SimpleMatching { get; } = new(1, 0, 0, 1, 1, 1, 1, 1);

    public static BinaryWeights Jaccard { get; } = new(1, 0, 0, 0, 1, 1, 1, 0);

    public static BinaryWeights Tanimoto { get; } = new(1, 0, 0, 1, 1, 2, 2, 1);

    /// <returns>0 when there is nothing to divide by.</returns>
    public double Similarity(double a11, double a10, double a01, double a00)
    {
        var denominator = (D11 * a11) + (D10 * a10) + (D01 * a01) + (D00 * a00);
        return denominator == 0 ? 0 : ((C11 * a11) + (C10 * a10) + (C01 * a01) + (C00 * a00)) / denominator;
    }
}
