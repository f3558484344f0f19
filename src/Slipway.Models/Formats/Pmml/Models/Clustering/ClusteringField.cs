using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Comparisons;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>A field that records are compared by: the elements <c>ClusteringField</c> and <c>KNNInput</c>.</summary>
/// <param name="IsCenterField">The clusters' centres have a coordinate for it.</param>
/// <param name="Function">Null for the comparison measure's.</param>
/// <param name="Comparisons">The matrix of the compare function <c>table</c>, by the field's values.</param>
internal sealed record ClusteringField(
    Place Place, string Field, bool IsCenterField, double Weight, double? SimilarityScale, CompareFunction? Function, MatrixElement? Comparisons)
{
    public static ClusteringField Read(ElementReader e)
    {
        var field = new ClusteringField(
            e.Place, e.Require("field"), e.Boolean("isCenterField", true), e.Number("fieldWeight", 1), e.Number("similarityScale"),
            e.Attribute("compareFunction") is null ? null : e.RequireChoice("compareFunction", ComparisonMeasure.Functions), null);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Comparisons") field = field with { Comparisons = ReadComparisons(e) };
        }
        return field;
    }

    public ComparedField Bind(Scope scope, CompareFunction otherwise, out BoundField bound)
    {
        bound = scope.Resolve(Field, Place);
        var function = Function ?? otherwise;
        return Compare(Place, Field, bound, function, Weight, SimilarityScale, function == CompareFunction.Table ? BindTable(bound) : null);
    }

    public static ComparedField Compare(Place place, string name, BoundField bound, CompareFunction function, double weight, double? scale, ComparisonTable? table)
    {
        if (bound.Type == CellType.Text && function is CompareFunction.AbsoluteDifference or CompareFunction.GaussianSimilarity)
        {
            throw place.Fault($"the field '{name}' is text, and only numbers have differences: compare it by delta, equal or table");
        }
        if (function == CompareFunction.GaussianSimilarity && !(scale > 0)) throw place.Fault("the compare function gaussSim needs a positive similarityScale");
        return new ComparedField(name, bound.Value, function, weight, scale ?? 1, table);
    }

    private ComparisonTable BindTable(BoundField bound)
    {
        var count = bound.Categories.Length;
        if (Comparisons is null) throw Place.Fault("the compare function table needs the element Comparisons");
        if (Comparisons.Rows != count || Comparisons.Columns != count) throw Place.Fault($"Comparisons is a matrix of {Comparisons.Rows} × {Comparisons.Columns}, the field '{Field}' lists {count} values");
        return new ComparisonTable(bound.Categories, Comparisons.Values);
    }

    private static MatrixElement ReadComparisons(ElementReader e)
    {
        MatrixElement? matrix = null;
        var place = e.Place;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Matrix") matrix = MatrixElement.Read(e);
        }
        return matrix ?? throw place.Fault("it has no Matrix");
    }
}
