using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

/// <summary>A sink in memory whose every delivery the test sees, and may refuse.</summary>
[Component("probe")]
public sealed record ProbeSink(string Name = "probe") : SinkSpec
{
    public static AsyncLocal<ProbeLog> Log { get; } = new();

    public override ISink Open(TableSchema schema, ConnectorContext context) => new Sink(this, schema, Log.Value!);

    private sealed class Sink(ProbeSink spec, TableSchema schema, ProbeLog log) : ISink
    {
        public ValueTask WriteAsync(Batch rows, string deliveryId, CancellationToken cancellation)
        {
            Assert.Equal(schema, Cells.SchemaOf(rows));
            var delivery = new Delivery(spec.Name, deliveryId, Cells.Lines(rows));
            log.Attempts.Add(delivery);
            log.OnDelivery?.Invoke(delivery);
            log.Accepted.Add(delivery);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            log.Closed++;
            return ValueTask.CompletedTask;
        }
    }
}

public sealed record Delivery(string Sink, string Id, string[] Rows);

public sealed class ProbeLog
{
    public List<Delivery> Attempts { get; } = [];

    public List<Delivery> Accepted { get; } = [];

    /// <summary>Throws to refuse.</summary>
    public Action<Delivery>? OnDelivery { get; set; }

    public int Closed { get; set; }
}

internal static class Specs
{
    private static readonly ComponentCatalog Catalog = With(UseCaseComponents.Catalog);

    /// <summary>Reads with every real component and the probe.</summary>
    public static SpecDocument<UseCaseSpec> Read(string yaml) => new SpecReader(Catalog).Read<UseCaseSpec>(yaml, "use-case.yaml");

    public static UseCaseServices Services(IUseCaseStore store, IScorer scorer, TimeProvider time, ISampleRecorder? samples = null) =>
        new(store, scorer, samples, Secrets.FromMachine, time, NullLogger.Instance);

    private static ComponentCatalog With(ComponentCatalog catalog)
    {
        var copy = new ComponentCatalog();
        foreach (var baseType in new[] { typeof(SourceSpec), typeof(SinkSpec), typeof(Slipway.Pipelines.Steps.StepSpec), typeof(Slipway.Pipelines.Triggers.TriggerSpec) })
        {
            foreach (var type in catalog.For(baseType).Values)
            {
                typeof(ComponentCatalog).GetMethod(nameof(ComponentCatalog.Add))!.MakeGenericMethod(baseType, type).Invoke(copy, null);
            }
        }
        return copy.Add<SinkSpec, ProbeSink>();
    }
}
