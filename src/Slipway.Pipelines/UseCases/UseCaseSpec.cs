using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Steps;
using Slipway.Pipelines.Triggers;

namespace Slipway.Pipelines.UseCases;

/// <summary>The use case file: everything about one deployment of one model.</summary>
[Summary("One use case: which data, when, how prepared, which model, what is done with the answer, what is kept and watched.")]
public sealed record UseCaseSpec(
    [Summary("The name of the use case.")] string UseCase,
    [Summary("Where rows come from.")] SourceSpec Source,
    [Summary("The model: NAME, NAME@alias or NAME/version.")] ModelReference Model,
    [Summary("When it runs; when absent: on request for the source `request`, on arrival for any other.")] TriggerSpec? Trigger = null,
    [Summary("How rows are prepared, step by step, before the model sees them.")] ImmutableArray<StepSpec> Prepare = default,
    [Summary("What is done with the answer, in this order. Actions see the columns of the source, those that prepare made or changed, and the model's outputs.")]
    ImmutableArray<ActionSpec> Act = default,
    [Summary("Which rows are kept, and for how long; none when absent.")] SampleSpec? Sample = null,
    [Summary("What is watched, and who is told.")] MonitorSpec? Monitor = null,
    [Summary("Rows with the answers expected; `slipway test` runs them.")] ImmutableArray<TestSpec> Tests = default)
{
    public string UseCase { get; init; } = Names.IsValid(UseCase) ? UseCase : throw new ArgumentException($"'{UseCase}' is not a use case name: {Names.Rule}", nameof(UseCase));

    public ImmutableArray<StepSpec> Prepare { get; init; } = Prepare.IsDefault ? [] : Prepare;

    public ImmutableArray<ActionSpec> Act { get; init; } = Act.IsDefault ? [] : Act;

    public ImmutableArray<TestSpec> Tests { get; init; } = Tests.IsDefault ? [] : Tests;

    /// <summary>The trigger in force: the one written, or the one that fits the source.</summary>
    public TriggerSpec EffectiveTrigger => Trigger ?? (Source is RequestSource ? new OnRequest() : new OnArrival());

    /// <summary>Reads the file strictly, with every component that Slipway has.</summary>
    /// <param name="file">Named in errors.</param>
    /// <exception cref="SpecException">Lists every mistake with its path, line and column.</exception>
    public static SpecDocument<UseCaseSpec> Read(string yaml, string? file = null) => new SpecReader(UseCaseComponents.Catalog).Read<UseCaseSpec>(yaml, file);
}

/// <summary>A sink behind a condition.</summary>
public sealed record ActionSpec(
    [Inline] SinkSpec Sink,
    [Summary("Only rows for which this holds; all rows when absent."), Example("when: prediction > 500 and season == 1")] Expression? When = null);

[Summary("Which rows are kept.")]
public sealed record SampleSpec(
    [Summary("The share of rows.")] Percent Rate,
    [Summary("How long; 30 days when absent.")] Duration? Keep = null)
{
    public TimeSpan KeepFor => Keep?.Value ?? TimeSpan.FromDays(30);
}
