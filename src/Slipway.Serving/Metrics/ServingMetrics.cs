using System.Globalization;
using Slipway.Core;

namespace Slipway.Serving;

/// <summary>Requests, rows, errors, latency and state of every version that is loaded here.</summary>
internal sealed class ServingMetrics(ModelHost host) : IMetricSource
{
    private static readonly string[] Bounds = [.. RollingMetrics.HistogramBounds.Select(b => b.TotalSeconds.ToString(CultureInfo.InvariantCulture))];

    public void WriteTo(PrometheusText text)
    {
        var snapshot = host.Current;
        var versions = snapshot.Models.SelectMany(m => m.Versions).Concat(snapshot.Draining).OrderBy(v => v.Version.Name, StringComparer.Ordinal).ThenBy(v => v.Version.Version).ToArray();
        var totals = versions.Select(v => v.Metrics.Totals()).ToArray();

        text.Family("slipway_requests_total", "counter", "Scoring calls that a model version answered.");
        for (var i = 0; i < versions.Length; i++) Sample(versions[i], totals[i].Calls);
        text.Family("slipway_rows_total", "counter", "Rows that a model version scored.");
        for (var i = 0; i < versions.Length; i++) Sample(versions[i], totals[i].Rows);
        text.Family("slipway_request_errors_total", "counter", "Scoring calls that a model version could not answer.");
        for (var i = 0; i < versions.Length; i++) Sample(versions[i], totals[i].Errors);

        text.Family("slipway_request_duration_seconds", "histogram", "Time a scoring call takes in the data plane.");
        for (var i = 0; i < versions.Length; i++) WriteHistogram(versions[i], totals[i]);

        text.Family("slipway_model_version_state", "gauge", "1 for the state a model version is in.");
        foreach (var version in versions) text.Sample(1, ("model", version.Version.Name), ("version", version.Number), ("state", version.Status.State.ToString().ToLowerInvariant()));
        text.Family("slipway_alias_version", "gauge", "The version that answers to an alias; 0 when none does.");
        foreach (var model in snapshot.Models.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            foreach (var route in model.Aliases.OrderBy(a => a.Alias, StringComparer.Ordinal)) text.Sample(route.Serving?.Version.Version ?? 0, ("model", model.Name), ("alias", route.Alias));
        }

        void Sample(ServedVersion version, double value) => text.Sample(value, ("model", version.Version.Name), ("version", version.Number));

        void WriteHistogram(ServedVersion version, MetricsTotals total)
        {
            var counts = version.Metrics.Histogram();
            for (var b = 0; b < Bounds.Length; b++) text.Sample("_bucket", counts[b], ("model", version.Version.Name), ("version", version.Number), ("le", Bounds[b]));
            text.Sample("_bucket", counts[^1], ("model", version.Version.Name), ("version", version.Number), ("le", "+Inf"));
            text.Sample("_sum", total.LatencySum.TotalSeconds, ("model", version.Version.Name), ("version", version.Number));
            text.Sample("_count", counts[^1], ("model", version.Version.Name), ("version", version.Number));
        }
    }
}
