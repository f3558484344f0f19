using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;

namespace Slipway.Pipelines.UseCases;

[Summary("What is watched, how often, and who is told.")]
public sealed record MonitorSpec(
    [Summary("Compares the model's inputs with those it was trained on.")] DriftSpec? Drift = null,
    [Summary("Conditions that should hold, over metrics and over the rows kept."), Example("watch: [ \"latency.p99 < 50ms\", \"mean(prediction) between 50 and 400\" ]")]
    ImmutableArray<Expression> Watch = default,
    [Summary("How often all of this is looked at; one minute when absent.")] Duration? Every = null,
    [Summary("Where alerts go: one row each, with use_case, watch, message, state (started or ended) and time.")] ImmutableArray<SinkSpec> Alert = default)
{
    public ImmutableArray<Expression> Watch { get; init; } = Watch.IsDefault ? [] : Watch;

    public ImmutableArray<SinkSpec> Alert { get; init; } = Alert.IsDefault ? [] : Alert;

    /// <exception cref="ArgumentException">The period is zero.</exception>
    public Duration? Every { get; init; } = Every is { Value.Ticks: 0 } ? throw new ArgumentException("must be more than zero", nameof(Every)) : Every;

    public TimeSpan Period => Every?.Value ?? TimeSpan.FromMinutes(1);
}

[Summary("What drift is measured against.")]
public enum DriftReference
{
    [Summary("The reference kept in the model's package.")] Training,
}

[Summary("Input drift, column by column, by the population stability index with a calibrated threshold.")]
public sealed record DriftSpec(
    [Summary("How far back the rows compared go.")] Duration Window,
    [Summary("What they are compared with.")] DriftReference Against = DriftReference.Training,
    [Summary("How often a column may alarm although nothing changed; 1% when absent.")] Percent? Alarm = null,
    [Summary("The columns compared; all that have a reference when absent.")] ImmutableArray<string> Columns = default,
    [Summary("Fewer rows in the window are not compared.")] int MinimumRows = 100)
{
    /// <exception cref="ArgumentException">The window is zero.</exception>
    public Duration Window { get; init; } = Window.Value.Ticks == 0 ? throw new ArgumentException("must be more than zero", nameof(Window)) : Window;

    public ImmutableArray<string> Columns { get; init; } = Columns.IsDefault ? [] : Columns;

    /// <exception cref="ArgumentException">It is less than one.</exception>
    public int MinimumRows { get; init; } = MinimumRows < 1 ? throw new ArgumentException("must be at least 1", nameof(MinimumRows)) : MinimumRows;

    /// <summary>The false-alarm level, more than 0 and less than 1.</summary>
    /// <exception cref="ArgumentException">It is 0% or 100%.</exception>
    public double AlarmLevel { get; } = Alarm is { Share: <= 0 or >= 1 } ? throw new ArgumentException("must lie between 0% and 100%", nameof(Alarm)) : Alarm?.Share ?? 0.01;
}
