using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>FieldRef</c>: a field's value.</summary>
internal sealed record FieldRef(Place Place, string Field, string? MapMissingTo) : Expression(Place)
{
    public static FieldRef Read(ElementReader e) => new(e.Place, e.Require("field"), e.Attribute("mapMissingTo"));

    public override RowExpression Bind(Scope scope)
    {
        var field = scope.Resolve(Field, Place);
        return MapMissingTo is null ? field.Value : MissingAs.Bind(field.Value, MapMissingTo, field.Format, scope, Place);
    }
}

/// <summary>A value, or another when it is missing.</summary>
internal sealed class MissingAs(RowExpression value, double otherwise) : RowExpression(value.Type)
{
    public static RowExpression Bind(RowExpression value, string otherwise, CellFormat format, Scope scope, Place place)
    {
        var cell = scope.Program.Parse(otherwise, format);
        if (Cell.IsInvalid(cell)) throw place.Fault($"'{otherwise}', which stands for a missing value, is not of type {format.Name}");
        return new MissingAs(value, cell);
    }

    public override double Evaluate(in Row row)
    {
        var cell = value.Evaluate(row);
        return Cell.IsMissing(cell) ? otherwise : cell;
    }
}
