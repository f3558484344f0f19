using Slipway.Core;
using Slipway.Monitoring.Samples;
using Slipway.Pipelines.UseCases;
using Slipway.Serving;

namespace Slipway.App.Control;

/// <summary>Rows, quarantine and samples of every use case, for Prometheus.</summary>
public sealed class UseCaseMetrics(UseCaseHost host, IUseCaseStore store, SampleRecorder samples) : IMetricSource
{
    public void WriteTo(PrometheusText text)
    {
        var all = host.Status();
        text.Family("slipway_usecase_rows_read_total", "counter", "Rows that a use case took from its source.");
        foreach (var status in all) text.Sample(status.RowsRead, ("usecase", status.Name));
        text.Family("slipway_usecase_rows_acted_total", "counter", "Rows that went through every action.");
        foreach (var status in all) text.Sample(status.RowsActed, ("usecase", status.Name));
        text.Family("slipway_usecase_rows_bad_total", "counter", "Rows put in quarantine.");
        foreach (var status in all) text.Sample(status.RowsBad, ("usecase", status.Name));
        text.Family("slipway_usecase_quarantine_rows", "gauge", "Rows in quarantine now.");
        foreach (var status in all) text.Sample(store.QuarantineCount(status.Name), ("usecase", status.Name));
        text.Family("slipway_usecase_state", "gauge", "1 for the state a use case is in.");
        foreach (var status in all) text.Sample(1, ("usecase", status.Name), ("state", status.State.ToString().ToLowerInvariant()));
        text.Family("slipway_samples_written_total", "counter", "Samples kept.");
        text.Sample(samples.Written);
        text.Family("slipway_samples_dropped_total", "counter", "Samples drawn but dropped, because the queue was full or the row too large.");
        text.Sample(samples.Dropped);
        text.Family("slipway_samples_failed_total", "counter", "Samples that the store refused.");
        text.Sample(samples.Failed);
    }
}
