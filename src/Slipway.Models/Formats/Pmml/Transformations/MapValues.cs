using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>FieldColumnPair</c>: a field's value is looked for in a column of the table.</summary>
internal readonly record struct FieldColumnPair(Place Place, string Field, string Column);

/// <summary>The element <c>MapValues</c>: what a table has for the values of one or more fields (PMML 4.4.1, Transformations: Map Values).</summary>
internal sealed record MapValues(
    Place Place, ImmutableArray<FieldColumnPair> Pairs, string OutputColumn, CellFormat? Format, string? DefaultValue, string? MapMissingTo, InlineTable Table)
    : TextChoice(Place, Format, DefaultValue, MapMissingTo)
{
    public static MapValues Read(ElementReader e)
    {
        var map = new MapValues(
            e.Place, [], e.Require("outputColumn"), DataType.TryRead(e), e.Attribute("defaultValue"), e.Attribute("mapMissingTo"), InlineTable.Empty);
        var pairs = ImmutableArray.CreateBuilder<FieldColumnPair>();
        var table = InlineTable.Empty;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "FieldColumnPair") pairs.Add(new FieldColumnPair(e.Place, e.Require("field"), e.Require("column")));
            else if (e.Name == "InlineTable") table = InlineTable.Read(e);
            else if (e.Name == "TableLocator") throw e.Place.Unsupported("a table outside the file; put it into an InlineTable: this");
        }
        if (pairs.Count == 0) throw map.Place.Fault("it has no FieldColumnPair");
        return map with { Pairs = pairs.DrainToImmutable(), Table = table };
    }

    protected override RowExpression Bind(CellFormat wanted, Scope scope)
    {
        var fields = new BoundField[Pairs.Length];
        for (var i = 0; i < fields.Length; i++) fields[i] = scope.Resolve(Pairs[i].Field, Pairs[i].Place);
        var table = Fill(fields, wanted, scope);
        var (otherwise, missing) = (Parse(DefaultValue, wanted, Place, scope), Parse(MapMissingTo, wanted, Place, scope));
        return fields.Length == 1
            ? new LookupExpression(fields[0].Value, table, wanted.Type, otherwise, missing)
            : new CombinedLookupExpression([.. fields.Select(f => f.Value)], scope.Program.Slots(fields.Length), table, wanted.Type, otherwise, missing);
    }

    private CellTable Fill(BoundField[] fields, CellFormat wanted, Scope scope)
    {
        var table = new CellTable(fields.Length, Table.Rows.Length);
        if (Table.Rows.IsEmpty) return table;
        var columns = new int[fields.Length];
        for (var i = 0; i < columns.Length; i++) columns[i] = Column(Pairs[i].Column, Pairs[i].Place);
        var output = Column(OutputColumn, Place);
        var key = new double[fields.Length];
        for (var row = 0; row < Table.Rows.Length; row++)
        {
            if (!TryKey(row, columns, fields, scope, key)) continue;
            var value = Parse(Table.Cell(row, output), wanted, Place, scope);
            if (!table.TryAdd(key, value, out var present) && !present.Equals(value)) throw Place.Fault($"row {row + 1} of the table has the same values as one before it, but another result");
        }
        return table;
    }

    /// <summary>A row that lacks a value, or has one that is not of the field's type, can never be found.</summary>
    private bool TryKey(int row, int[] columns, BoundField[] fields, Scope scope, double[] key)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (Table.Cell(row, columns[i]) is not { } text) return false;
            key[i] = scope.Program.Parse(text, fields[i].Format);
            if (Cell.IsInvalid(key[i])) return false;
        }
        return true;
    }

    private int Column(string name, Place place)
    {
        var column = Table.IndexOf(name);
        return column >= 0 ? column : throw place.Fault($"the table has no column '{name}'; it has {string.Join(", ", Table.Columns.Take(20))}");
    }
}
