using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Component("select")]
[Summary("Keeps these columns, in this order, and no others. Actions still see the columns of the source.")]
[Example("prepare: [ { select: [temp, hum, windspeed] } ]")]
public sealed record Select([Body, Summary("The columns to keep.")] ImmutableArray<string> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var kept = ImmutableArray.CreateBuilder<ColumnSpec>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (Columns.IsEmpty) binder.Problem("", "name at least one column");
        for (var i = 0; i < Columns.Length; i++)
        {
            if (!seen.Add(Columns[i])) binder.Problem($"[{i}]", $"column '{Columns[i]}' is named twice");
            else if (binder.Column($"[{i}]", Columns[i]) is { } column) kept.Add(column);
        }
        binder.ThrowIfAny();
        return new Step(new TableSchema(kept.ToImmutable()));
    }

    private sealed class Step(TableSchema output) : IStep
    {
        public TableSchema Output => output;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var column in output.Columns) rows.Add(rows.Remove(column.Name));
            while (rows.Count > output.Columns.Length) rows.Remove(rows[0].Name).Dispose();
        }
    }
}
