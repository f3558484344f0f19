using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Models.Packages;
using Slipway.Serving.OpenInference;

namespace Slipway.Serving;

/// <summary>Wires serving into an ASP.NET Core app.</summary>
public static class ServingExtensions
{
    /// <summary>
    /// Adds the model host, the data plane (as <see cref="IScorer"/> too) and their metrics. The app registers <see cref="IRegistry"/> and
    /// <see cref="IArtifactStore"/>, and may register <see cref="RuntimeCatalog"/>, <see cref="TimeProvider"/>, <see cref="OpenInferenceOptions"/>,
    /// <see cref="ModelHostOptions"/>, and any number of <see cref="IInferTargets"/> and <see cref="IMetricSource"/>.
    /// </summary>
    public static IServiceCollection AddSlipwayServing(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => Models.Runtimes.Default);
        services.TryAddSingleton<IVersionLoader, PackageLoader>();
        services.TryAddSingleton<OpenInferenceOptions>();
        services.TryAddSingleton(ModelHostOptions.Default);
        services.AddSingleton<ModelHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHost>());
        services.AddSingleton<DataPlane>();
        services.AddSingleton<IScorer>(provider => provider.GetRequiredService<DataPlane>());
        services.AddSingleton<IMetricSource, ServingMetrics>();
        services.AddSingleton<IMetricSource, ProcessMetrics>();
        // The host's per-request log costs an activity and a scope for every request; the data plane measures what it would say.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    /// <summary>
    /// Answers <c>/v2</c> and everything below it. Call it before any other middleware: it is terminal for its own paths, and what follows costs
    /// its requests nothing. It adds endpoint routing behind itself, which the framework would otherwise put in front.
    /// </summary>
    public static IApplicationBuilder UseSlipwayInference(this IApplicationBuilder app)
    {
        app.UseMiddleware<OpenInferenceMiddleware>();
        return app.UseRouting();
    }

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>.</summary>
    public static IEndpointRouteBuilder MapSlipwayHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Json(new HealthReport("live", [], []))).ExcludeFromDescription();
        endpoints.MapGet("/health/ready", (ModelHost host) =>
        {
            var snapshot = host.Current;
            var waiting = snapshot.NotReady();
            return Results.Json(
                new HealthReport(waiting.Count == 0 ? "ready" : "not ready", waiting, snapshot.Problems()),
                statusCode: waiting.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).ExcludeFromDescription();
        endpoints.MapGet("/metrics", (IEnumerable<IMetricSource> sources) =>
        {
            var text = new PrometheusText();
            foreach (var source in sources) source.WriteTo(text);
            return Results.Text(text.ToString(), PrometheusText.ContentType, Encoding.UTF8);
        }).ExcludeFromDescription();
        return endpoints;
    }
}

/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not ready</c>.</param>
/// <param name="Waiting">Why it is not ready.</param>
/// <param name="Problems">What does not work though the server is ready: failed versions, aliases answered by another version than theirs.</param>
public sealed record HealthReport(string Status, IReadOnlyList<string> Waiting, IReadOnlyList<string> Problems);
