using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Component("rename")]
[Summary("Gives columns new names, all at once: two columns may swap theirs. Actions see the column under both names.")]
[Example("prepare: [ { rename: { cnt: count, temp: temperature } } ]")]
public sealed record Rename([Body, Summary("For each column its new name.")] OrderedDictionary<string, string> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        if (Columns.Count == 0) binder.Problem("", "name at least one column");
        foreach (var (from, _) in Columns) binder.Column(from, from);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in input.Columns)
        {
            if (!Columns.ContainsKey(column.Name)) taken.Add(column.Name);
        }
        foreach (var (from, to) in Columns)
        {
            if (to.Length == 0) binder.Problem(from, "the new name is empty");
            else if (!taken.Add(to)) binder.Problem(from, $"there is a column '{to}' already");
        }
        binder.ThrowIfAny();
        var output = new TableSchema([.. input.Columns.Select(c => Columns.TryGetValue(c.Name, out var to) ? c with { Name = to } : c)]);
        return new Step([.. input.Names], output);
    }

    private sealed class Step(ImmutableArray<string> before, TableSchema output) : IStep
    {
        public TableSchema Output => output;

        /// <summary>Every column is taken out and put back under its new name, so that swapped names never meet.</summary>
        public void Apply(Batch rows, RowFaults faults)
        {
            var columns = new Tensor[before.Length];
            for (var i = 0; i < columns.Length; i++) columns[i] = rows.Remove(before[i]);
            for (var i = 0; i < columns.Length; i++)
            {
                using var column = new Batch(columns[i]);
                column.Rename(before[i], output.Columns[i].Name);
                rows.Add(column.Remove(output.Columns[i].Name));
            }
        }
    }
}
