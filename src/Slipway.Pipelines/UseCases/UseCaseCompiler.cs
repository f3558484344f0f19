using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Steps;
using Slipway.Pipelines.Triggers;

namespace Slipway.Pipelines.UseCases;

/// <summary>From what a use case file says to what it means.</summary>
public static class UseCaseCompiler
{
    /// <summary>Resolves every name and type from the source's columns through the steps and the model to conditions and watches.</summary>
    /// <param name="watchScope">What watches may speak of, given the columns that are kept (prepared columns and outputs); null leaves watches unbound.</param>
    /// <param name="source">Of a request source that lists no columns: empty, and the model's are taken.</param>
    /// <exception cref="SpecException">Lists every problem with its path, line and column.</exception>
    public static BoundUseCase Bind(
        SpecDocument<UseCaseSpec> document, TableSchema source, Signature model, Func<TableSchema, IWatchScope>? watchScope = null)
    {
        var binding = new Binding(document);
        var bound = binding.Bind(source, model, watchScope);
        return binding.Problems.Count == 0 ? bound! : throw binding.ToException();
    }

    /// <summary>
    /// Lint: binds as far as what is known allows. Without the source's columns neither steps nor conditions can be resolved; without the
    /// model's signature neither can whatever comes after it.
    /// </summary>
    public static UseCaseCheck Check(
        SpecDocument<UseCaseSpec> document, TableSchema? source, Signature? model, Func<TableSchema, IWatchScope>? watchScope = null)
    {
        var binding = new Binding(document);
        var bound = binding.Bind(source, model, watchScope);
        return new UseCaseCheck([.. binding.Problems], [.. binding.NotChecked], bound?.Outputs.Notes ?? []);
    }

    /// <summary>What is wrong with a model whatever the source's columns are: the part of <see cref="Bind"/> that needs no source.</summary>
    /// <exception cref="SpecException">No use case can have this model.</exception>
    public static void RequireUsable(SpecDocument<UseCaseSpec> document, Signature model)
    {
        var binding = new Binding(document);
        if (!binding.IsUsable(model)) throw binding.ToException();
    }

    private static TableSchema ColumnsOf(Signature signature) => new([
        .. signature.Inputs.SelectMany(input => (input.Columns.IsEmpty ? [input.Name] : input.Columns).Select(name => new ColumnSpec(name, input.Type)))
            .DistinctBy(column => column.Name)]);

    private sealed class Binding(SpecDocument<UseCaseSpec> document)
    {
        private readonly UseCaseSpec _spec = document.Value;

        public List<SpecProblem> Problems { get; } = [];

        public List<string> NotChecked { get; } = [];

        public SpecException ToException() => new(document.File, [.. Problems.OrderBy(p => p.Line).ThenBy(p => p.Column)]);

        /// <returns>Null when something is unknown or wrong that the rest depends on.</returns>
        public BoundUseCase? Bind(TableSchema? source, Signature? model, Func<TableSchema, IWatchScope>? watchScope)
        {
            BindTrigger();
            if (_spec.Source is RequestSource && source is null or { Columns.IsEmpty: true }) source = model is null ? null : ColumnsOf(model);
            BindAlerts();
            if (model is not null && !IsUsable(model))
            {
                NotChecked.Add("prepare, act, monitor and tests: no use case can have this model");
                return null;
            }
            if (source is null)
            {
                NotChecked.Add("prepare, act, monitor and tests: the columns of the source are not known");
                return null;
            }
            BindGivenRows(source);
            if (BindSteps(source) is not { } steps) return null;
            var prepared = steps.IsEmpty ? source : steps[^1].Step.Output;
            if (model is null)
            {
                NotChecked.Add($"model inputs, act, monitor and tests: the signature of {_spec.Model} is not known");
                return null;
            }
            foreach (var problem in ModelInputs.Problems(model, prepared)) Report("model", problem);
            var outputs = ModelOutputs.Of(model);
            var acted = ActedSchema(source, prepared, outputs);
            if (acted is null) return null;
            var actions = BindActions(acted);
            BindExpectedColumns(acted);
            var watches = BindWatches(prepared, outputs, watchScope);
            return new BoundUseCase(_spec, model, source, steps, prepared, outputs, acted, actions, watches);
        }

