using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>NormContinuous</c>: a number on the line through the points <c>LinearNorm</c> (PMML 4.4.1, Transformations: Normalization).</summary>
internal sealed record NormContinuous(Place Place, string Field, double[] From, double[] To, OutlierTreatment Outliers, double MapMissingTo) : Expression(Place)
{
    private static readonly Choices<OutlierTreatment> Treatments = new(
        ("asIs", OutlierTreatment.Keep), ("asMissingValues", OutlierTreatment.AsMissing), ("asExtremeValues", OutlierTreatment.AsExtreme));

    public static NormContinuous Read(ElementReader e)
    {
        var place = e.Place;
        var (field, outliers, missing) = (e.Require("field"), e.Choice("outliers", Treatments, OutlierTreatment.Keep), e.Number("mapMissingTo", Cell.Missing));
        var (from, to) = (new List<double>(), new List<double>());
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "LinearNorm") continue;
            from.Add(e.RequireNumber("orig"));
            to.Add(e.RequireNumber("norm"));
            if (!double.IsFinite(from[^1])) throw e.Fault($"orig=\"{from[^1]}\" is not a finite number");
            if (from.Count > 1 && from[^1] < from[^2]) throw e.Fault($"orig=\"{from[^1]}\" comes after {from[^2]}: the points must ascend");
        }
        if (from.Count < 2) throw place.Fault($"a line needs two LinearNorm or more, {from.Count} given");
        return new NormContinuous(place, field, [.. from], [.. to], outliers, missing);
    }

    public override RowExpression Bind(Scope scope) => new PiecewiseLinearExpression(Number(Field, scope), From, To, Outliers, MapMissingTo);
}
