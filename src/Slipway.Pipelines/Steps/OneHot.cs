using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Summary("What happens to a row whose value is not in the list, or missing.")]
public enum UnknownValue
{
    [Summary("The row goes to quarantine.")] Error,
    [Summary("All new columns are 0.")] Zero,
}

[Component("one-hot")]
[Summary("Replaces a column by one integer column for each value: 1 where the row has that value, else 0. The new columns come last and are called prefix + value.")]
[Example("prepare: [ { one-hot: { column: season, values: [1, 2, 3, 4] } } ]   # → season_1, season_2, season_3, season_4")]
[Example("prepare: [ { one-hot: { column: weather, values: [clear, rain], unknown: zero, prefix: is- } } ]   # → is-clear, is-rain")]
public sealed record OneHot(
    [Summary("Text, integers or booleans; numbers are compared as 64-bit floating point.")] string Column,
    [Summary("The values, each once.")] ImmutableArray<object> Values,
    [Summary("Keep the column too.")] bool Keep = false,
    [Summary("What happens to a value that is not listed.")] UnknownValue Unknown = UnknownValue.Error,
    [Summary("The beginning of the new names; the column's name and '_' when absent, so that expressions can use them.")] string? Prefix = null) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var values = new List<Literal>();
        var names = new List<string>();
        if (Values.IsDefaultOrEmpty) binder.Problem("values", "list at least one value");
        else if (binder.Column("column", Column) is { } column) BindValues(binder, column, values, names);
        binder.ThrowIfAny();
        var rest = Keep ? input : new TableSchema(input.Columns.RemoveAll(c => c.Name == Column));
        return new Step(this, [.. values], [.. names], StepBinder.With(rest, names.Select(n => new ColumnSpec(n, ElementType.Int64))));
    }

    private void BindValues(StepBinder binder, ColumnSpec column, List<Literal> values, List<string> names)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (!Literal.TryRead(Values[i], column.Type, out var literal, out var why))
            {
                binder.Problem($"values[{i}]", why);
                continue;
            }
            var name = (Prefix ?? Column + "_") + Literal.Show(Values[i]);
            if (names.Contains(name) || values.Exists(v => v.Number == literal.Number && v.Text.AsSpan().SequenceEqual(literal.Text))) binder.Problem($"values[{i}]", $"{Literal.Show(Values[i])} is listed twice");
            else if (binder.Input.Find(name) is not null && (Keep || name != Column)) binder.Problem($"values[{i}]", $"there is a column '{name}' already; choose another prefix");
            values.Add(literal);
            names.Add(name);
        }
    }

    private sealed class Step(OneHot spec, ImmutableArray<Literal> values, ImmutableArray<string> names, TableSchema output) : IStep
    {
        public TableSchema Output => output;

        public void Apply(Batch rows, RowFaults faults)
        {
            var column = spec.Keep ? rows[spec.Column] : rows.Remove(spec.Column);
            var columns = new Tensor[names.Length];
            for (var i = 0; i < columns.Length; i++) columns[i] = new Tensor(names[i], ElementType.Int64, column.Rows);
            for (var row = 0; row < column.Rows; row++)
            {
                var at = column.IsMissing(row) ? -1 : column.Type == ElementType.Bytes ? IndexOf(column.GetBytes(row)) : IndexOf(column.NumberAt(row));
                if (at >= 0) columns[at].Values<long>()[row] = 1;
                else if (spec.Unknown == UnknownValue.Error) faults.Add(row, Reason(column, row));
            }
            foreach (var added in columns) rows.Add(added);
            if (!spec.Keep) column.Dispose();
        }

        private int IndexOf(ReadOnlySpan<byte> text)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (text.SequenceEqual(values[i].Text)) return i;
            }
            return -1;
        }

        private int IndexOf(double number)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (number == values[i].Number) return i;
            }
            return -1;
        }

        private static string Reason(Tensor column, int row) =>
            column.IsMissing(row) ? $"'{column.Name}' is missing, and one-hot has no column for that"
            : $"'{column.Name}': {(column.Type == ElementType.Bytes ? StepBinder.Quote(column.GetBytes(row)) : column.NumberAt(row).ToString(System.Globalization.CultureInfo.InvariantCulture))} is not among the values of one-hot";
    }
}
