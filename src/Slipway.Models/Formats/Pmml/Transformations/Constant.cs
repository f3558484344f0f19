using System.Globalization;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>Constant</c>. Without a data type it is what it looks like: an integer, a number, or text.</summary>
internal sealed record Constant(Place Place, string Text, CellFormat Format, bool IsMissing) : Expression(Place)
{
    public static Constant Read(ElementReader e)
    {
        var place = e.Place;
        var format = DataType.TryRead(e);
        var missing = e.Boolean("missing", false);
        var text = e.ReadText();
        return new Constant(place, text, format ?? Guess(text), missing);
    }

    public override RowExpression Bind(Scope scope)
    {
        if (IsMissing) return new ConstantExpression(Format.Type, Cell.Missing);
        var cell = scope.Program.Parse(Text, Format);
        if (Cell.IsInvalid(cell)) throw Place.Fault($"'{Text}' is not of type {Format.Name}");
        return new ConstantExpression(Format.Type, cell);
    }

    private static CellFormat Guess(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? CellFormat.Integer
        : NumberText.TryParse(text, out double _) ? CellFormat.Float64
        : CellFormat.Text;
}
