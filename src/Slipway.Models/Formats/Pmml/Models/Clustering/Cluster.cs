using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows.Clusters;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>The element <c>Cluster</c>.</summary>
/// <param name="Numbers">The centre's coordinates; empty when they are texts or absent.</param>
/// <param name="Texts">The centre's coordinates when they are texts.</param>
/// <param name="Size">How many training records it has.</param>
/// <param name="Covariances">Of the coordinates; null when absent.</param>
/// <param name="Partition">Statistics of the fields; null when absent.</param>
internal sealed record Cluster(
    Place Place, string? Id, string? Name, double? Size, ImmutableArray<double> Numbers, ImmutableArray<string> Texts, MatrixElement? Covariances,
    Partition? Partition)
{
    public static Cluster Read(ElementReader e)
    {
        var cluster = new Cluster(e.Place, e.Attribute("id"), e.Attribute("name"), e.Number("size"), [], [], null, null);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            switch (e.Name)
            {
                case "Array" when e.Attribute("type") == "string":
                    cluster = cluster with { Texts = ArrayElement.ReadTexts(e) };
                    break;
                case "Array" or "INT-SparseArray" or "REAL-SparseArray":
                    cluster = cluster with { Numbers = ArrayElement.ReadNumbers(e) };
                    break;
                case "Partition":
                    cluster = cluster with { Partition = Partition.Read(e) };
                    break;
                case "Covariances":
                    var matrixDepth = e.Depth;
                    while (e.ReadChild(matrixDepth))
                    {
                        if (e.Name == "Matrix") cluster = cluster with { Covariances = MatrixElement.Read(e) };
                    }
                    break;
            }
        }
        return cluster;
    }

    /// <summary>How many records it has beside the others: 1 when the file does not say.</summary>
    public double Weight => (Size ?? Partition?.Size ?? 1) is > 0 and < double.PositiveInfinity and var size ? size : throw Place.Fault($"size=\"{Size ?? Partition?.Size}\" is not greater than 0");

    /// <summary>Of a distribution-based model: the centre and the covariances make a Gaussian, the size its share.</summary>
    public Gaussian Density(double[] center)
    {
        if (Covariances!.Rows != center.Length || Covariances.Columns != center.Length) throw Place.Fault($"Covariances is a matrix of {Covariances.Rows} × {Covariances.Columns}, {center.Length} fields are compared");
        return Gaussian.TryCreate(center, Covariances.Values.AsSpan(), Weight) ?? throw Place.Fault("Covariances is not positive definite");
    }

    /// <summary>The centre's coordinates as cells of the fields that have one.</summary>
    public double[] Center(IReadOnlyList<BoundField> fields, Scope scope)
    {
        var count = Math.Max(Numbers.Length, Texts.Length);
        if (count != fields.Count) throw Place.Fault($"the centre has {count} coordinates, {fields.Count} fields are compared");
        if (Texts.IsEmpty) return [.. Numbers];
        var center = new double[count];
        for (var i = 0; i < count; i++) center[i] = PredicateConstant.Parse(Texts[i], fields[i], scope, Place);
        return center;
    }
}
