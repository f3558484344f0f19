using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Component("drop")]
[Summary("Removes these columns. Actions still see the columns of the source.")]
[Example("prepare: [ { drop: [casual, registered] } ]")]
public sealed record Drop([Body, Summary("The columns to remove; at least one other must stay.")] ImmutableArray<string> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Columns.Length; i++)
        {
            if (!dropped.Add(Columns[i])) binder.Problem($"[{i}]", $"column '{Columns[i]}' is named twice");
            else binder.Column($"[{i}]", Columns[i]);
        }
        if (Columns.IsEmpty) binder.Problem("", "name at least one column");
        else if (dropped.Count >= input.Columns.Length) binder.Problem("", "no column would be left");
        binder.ThrowIfAny();
        return new Step([.. dropped], new TableSchema(input.Columns.RemoveAll(c => dropped.Contains(c.Name))));
    }

    private sealed class Step(ImmutableArray<string> dropped, TableSchema output) : IStep
    {
        public TableSchema Output => output;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var name in dropped) rows.Remove(name).Dispose();
        }
    }
}
