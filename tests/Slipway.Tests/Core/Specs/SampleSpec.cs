using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

/// <summary>A use case in small: records of every form that specs have, and a file that uses each.</summary>
internal static class Sample
{
    public const string Yaml = """
        use-case: bike-demand
        source:
          csv: { path: "data/hourly-*.csv", follow: true }
        trigger: { every: 1h }
        prepare:
          - fill-missing: { temp: 20.0, season: unknown }
          - one-hot: { column: season, values: [1, 2, "3"] }
          - select: [temp, season]
        model: bike-demand@champion
        act:
          - when: prediction > 500
            http:
              url: https://ops.example/alerts
              token: "Bearer ${env:OPS_TOKEN}"
              retry: { attempts: 5 }
          - log
        sample: { rate: 10%, keep: 90d }
        monitor:
          compare: mean-absolute-error
          alert: { any: [1, two, { three: null }] }
        """;

    public static ComponentCatalog Catalog { get; } = new ComponentCatalog()
        .Add<SourceSpec, CsvSpec>().Add<SourceSpec, RequestSpec>()
        .Add<TriggerSpec, EverySpec>().Add<TriggerSpec, OnRequestSpec>()
        .Add<StepSpec, FillMissingSpec>().Add<StepSpec, OneHotSpec>().Add<StepSpec, SelectSpec>().Add<StepSpec, ClipSpec>()
        .Add<SinkSpec, HttpSpec>().Add<SinkSpec, LogSpec>();

    public static SpecDocument<UseCaseSpec> Read(string yaml) => Read<UseCaseSpec>(yaml);

    public static SpecDocument<T> Read<T>(string yaml)
        where T : notnull => new SpecReader(Catalog).Read<T>(yaml);

    /// <summary>The problems of a file, one a line: <c>line:column: path: message</c>.</summary>
    public static string Problems<T>(string yaml)
        where T : notnull => Assert.Throws<SpecException>(() => Read<T>(yaml)).Message.ReplaceLineEndings("\n");
}

[Summary("What runs, on what data, and when.")]
public sealed record UseCaseSpec(
    [Summary("The name, unique on a server."), Example("bike-demand")] string UseCase,
    [Summary("Where rows come from.")] SourceSpec Source,
    [Summary("When it runs.")] TriggerSpec? Trigger,
    [Summary("The model and its version or alias.")] ModelName? Model,
    [Summary("Steps, in order.")] ImmutableArray<StepSpec> Prepare = default,
    [Summary("What is done with each answer.")] ImmutableArray<ActionSpec> Act = default,
    [Summary("What is kept.")] SampleSpec? Sample = null,
    [Summary("What is watched.")] MonitorSpec? Monitor = null);

public abstract record SourceSpec;

[Component("csv"), Summary("Rows of CSV files."), Example("csv: { path: \"data/*.csv\" }")]
public sealed record CsvSpec([Summary("A file or a glob.")] string Path, [Summary("Wait for more rows.")] bool Follow = false, [Summary("Words for no value.")] ImmutableArray<string> Missing = default) : SourceSpec;

[Component("request"), Summary("Rows come with each request.")]
public sealed record RequestSpec : SourceSpec;

public abstract record TriggerSpec;

[Component("every"), Summary("At a fixed interval."), Example("every: 15m")]
public sealed record EverySpec([Body, Summary("The interval.")] Duration Interval) : TriggerSpec;

[Component("on-request"), Summary("When asked.")]
public sealed record OnRequestSpec : TriggerSpec;

public abstract record StepSpec;

[Component("fill-missing"), Summary("Puts a value where none is.")]
public sealed record FillMissingSpec([Body, Summary("Column → value.")] ImmutableArray<KeyValuePair<string, object?>> Values) : StepSpec;

[Component("one-hot"), Summary("One column a value.")]
public sealed record OneHotSpec([Summary("The column.")] string Column, [Summary("Its values.")] IReadOnlyList<object> Values, [Summary("What an unlisted value does.")] UnknownValue Unknown = UnknownValue.Refuse) : StepSpec;

public enum UnknownValue
{
    [Summary("The row is bad.")]
    Refuse,

    [Summary("Zero in every column.")]
    AllZero,
}

[Component("select"), Summary("Keeps columns.")]
public sealed record SelectSpec([Body, Summary("The columns, in order.")] ImmutableArray<string> Columns) : StepSpec;

[Component("clip"), Summary("Bounds a column.")]
public sealed record ClipSpec : StepSpec
{
    public ClipSpec([Body, Summary("The column.")] string column, [Summary("The least value.")] double min = 0, [Summary("The greatest value.")] double max = 1)
    {
        if (min > max) throw new ArgumentException($"min {min} is above max {max}", nameof(min));
        (Column, Min, Max) = (column, min, max);
    }

    public string Column { get; }

    public double Min { get; }

    public double Max { get; }
}

public abstract record SinkSpec;

[Component("http"), Summary("Posts each answer.")]
public sealed record HttpSpec(
    [Summary("Where to.")] string Url,
    [Secret, Summary("Sent as Authorization.")] string? Token = null,
    [Summary("More headers.")] IReadOnlyDictionary<string, string>? Headers = null,
    [Summary("What to do when it fails.")] RetrySpec? Retry = null) : SinkSpec;

[Component("log"), Summary("Writes each answer to the log.")]
public sealed record LogSpec([Summary("How loud.")] string Level = "info") : SinkSpec;

[Summary("How often to try.")]
public sealed record RetrySpec([Summary("Tries in all.")] int Attempts = 3, [Summary("The first pause.")] Duration? Pause = null);

[Summary("One action.")]
public sealed record ActionSpec([Summary("Only rows for which this holds.")] string? When, [Inline] SinkSpec Sink);

[Summary("Which rows are kept."), Example("sample: { rate: 10%, keep: 90d }")]
public sealed record SampleSpec([Summary("The share of rows.")] Percent Rate, [Summary("How long.")] Duration? Keep = null);

[Summary("What is watched.")]
public sealed record MonitorSpec([Summary("The measure.")] Measure Compare = Measure.Bias, [Summary("For the alert program.")] JsonNode? Alert = null);

public enum Measure
{
    Bias,
    MeanAbsoluteError,
}

public readonly record struct ModelName(string Name, string Alias) : IParsable<ModelName>
{
    public const string Pattern = "^[^@]*@[^@]*$";

    public static ModelName Parse(string s, IFormatProvider? provider) =>
        s.Split('@') is [var name, var alias] ? new ModelName(name, alias) : throw new FormatException($"'{s}' is no model; write NAME@ALIAS");

    public static bool TryParse(string? s, IFormatProvider? provider, out ModelName result) => throw new NotSupportedException();
}
