using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.App.Api;
using Slipway.App.Monitoring;
using Slipway.Core;
using Slipway.Pipelines.Triggers;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Control;

/// <summary>Use cases as the API shows them.</summary>
public static class UseCaseViews
{
    private const int HistorySlices = 60;

    private const int StoredRuns = 10_000;

    private const string DriftWatch = "drift ";

    private sealed record Facts(string Trigger, string Model);

    private static readonly ConcurrentDictionary<(string Name, string Yaml), Facts> Known = new();

    public static IReadOnlyList<UseCaseView> All(Engine engine) => All(engine.Data, engine);

    /// <param name="engine">Null for a data folder that nothing runs on.</param>
    public static IReadOnlyList<UseCaseView> All(DataFolder data, Engine? engine)
    {
        var statuses = engine?.UseCases.Status().ToDictionary(s => s.Name, StringComparer.Ordinal);
        var firing = data.Alerts.List(null, 1000).Where(a => a.EndedAt is null).CountBy(a => a.UseCase).ToDictionary();
        return [.. data.UseCases.List().OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => ViewOrStored(data, engine, d, statuses?.GetValueOrDefault(d.Name), firing.GetValueOrDefault(d.Name)))];
    }

    public static UseCaseView One(DataFolder data, Engine? engine, string name)
    {
        var deployed = data.UseCases.Find(name) ?? throw new NotFoundException($"no use case is called '{name}'; deployed: {string.Join(", ", data.UseCases.List().Select(d => d.Name))}");
        var status = engine?.UseCases.Status().FirstOrDefault(s => s.Name == name);
        return View(data, engine, deployed, status, data.Alerts.List(name, 1000).Count(a => a.EndedAt is null));
    }

    public static IReadOnlyList<PredictionView> Predictions(Engine engine, string name) =>
        [.. engine.UseCases.Recent(name).Select(View)];

    public static HistoryView History(Engine engine, string name)
    {
        var slices = engine.UseCases.Metrics(name).History(HistorySlices);
        return new HistoryView(
            RollingMetrics.SliceLength.TotalSeconds, [.. slices.Select(s => s.Rows)], [.. slices.Select(s => s.Errors)],
            [.. slices.Select(s => s.Calls == 0 ? (double?)null : s.P50.TotalMilliseconds)], [.. slices.Select(s => s.Calls == 0 ? (double?)null : s.P99.TotalMilliseconds)]);
    }

    /// <summary>Alerts in sentences. All columns of a use case that drift are one of them: they rarely drift alone.</summary>
    public static IEnumerable<string> Say(IReadOnlyList<Alert> firing)
    {
        var drifts = firing.Where(a => a.Watch.StartsWith(DriftWatch, StringComparison.Ordinal)).GroupBy(a => a.UseCase, StringComparer.Ordinal);
        return drifts.Select(g => g.Count() == 1 ? $"{g.Key}: {g.First().Message}" : $"{g.Key}: {g.Count()} columns drifted: {string.Join(", ", g.Take(8).Select(a => a.Watch[DriftWatch.Length..]))}{(g.Count() > 8 ? ", …" : "")}")
            .Concat(firing.Where(a => !a.Watch.StartsWith(DriftWatch, StringComparison.Ordinal)).Select(a => $"{a.UseCase}: {a.Message}"));
    }

    private static PredictionView View(RecentPrediction prediction) => new(prediction.Time, Parse(prediction.Keys), Parse(prediction.Outputs));

    /// <summary>A use case that is taken away while it is looked at is shown as the store has it.</summary>
    private static UseCaseView ViewOrStored(DataFolder data, Engine? engine, DeployedUseCase deployed, UseCaseStatus? status, int firing)
    {
        try
        {
            return View(data, engine, deployed, status, firing);
        }
        catch (NotFoundException)
        {
            return View(data, null, deployed, null, firing);
        }
    }

    private static UseCaseView View(DataFolder data, Engine? engine, DeployedUseCase deployed, UseCaseStatus? status, int firing)
    {
        var facts = FactsOf(deployed);
        var stored = status is null ? data.UseCases.Runs(deployed.Name, StoredRuns) : []; // Where nothing runs, the runs that were are what there is to say.
        var run = status?.LastRun ?? data.UseCases.Runs(deployed.Name, 1).FirstOrDefault();
        var state = status?.State.ToString().ToLowerInvariant() ?? (deployed.Paused ? "paused" : "not running");
        var runs = status is null ? null : engine; // What the store holds but the host has not taken in yet has no numbers.
        var metrics = runs?.UseCases.Metrics(deployed.Name);
        return new UseCaseView(
            deployed.Name, deployed.Revision, state, status?.Reason, facts.Trigger, facts.Model, status?.Version, run?.EndedAt ?? run?.StartedAt, status?.NextFiring,
            status?.RowsRead ?? stored.Sum(r => r.RowsRead), status?.RowsActed ?? stored.Sum(r => r.RowsActed), status?.RowsBad ?? stored.Sum(r => r.RowsBad), data.UseCases.QuarantineCount(deployed.Name), data.Samples.Count(deployed.Name),
            Views.Usage(metrics), firing, deployed.AppliedBy, deployed.AppliedAt,
            runs?.UseCases.Recent(deployed.Name) is [var latest, ..] ? View(latest) : null, MonitorViews.Summary(runs?.Monitors.Latest(deployed.Name)),
            metrics?.History(HistorySlices).Select(s => s.Rows).ToArray());
    }

    private static Facts FactsOf(DeployedUseCase deployed) => Known.GetOrAdd((deployed.Name, deployed.Yaml), static key =>
    {
        try
        {
            var spec = UseCaseSpec.Read(key.Yaml).Value;
            return new Facts(Describe(spec.EffectiveTrigger), spec.Model.ToString());
        }
        catch (SpecException)
        {
            return new Facts("unknown", "unknown"); // A file stored by another version of Slipway; its status says what is wrong with it.
        }
    });

    private static string Describe(TriggerSpec trigger) => trigger switch
    {
        OnRequest => "on request",
        OnArrival => "on arrival",
        Every every => $"every {every.Period}",
        Cron cron => $"cron {cron.Schedule}",
        _ => trigger.GetType().Name,
    };

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
