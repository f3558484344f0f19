using System.Collections.Immutable;

namespace Slipway.Models.Rows.Comparisons;

/// <summary>How two values of one field are compared (PMML 4.4.1, Clustering Models: COMPARE-FUNCTION).</summary>
internal enum CompareFunction : byte
{
    /// <summary>|x − y|.</summary>
    AbsoluteDifference,

    /// <summary>exp(−ln 2 · (x − y)² / s²): 1 for equal values, ½ for values s apart.</summary>
    GaussianSimilarity,

    /// <summary>0 for equal values, else 1.</summary>
    Delta,

    /// <summary>1 for equal values, else 0.</summary>
    Equal,

    /// <summary>A number listed for every pair of values.</summary>
    Table,
}

/// <summary>A field by which points are compared.</summary>
/// <param name="Name">For messages.</param>
/// <param name="SimilarityScale">The distance at which <see cref="CompareFunction.GaussianSimilarity"/> is ½.</param>
/// <param name="Table">For <see cref="CompareFunction.Table"/>.</param>
internal sealed record ComparedField(
    string Name, RowExpression Value, CompareFunction Function, double Weight = 1, double SimilarityScale = 1, ComparisonTable? Table = null)
{
    private readonly double _decay = -Math.Log(2) / (SimilarityScale * SimilarityScale);

    /// <param name="x">The row's value.</param>
    /// <param name="y">The point's.</param>
    public double Compare(double x, double y) => Function switch
    {
        CompareFunction.AbsoluteDifference => Math.Abs(x - y),
        CompareFunction.GaussianSimilarity => Math.Exp(_decay * (x - y) * (x - y)),
        CompareFunction.Delta => x == y ? 0 : 1,
        CompareFunction.Equal => x == y ? 1 : 0,
        _ => Table!.Find(x, y),
    };
}

/// <summary>A number for every pair of a field's values, in the order in which the field lists them.</summary>
internal sealed class ComparisonTable(ImmutableArray<double> values, ImmutableArray<double> numbers)
{
    /// <returns>NaN when the field does not list one of the values.</returns>
    public double Find(double x, double y)
    {
        var (row, column) = (values.IndexOf(x), values.IndexOf(y));
        return row < 0 || column < 0 ? double.NaN : numbers[(row * values.Length) + column];
    }
}
