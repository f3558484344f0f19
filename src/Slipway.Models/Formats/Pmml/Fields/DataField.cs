using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Fields;

internal enum ValueProperty : byte
{
    Valid,
    Invalid,
    Missing,
}

/// <summary>A value that a field or target lists.</summary>
/// <param name="Display">What people call it.</param>
internal sealed record FieldValue(string Value, string? Display, ValueProperty Property)
{
    private static readonly Choices<ValueProperty> Properties = new(
        ("valid", ValueProperty.Valid), ("invalid", ValueProperty.Invalid), ("missing", ValueProperty.Missing));

    public static FieldValue Read(ElementReader e) => new(e.Require("value"), e.Attribute("displayValue"), e.Choice("property", Properties, ValueProperty.Valid));
}

/// <summary>A field of the data dictionary (PMML 4.4.1, DataDictionary).</summary>
internal sealed record DataField(
    Place Place, string Name, OpType OpType, CellFormat Format, ImmutableArray<FieldValue> Values, ImmutableArray<Interval> Intervals)
{
    public static DataField Read(ElementReader e)
    {
        var place = e.Place;
        var name = e.Require("name");
        var format = DataType.TryRead(e);
        var opType = OpTypes.TryRead(e);
        var values = ImmutableArray.CreateBuilder<FieldValue>();
        var intervals = ImmutableArray.CreateBuilder<Interval>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Value") values.Add(FieldValue.Read(e));
            else if (e.Name == "Interval") intervals.Add(IntervalElement.Read(e));
        }
        format ??= opType == Fields.OpType.Continuous ? CellFormat.Float64 : CellFormat.Text;
        return new DataField(place, name, opType ?? OpTypes.Of(format.Type), format, values.DrainToImmutable(), intervals.DrainToImmutable());
    }
}

/// <summary>The element <c>Interval</c>: of allowed values, of a bin.</summary>
internal static class IntervalElement
{
    public static Interval Read(ElementReader e)
    {
        var (low, high) = (e.Number("leftMargin", double.NegativeInfinity), e.Number("rightMargin", double.PositiveInfinity));
        return e.Require("closure") switch
        {
            "openOpen" => new Interval(low, high, false, false),
            "openClosed" => new Interval(low, high, false, true),
            "closedOpen" => new Interval(low, high, true, false),
            "closedClosed" => new Interval(low, high, true, true),
            var closure => throw e.Fault($"closure=\"{closure}\" is unknown; it may be openOpen, openClosed, closedOpen, closedClosed"),
        };
    }
}
