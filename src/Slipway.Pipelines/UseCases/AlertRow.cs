using System.Globalization;
using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>An alert as a row for sinks: a log line, a table row, a call.</summary>
/// <param name="Watch">The watch as written.</param>
/// <param name="State"><c>started</c> or <c>ended</c>.</param>
public sealed record AlertRow(string UseCase, string Watch, string Message, string State, DateTimeOffset Time)
{
    /// <summary>The columns that an alert's sinks see; all text, the time in ISO 8601.</summary>
    public static TableSchema Schema { get; } = new([
        new("use_case", ElementType.Bytes), new("watch", ElementType.Bytes), new("message", ElementType.Bytes),
        new("state", ElementType.Bytes), new("time", ElementType.Bytes)]);

    public static Batch ToBatch(IReadOnlyList<AlertRow> alerts) => new(
        Tensor.OfText("use_case", [.. alerts.Select(a => a.UseCase)]),
        Tensor.OfText("watch", [.. alerts.Select(a => a.Watch)]),
        Tensor.OfText("message", [.. alerts.Select(a => a.Message)]),
        Tensor.OfText("state", [.. alerts.Select(a => a.State)]),
        Tensor.OfText("time", [.. alerts.Select(a => a.Time.ToString("O", CultureInfo.InvariantCulture))]));
}
