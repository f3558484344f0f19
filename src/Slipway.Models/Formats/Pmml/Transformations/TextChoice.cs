using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>An expression whose results are among texts that the file gives, of the type that it names or else of the type that is needed.</summary>
/// <param name="Format">The attribute <c>dataType</c>.</param>
internal abstract record TextChoice(Place Place, CellFormat? Format, string? DefaultValue, string? MapMissingTo) : Expression(Place)
{
    public sealed override RowExpression Bind(Scope scope) => Bind(Format ?? CellFormat.Text, scope);

    public sealed override RowExpression BindAs(CellFormat format, Scope scope) => Bind(format, scope);

    /// <summary>Binds to an expression whose cells are of the wanted type.</summary>
    protected abstract RowExpression Bind(CellFormat wanted, Scope scope);

    /// <summary>A result as a cell of the wanted type; missing when there is none.</summary>
    protected double Parse(string? text, CellFormat wanted, Place place, Scope scope)
    {
        if (text is null) return Cell.Missing;
        var format = Format ?? wanted;
        var cell = scope.Program.Parse(text, format);
        if (Cell.IsInvalid(cell)) throw place.Fault($"'{text}' is not of type {format.Name}");
        return format.Type == wanted.Type ? cell : ((ConstantExpression)Cast(new ConstantExpression(format.Type, cell), wanted.Type, scope)).Cell;
    }
}
