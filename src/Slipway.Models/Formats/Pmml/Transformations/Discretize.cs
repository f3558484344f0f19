using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>DiscretizeBin</c>.</summary>
internal readonly record struct DiscretizeBin(Place Place, Interval Interval, string Value)
{
    public static DiscretizeBin Read(ElementReader e)
    {
        var (place, value) = (e.Place, e.Require("binValue"));
        Interval? interval = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Interval") interval = IntervalElement.Read(e);
        }
        if (interval is not { } found) throw place.Fault("it has no Interval");
        if (!(found.Low <= found.High)) throw place.Fault($"the interval {found} is not one: its left margin must not be greater than its right");
        return new DiscretizeBin(place, found, value);
    }
}

/// <summary>The element <c>Discretize</c>: the value of the bin that a number is in (PMML 4.4.1, Transformations: Discretization).</summary>
internal sealed record Discretize(
    Place Place, string Field, CellFormat? Format, string? DefaultValue, string? MapMissingTo, ImmutableArray<DiscretizeBin> Bins)
    : TextChoice(Place, Format, DefaultValue, MapMissingTo)
{
    public static Discretize Read(ElementReader e)
    {
        var discretize = new Discretize(e.Place, e.Require("field"), DataType.TryRead(e), e.Attribute("defaultValue"), e.Attribute("mapMissingTo"), []);
        var bins = ImmutableArray.CreateBuilder<DiscretizeBin>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "DiscretizeBin") bins.Add(DiscretizeBin.Read(e));
        }
        return discretize with { Bins = bins.DrainToImmutable() };
    }

    protected override RowExpression Bind(CellFormat wanted, Scope scope)
    {
        var bins = new Bin[Bins.Length];
        for (var i = 0; i < bins.Length; i++) bins[i] = new Bin(Bins[i].Interval, Parse(Bins[i].Value, wanted, Bins[i].Place, scope));
        return new BinExpression(Number(Field, scope), wanted.Type, bins, Parse(DefaultValue, wanted, Place, scope), Parse(MapMissingTo, wanted, Place, scope));
    }
}
