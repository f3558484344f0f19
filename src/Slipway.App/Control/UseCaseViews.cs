using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.App.Api;
using Slipway.Core;
using Slipway.Pipelines.Triggers;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Control;

/// <summary>Use cases as the API shows them.</summary>
public static class UseCaseViews
{
    private sealed record Facts(string Trigger, string Model);

    private static readonly ConcurrentDictionary<(string Name, string Yaml), Facts> Known = new();

    public static IReadOnlyList<UseCaseView> All(Engine engine) => All(engine.Data, engine);

    /// <param name="engine">Null for a data folder that nothing runs on.</param>
    public static IReadOnlyList<UseCaseView> All(DataFolder data, Engine? engine)
    {
        var statuses = engine?.UseCases.Status().ToDictionary(s => s.Name, StringComparer.Ordinal);
        var firing = data.Alerts.List(null, 1000).Where(a => a.EndedAt is null).CountBy(a => a.UseCase).ToDictionary();
        return [.. data.UseCases.List().OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => View(data, d, statuses?.GetValueOrDefault(d.Name), firing.GetValueOrDefault(d.Name)))];
    }

    public static UseCaseView One(DataFolder data, Engine? engine, string name)
    {
        var deployed = data.UseCases.Find(name) ?? throw new NotFoundException($"no use case is called '{name}'; deployed: {string.Join(", ", data.UseCases.List().Select(d => d.Name))}");
        var status = engine?.UseCases.Status().FirstOrDefault(s => s.Name == name);
        return View(data, deployed, status, data.Alerts.List(name, 1000).Count(a => a.EndedAt is null));
    }

    public static IReadOnlyList<PredictionView> Predictions(Engine engine, string name) =>
        [.. engine.UseCases.Recent(name).Select(p => new PredictionView(p.Time, Parse(p.Keys), Parse(p.Outputs)))];

    private static UseCaseView View(DataFolder data, DeployedUseCase deployed, UseCaseStatus? status, int firing)
    {
        var facts = FactsOf(deployed);
        var run = status?.LastRun ?? data.UseCases.Runs(deployed.Name, 1).FirstOrDefault();
        var state = status?.State.ToString().ToLowerInvariant() ?? (deployed.Paused ? "paused" : "not running");
        return new UseCaseView(
            deployed.Name, deployed.Revision, state, status?.Reason, facts.Trigger, facts.Model, status?.Version, run?.EndedAt ?? run?.StartedAt, status?.NextFiring,
            status?.RowsRead ?? 0, status?.RowsActed ?? 0, status?.RowsBad ?? 0, data.UseCases.QuarantineCount(deployed.Name), data.Samples.Count(deployed.Name),
            Usage(status?.Latency), firing, deployed.AppliedBy, deployed.AppliedAt);
    }

    private static UsageView? Usage(MetricsSnapshot? metrics) => metrics is null || metrics.Calls + metrics.Errors == 0 ? null : new UsageView(
        metrics.Calls, metrics.Rows, metrics.Errors, metrics.Mean.TotalMilliseconds, metrics.P50.TotalMilliseconds, metrics.P99.TotalMilliseconds);

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
