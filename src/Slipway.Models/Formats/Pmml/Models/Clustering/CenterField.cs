using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows.Comparisons;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>
/// A coordinate of the centres in files before PMML 3.1, where the element <c>CenterFields</c> makes them from the input fields: a categorical field may have one
/// for each of its values. A <c>ClusteringField</c> says how the coordinates of its field are compared.
/// </summary>
internal sealed record CenterField(DerivedField Definition)
{
    private string? Source => Definition.Definition switch
    {
        NormContinuous number => number.Field,
        NormDiscrete category => category.Field,
        FieldRef reference => reference.Field,
        _ => null,
    };

    private string Name => Definition.Name.Length > 0 ? Definition.Name : Source ?? "";

    /// <summary>Derived fields (PMML 3), or normalizations alone (PMML 2).</summary>
    public static ImmutableArray<CenterField> ReadAll(ElementReader e)
    {
        var place = e.Place;
        var coordinates = ImmutableArray.CreateBuilder<CenterField>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            var at = e.Place;
            if (e.Name == "DerivedField") coordinates.Add(new CenterField(DerivedField.Read(e)));
            else if (Expression.TryRead(e) is { } expression) coordinates.Add(new CenterField(new DerivedField(at, "", null, null, expression, [])));
        }
        return coordinates.Count > 0 ? coordinates.DrainToImmutable() : throw place.Fault("it has no DerivedField, NormContinuous or NormDiscrete");
    }

    public ComparedField Bind(Scope scope, ImmutableArray<ClusteringField> fields, CompareFunction otherwise, out BoundField bound)
    {
        bound = Definition.Bind(scope);
        var field = fields.FirstOrDefault(f => f.Field == Definition.Name) ?? fields.FirstOrDefault(f => f.Field == Source);
        var function = field?.Function ?? otherwise;
        if (function == CompareFunction.Table) throw Definition.Place.Fault("a coordinate is not compared by a table of the values of its field");
        return ClusteringField.Compare(field?.Place ?? Definition.Place, Name, bound, function, field?.Weight ?? 1, field?.SimilarityScale, null);
    }
}
