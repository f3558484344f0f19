using Slipway.App.Api;
using Slipway.App.Hosting;
using Slipway.App.Monitoring;
using Slipway.Core.Expressions;
using Slipway.Core;
using Slipway.Monitoring.Samples;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.UseCases;
using Slipway.Serving;

namespace Slipway.App.Control;

/// <summary>Everything that runs on a data folder: models, use cases, samples, monitors. A server is this behind Kestrel.</summary>
public sealed class Engine(DataFolder data, ModelHost models, UseCaseHost useCases, MonitorService monitors, RequestTargets targets, SampleRecorder samples)
{
    public DataFolder Data => data;

    public ModelHost Models => models;

    public UseCaseHost UseCases => useCases;

    public MonitorService Monitors => monitors;

    /// <summary>Takes in what changed in the store: use cases applied, paused, removed.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await useCases.RefreshAsync(cancellation);
        await targets.RefreshAsync(cancellation);
    }

    /// <summary>Completes when the samples drawn so far are in the store.</summary>
    public Task FlushAsync(CancellationToken cancellation) => samples.FlushAsync(cancellation);

    /// <param name="facts">About the server that shows it.</param>
    public OverviewView Overview(ServerFacts facts)
    {
        var cases = UseCaseViews.All(this);
        var alerts = data.Alerts.List(null, 100).Where(a => a.EndedAt is null).ToArray();
        var failing = cases.Where(u => u.State == "failing").Select(u => $"Use case {u.Name} is failing: {u.Reason}").Concat(models.Current.Problems()).ToArray();
        var attention = cases.Where(u => u.State == "waiting").Select(u => $"Use case {u.Name} is waiting: {u.Reason}")
            .Concat(UseCaseViews.Say(alerts)).ToArray();
        var registered = data.Registry.Snapshot().Versions.Select(v => v.Name).Distinct().Count();
        var health = failing.Length > 0 ? "failing" : attention.Length > 0 ? "attention" : cases.Count == 0 && registered == 0 ? "empty" : "ok";
        return new OverviewView(
            health, [.. failing, .. attention], facts.Urls, ServerFacts.ProductVersion, facts.StartedAt, TimeProvider.System.GetUtcNow(),
            cases, registered, alerts, cases.Sum(u => u.Quarantined));
    }
}

/// <summary>Wires the engine.</summary>
public static class EngineServices
{
    /// <summary>Adds an engine for the <see cref="DataFolder"/> that is registered.</summary>
    public static IServiceCollection AddSlipwayEngine(this IServiceCollection services)
    {
        services.AddSlipwayServing();
        services.AddSingleton<IRegistry>(p => p.GetRequiredService<DataFolder>().Registry);
        services.AddSingleton<IArtifactStore>(p => p.GetRequiredService<DataFolder>().Artifacts);
        services.AddSingleton<IUseCaseStore>(p => p.GetRequiredService<DataFolder>().UseCases);
        services.AddSingleton<ISampleStore>(p => p.GetRequiredService<DataFolder>().Samples);
        services.AddSingleton<IAlertStore>(p => p.GetRequiredService<DataFolder>().Alerts);
        services.AddSingleton(p => new SampleRecorder(p.GetRequiredService<ISampleStore>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<SampleRecorder>>()));
        services.AddSingleton(p => new UseCaseServices(
            p.GetRequiredService<IUseCaseStore>(), p.GetRequiredService<IScorer>(), p.GetRequiredService<SampleRecorder>(), Secrets.FromMachine,
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.UseCases"), columns => new WatchScope(columns)));
        services.AddSingleton(p => new UseCaseHost(p.GetRequiredService<UseCaseServices>(), UseCaseHostOptions.Default));
        services.AddSingleton<RequestTargets>();
        services.AddSingleton<IInferTargets>(p => p.GetRequiredService<RequestTargets>());
        services.AddSingleton<IMetricSource, UseCaseMetrics>();
        services.AddSingleton<MonitorService>();
        services.AddSingleton<Engine>();
        services.AddHostedService<EngineService>();
        services.AddHostedService(p => p.GetRequiredService<MonitorService>());
        return services;
    }
}
