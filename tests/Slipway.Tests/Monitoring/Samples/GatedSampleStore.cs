using Slipway.Core;

namespace Slipway.Tests.Monitoring.Samples;

/// <summary>A store whose writes wait until the test opens the gate, or fail: stands in front of a real one.</summary>
internal sealed class GatedSampleStore(ISampleStore inner) : ISampleStore, IDisposable
{
    private readonly ManualResetEventSlim _gate = new(true);
    private readonly SemaphoreSlim _entered = new(0);

    public Exception? Failure { get; set; }

    public void Close() => _gate.Reset();

    public void Open() => _gate.Set();

    /// <summary>Completes when a write has reached the store.</summary>
    public Task EnteredAsync() => _entered.WaitAsync(TimeSpan.FromSeconds(30));

    public void Write(IReadOnlyList<Sample> samples)
    {
        _entered.Release();
        _gate.Wait();
        if (Failure is not null) throw Failure;
        inner.Write(samples);
    }

    public IReadOnlyList<Sample> Read(SampleQuery query) => inner.Read(query);

    public long Count(string useCase) => inner.Count(useCase);

    public bool SetLabel(string id, string label, DateTimeOffset at) => inner.SetLabel(id, label, at);

    public int Sweep(string useCase, DateTimeOffset before) => inner.Sweep(useCase, before);

    public void Dispose()
    {
        _gate.Dispose();
        _entered.Dispose();
    }
}
