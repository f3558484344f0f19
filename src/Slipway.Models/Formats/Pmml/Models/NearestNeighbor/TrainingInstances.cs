using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.NearestNeighbor;

/// <summary>The element <c>InstanceField</c>: the column of the table that has a field's values.</summary>
internal readonly record struct InstanceField(Place Place, string Field, string Column);

/// <summary>The element <c>TrainingInstances</c>: the records that rows are compared with, as raw fields, derived ones, or both.</summary>
internal sealed record TrainingInstances(Place Place, ImmutableArray<InstanceField> Fields, InlineTable Table)
{
    public int Count => Table.Rows.Length;

    public static TrainingInstances Read(ElementReader e)
    {
        var place = e.Place;
        var fields = ImmutableArray.CreateBuilder<InstanceField>();
        InlineTable? table = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            switch (e.Name)
            {
                case "InstanceFields":
                    var fieldDepth = e.Depth;
                    while (e.ReadChild(fieldDepth))
                    {
                        if (e.Name == "InstanceField") fields.Add(new InstanceField(e.Place, e.Require("field"), e.Attribute("column") ?? e.Require("field")));
                    }
                    break;
                case "TableLocator":
                    throw e.Place.Unsupported("a table outside of the file");
                case "InlineTable":
                    table = InlineTable.Read(e);
                    break;
            }
        }
        if (table is null) throw place.Fault("it has no InlineTable");
        if (fields.Count == 0) throw place.Fault("it has no InstanceField");
        return new TrainingInstances(place, fields.DrainToImmutable(), table);
    }

    /// <summary>The texts of a field's column.</summary>
    /// <exception cref="Core.ModelException">There is no such column, or an instance has no value in it.</exception>
    public string[] Texts(string field, Place place)
    {
        foreach (var candidate in Fields)
        {
            if (candidate.Field != field) continue;
            var (texts, column) = (new string[Count], Table.IndexOf(candidate.Column));
            for (var row = 0; row < texts.Length; row++) texts[row] = Table.Cell(row, column) ?? throw Absent(candidate, row);
            return texts;
        }
        throw place.Fault($"TrainingInstances has no InstanceField for '{field}'");
    }

    /// <summary>
    /// The values that the fields have in every instance. A field that the table has is taken from it, others are derived from those, as for a row that is scored.
    /// </summary>
    /// <returns>For every field, its value in every instance.</returns>
    public double[][] Values(IReadOnlyList<BoundField> wanted, ModelScope scope)
    {
        var columns = new List<(InstanceField Field, BoundField Bound, int Slot, int Column)>();
        foreach (var field in Fields)
        {
            if (scope.Fields.TryResolve(field.Field) is { } bound && SlotOf(bound.Value) is { } slot) columns.Add((field, bound, slot, Table.IndexOf(field.Column)));
        }
        var values = new double[wanted.Count][];
        for (var f = 0; f < values.Length; f++) values[f] = new double[Count];
        var cells = new double[scope.Program.Slot()];
        for (var row = 0; row < Count; row++)
        {
            cells.AsSpan().Fill(Cell.Pending);
            foreach (var input in scope.Program.Inputs) cells[input.Slot] = Cell.Missing;
            foreach (var (field, bound, slot, column) in columns)
            {
                if (Table.Cell(row, column) is not { } text) continue;
                var cell = scope.Program.Parse(text, bound.Format);
                cells[slot] = Cell.IsInvalid(cell) ? throw field.Place.Fault($"instance {row + 1} has '{text}' for '{field.Field}', which is of type {bound.Format.Name}") : cell;
            }
            var texts = new RowTexts(scope.Program.Symbols);
            for (var f = 0; f < values.Length; f++)
            {
                values[f][row] = Derive(wanted[f], new Row(cells, texts), row);
                if (Cell.IsMissing(values[f][row])) throw Place.Fault($"instance {row + 1} has no value for '{wanted[f].Name}'");
            }
            for (var f = 0; f < values.Length; f++)
            {
                if (wanted[f].Type == CellType.Text) values[f][row] = scope.Program.Symbols.Intern(texts[values[f][row]]);
            }
        }
        return values;
    }

    private double Derive(BoundField field, in Row instance, int row)
    {
        try
        {
            return field.Value.Evaluate(instance);
        }
        catch (Core.RecordException e)
        {
            throw Place.Fault($"instance {row + 1} has no value for '{field.Name}': {e.Message}");
        }
    }

    private static int? SlotOf(RowExpression value) => value switch
    {
        SlotExpression slot => slot.Slot,
        DerivedExpression derived => derived.Slot,
        _ => null,
    };

    private static Core.ModelException Absent(InstanceField field, int row) => field.Place.Fault($"instance {row + 1} has no value in the column '{field.Column}'");
}
