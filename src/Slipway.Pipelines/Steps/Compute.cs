using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Component("expression")]
[Summary("Computes columns, one after another: a later one may use an earlier one. The name of an existing column replaces it in its place; a new one comes last.")]
[Example("""prepare: [ { expression: { power: "torque * speed * 2 * 3.14159 / 60", is-hot: "power > 9000" } } ]""")]
public sealed record Compute([Body, Summary("For each column its formula, in this order.")] OrderedDictionary<string, Expression> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var formulas = ImmutableArray.CreateBuilder<KeyValuePair<string, BoundExpression>>();
        var schema = input;
        if (Columns.Count == 0) binder.Problem("", "name at least one column");
        foreach (var (name, expression) in Columns)
        {
            if (name.Length == 0) binder.Problem(name, "the name of the column is empty");
            try
            {
                var bound = expression.Bind(schema);
                formulas.Add(new(name, bound));
                schema = StepBinder.With(schema, new ColumnSpec(name, bound.Type));
            }
            catch (SpecException e)
            {
                foreach (var problem in e.Problems) binder.Problem(name, problem.Message);
            }
        }
        binder.ThrowIfAny();
        return new Step(formulas.ToImmutable(), schema);
    }

    private sealed class Step(ImmutableArray<KeyValuePair<string, BoundExpression>> formulas, TableSchema output) : IStep
    {
        public TableSchema Output => output;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var (name, formula) in formulas) rows.Set(formula.Evaluate(rows, name));
        }
    }
}
