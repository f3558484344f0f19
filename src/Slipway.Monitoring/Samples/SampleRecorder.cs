using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Monitoring.Samples;

/// <param name="Seed">Of the draw.</param>
/// <param name="MaxPendingBatches">Scored batches that wait for the writer.</param>
/// <param name="MaxPendingCharacters">JSON text that waits for the writer, about: beyond it samples are dropped.</param>
/// <param name="MaxSampleCharacters">A larger row is dropped.</param>
/// <param name="WriteBatch">Samples given to the store at once.</param>
public sealed record SampleRecorderOptions(
    ulong Seed = 1, int MaxPendingBatches = 8192, long MaxPendingCharacters = 32 << 20, int MaxSampleCharacters = 256 << 10, int WriteBatch = 512);

/// <summary>
/// A bounded queue in front of the sample store, with one writer behind it. Scoring never waits for the store: when the queue is full
/// samples are dropped and counted. What was queued is written before <see cref="DisposeAsync"/> returns.
/// </summary>
public sealed class SampleRecorder : ISampleRecorder, IAsyncDisposable
{
    private static readonly string?[] NoneOfOne = [null];

    private readonly ISampleStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<SampleRecorder> _log;
    private readonly SampleRecorderOptions _options;
    private readonly RowSampler _sampler;
    private readonly Channel<Pending> _queue;
    private readonly Task _writer;
    private long _pendingCharacters;
    private long _dropped;
    private long _written;
    private long _failed;

    public SampleRecorder(ISampleStore store, TimeProvider time, ILogger<SampleRecorder> log, SampleRecorderOptions? options = null)
    {
        _store = store;
        _time = time;
        _log = log;
        _options = options ?? new SampleRecorderOptions();
        _sampler = new RowSampler(_options.Seed);
        _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(_options.MaxPendingBatches) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        _writer = WriteAllAsync();
    }

    /// <summary>Samples that were drawn but had no place in the queue, or were too large.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Samples that the store has.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Samples that the store refused.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <inheritdoc/>
    public IReadOnlyList<string?> Record(string useCase, double rate, string model, int version, Batch prepared, Batch predictions)
    {
        var rows = predictions.Count > 0 ? predictions.Rows : prepared.Rows;
        var first = _sampler.Next(rows);
        List<Sample>? kept = null;
        string?[]? ids = null;
        long characters = 0;
        for (var row = 0; row < rows; row++)
        {
            if (!_sampler.Keeps(first + row, rate)) continue;
            if (Interlocked.Read(ref _pendingCharacters) + characters >= _options.MaxPendingCharacters)
            {
                Interlocked.Increment(ref _dropped);
                continue;
            }
            var now = _time.GetUtcNow();
            var sample = new Sample(Guid.CreateVersion7(now).ToString("N"), useCase, model, version, now, SampleJson.Write(prepared, row), SampleJson.Write(predictions, row));
            var size = sample.Input.Length + sample.Prediction.Length;
            if (size > _options.MaxSampleCharacters)
            {
                Interlocked.Increment(ref _dropped);
                continue;
            }
            characters += size;
            ids ??= new string?[rows];
            ids[row] = sample.Id;
            (kept ??= []).Add(sample);
        }
        if (kept is null || ids is null) return rows == 1 ? NoneOfOne : new string?[rows];
        Interlocked.Add(ref _pendingCharacters, characters);
        if (_queue.Writer.TryWrite(new Pending(kept, characters, null))) return ids;
        Interlocked.Add(ref _pendingCharacters, -characters);
        Interlocked.Add(ref _dropped, kept.Count);
        Array.Clear(ids);
        return ids;
    }

    /// <summary>Returns when everything recorded before the call is written or has failed.</summary>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync(new Pending([], 0, flushed), cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            await _writer.WaitAsync(cancellation).ConfigureAwait(false);
            return;
        }
        await flushed.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Deletes samples of a use case that are older than <paramref name="keep"/>; returns how many.</summary>
    public int Sweep(string useCase, TimeSpan keep) => _store.Sweep(useCase, _time.GetUtcNow() - keep);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        var reader = _queue.Reader;
        var samples = new List<Sample>(_options.WriteBatch);
        var flushed = new List<TaskCompletionSource>();
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            long characters = 0;
            while (samples.Count < _options.WriteBatch && reader.TryRead(out var pending))
            {
                samples.AddRange(pending.Samples);
                characters += pending.Characters;
                if (pending.Flushed is not null) flushed.Add(pending.Flushed);
            }
            Write(samples);
            Interlocked.Add(ref _pendingCharacters, -characters);
            samples.Clear();
            foreach (var waiting in flushed) waiting.SetResult();
            flushed.Clear();
        }
    }

    private void Write(List<Sample> samples)
    {
        if (samples.Count == 0) return;
        try
        {
            _store.Write(samples);
            Interlocked.Add(ref _written, samples.Count);
        }
#pragma warning disable CA1031 // Whatever the store throws, scoring and the writer go on; the loss is counted.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.Add(ref _failed, samples.Count);
            _log.LogWarning(e, "{Count} samples were lost: the store refused them", samples.Count);
        }
    }

    private sealed record Pending(List<Sample> Samples, long Characters, TaskCompletionSource? Flushed);
}