        public bool IsUsable(Signature model)
        {
            var wholeRequests = _spec.Source is RequestSource; // A request is prepared and scored in one batch.
            if (model.Rows == RowRelation.Independent || (model.Rows == RowRelation.Ordered && wholeRequests)) return true;
            var at = _spec.Model.Alias ?? _spec.Model.Version?.ToString(CultureInfo.InvariantCulture);
            var answers = model.Rows == RowRelation.Ordered ? "answers each row by the rows before it too" : "answers whole baskets, histories or forecasts, not rows";
            Report("model",
                $"{_spec.Model} {answers}, but a use case prepares, scores, acts on and keeps every row by itself; score files with 'slipway score --model {_spec.Model}', "
                + $"or send whole requests to the model itself: POST /v2/models/{_spec.Model.Name}{(at is null ? "" : $"/versions/{at}")}/infer");
            return false;
        }

        private void BindTrigger()
        {
            if (_spec.Source is RequestSource && _spec.Trigger is not (null or OnRequest))
            {
                Report("trigger", "nothing arrives by itself from the source 'request'; write on-request, or leave the trigger out");
            }
        }

        private ImmutableArray<BoundStep>? BindSteps(TableSchema schema)
        {
            var steps = ImmutableArray.CreateBuilder<BoundStep>(_spec.Prepare.Length);
            for (var i = 0; i < _spec.Prepare.Length; i++)
            {
                var stage = $"prepare[{i}].{ComponentCatalog.KeyOf(_spec.Prepare[i].GetType())}";
                try
                {
                    var step = _spec.Prepare[i].Bind(schema);
                    steps.Add(new BoundStep(stage, step));
                    schema = step.Output;
                }
                catch (SpecException e)
                {
                    Problems.AddRange(document.Problems(stage, e));
                    NotChecked.Add($"what comes after {stage}, because its columns are not known");
                    return null;
                }
            }
            return steps.ToImmutable();
        }

        private TableSchema? ActedSchema(TableSchema source, TableSchema prepared, ModelOutputs outputs)
        {
            var before = Problems.Count;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var output in outputs.Schema.Columns)
            {
                if (!seen.Add(output.Name)) Report("model", $"two outputs of the model give a column '{output.Name}'");
                else if (prepared.Find(output.Name) is not null)
                {
                    Report("model", $"the model's output '{output.Name}' has the name of a column; drop or rename the column in prepare");
                }
            }
            if (Problems.Count > before) return null;
            var kept = source.Columns.RemoveAll(c => outputs.Schema.Find(c.Name) is not null);
            return StepBinder.With(new TableSchema(kept), prepared.Columns.AddRange(outputs.Schema.Columns));
        }

        private ImmutableArray<BoundAction> BindActions(TableSchema acted)
        {
            var actions = ImmutableArray.CreateBuilder<BoundAction>(_spec.Act.Length);
            for (var i = 0; i < _spec.Act.Length; i++)
            {
                var action = _spec.Act[i];
                BoundExpression? when = null;
                try
                {
                    when = action.When?.Bind(acted);
                    if (when is not null && when.Type != ElementType.Bool) Report($"act[{i}].when", "is not a condition: it gives no true or false");
                }
                catch (SpecException e)
                {
                    ReportInside($"act[{i}].when", e);
                }
                var stage = $"act[{i}].{ComponentCatalog.KeyOf(action.Sink.GetType())}";
                CheckSink(stage, action.Sink, acted);
                actions.Add(new BoundAction(stage, action.Sink, when));
            }
            return actions.ToImmutable();
        }

