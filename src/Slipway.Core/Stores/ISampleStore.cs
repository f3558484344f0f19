namespace Slipway.Core;

/// <summary>One kept row: prepared input and prediction as JSON objects, and later its label.</summary>
/// <param name="Id">Given back to the caller, so that a label can be sent later.</param>
public sealed record Sample(
    string Id, string UseCase, string Model, int Version, DateTimeOffset Time, string Input, string Prediction, string? Label = null);

/// <summary>Which samples; bounds are inclusive from, exclusive to.</summary>
public sealed record SampleQuery(string? UseCase = null, string? Model = null, int? Version = null, DateTimeOffset? From = null, DateTimeOffset? To = null, int Limit = 1000);

/// <summary>Samples under a retention policy.</summary>
public interface ISampleStore
{
    void Write(IReadOnlyList<Sample> samples);

    /// <summary>Newest first.</summary>
    IReadOnlyList<Sample> Read(SampleQuery query);

    long Count(string useCase);

    /// <summary>Attaches a late label (any JSON value). False when the sample is unknown.</summary>
    bool SetLabel(string id, string label, DateTimeOffset at);

    /// <summary>Deletes samples older than <paramref name="before"/>; returns how many.</summary>
    int Sweep(string useCase, DateTimeOffset before);
}

/// <summary>A watched value that crossed its bound (or came back within it).</summary>
/// <param name="Watch">The watch as written: <c>latency.p99 &lt; 50ms</c>, <c>drift torque</c>.</param>
/// <param name="EndedAt">When the value came back within its bound; null while the alert is firing.</param>
public sealed record Alert(long Id, string UseCase, string Watch, string Message, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

/// <summary>Alerts, firing and past.</summary>
public interface IAlertStore
{
    Alert Start(string useCase, string watch, string message, DateTimeOffset at);

    void End(long id, DateTimeOffset at);

    /// <summary>Firing first, then newest first.</summary>
    IReadOnlyList<Alert> List(string? useCase, int limit = 100);
}