        private ImmutableArray<BoundWatch> BindWatches(TableSchema prepared, ModelOutputs outputs, Func<TableSchema, IWatchScope>? watchScope)
        {
            if (_spec.Monitor is not { } monitor) return [];
            var drift = monitor.Drift?.Columns ?? [];
            for (var i = 0; i < drift.Length; i++)
            {
                if (prepared.Find(drift[i]) is null) Report($"monitor.drift.columns[{i}]", UnknownColumn.Message(drift[i], prepared.Names));
            }
            if (monitor.Watch.IsEmpty) return [];
            if (watchScope is null)
            {
                NotChecked.Add("monitor.watch");
                return [];
            }
            var scope = watchScope(new TableSchema(prepared.Columns.AddRange(outputs.Schema.Columns)));
            var watches = ImmutableArray.CreateBuilder<BoundWatch>(monitor.Watch.Length);
            for (var i = 0; i < monitor.Watch.Length; i++)
            {
                try
                {
                    watches.Add(monitor.Watch[i].BindWatch(scope));
                }
                catch (SpecException e)
                {
                    ReportInside($"monitor.watch[{i}]", e);
                }
            }
            return watches.ToImmutable();
        }

        private void BindAlerts()
        {
            var sinks = _spec.Monitor?.Alert ?? [];
            for (var i = 0; i < sinks.Length; i++) CheckSink($"monitor.alert[{i}].{ComponentCatalog.KeyOf(sinks[i].GetType())}", sinks[i], AlertRow.Schema);
        }

        private void CheckSink(string stage, SinkSpec sink, TableSchema schema)
        {
            try
            {
                sink.Check(schema);
            }
            catch (SpecException e)
            {
                Problems.AddRange(document.Problems(stage, e));
            }
        }

        private void BindGivenRows(TableSchema source)
        {
            for (var t = 0; t < _spec.Tests.Length; t++)
            {
                for (var r = 0; r < _spec.Tests[t].Given.Length; r++)
                {
                    foreach (var (name, value) in _spec.Tests[t].Given[r])
                    {
                        var path = $"tests[{t}].given[{r}].{name}";
                        if (source.Find(name) is not { } column) Report(path, UnknownColumn.Message(name, source.Names));
                        else if (value is not null && !Literal.TryRead(value, column.Type, out _, out var why)) Report(path, why);
                    }
                }
            }
        }

        private void BindExpectedColumns(TableSchema acted)
        {
            for (var t = 0; t < _spec.Tests.Length; t++)
            {
                for (var r = 0; r < _spec.Tests[t].Expect.Length; r++)
                {
                    foreach (var (name, expected) in _spec.Tests[t].Expect[r])
                    {
                        var path = $"tests[{t}].expect[{r}].{name}";
                        if (acted.Find(name) is not { } column) Report(path, UnknownColumn.Message(name, acted.Names));
                        else if (expected.Value is { } value && !Literal.TryRead(value, column.Type, out _, out var why)) Report(path, why);
                        else if (expected is not { Near: null, Min: null, Max: null } && !column.Type.IsNumeric) Report(path, $"column '{name}' holds {column.Type.ProtocolName}: expect a value");
                    }
                }
            }
        }

        private void Report(string path, string message) => Problems.Add(document.Problem(path, message));

        /// <summary>Problems of an expression carry positions in its text, not paths: they become problems of the field.</summary>
        private void ReportInside(string path, SpecException e)
        {
            foreach (var problem in e.Problems) Report(path, problem.Message);
        }
    }
}

/// <summary>What <c>slipway check</c> says.</summary>
/// <param name="NotChecked">What could not be looked at, and why; empty when everything was.</param>
/// <param name="Notes">Worth knowing, not wrong.</param>
public sealed record UseCaseCheck(ImmutableArray<SpecProblem> Problems, ImmutableArray<string> NotChecked, ImmutableArray<string> Notes);
