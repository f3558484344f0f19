using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Monitoring.Samples;
using Slipway.Tests.Storage;

namespace Slipway.Tests.Monitoring.Samples;

public sealed class SampleRecorderTests : IDisposable
{
    private readonly SqliteStores _stores = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task Rows_are_kept_as_JSON_with_model_version_and_time()
    {
        await using var recorder = Recorder();
        using var prepared = new Batch(
            Tensor.Of<float>("temp", [0.1f, float.NaN]), Tensor.Of<long>("count", [long.MaxValue, -1]), Tensor.OfText("name", "<b>größe", null),
            Tensor.Of<bool>("open", [true, false]), Tensor.Of<double>("wide", [double.PositiveInfinity, double.NegativeInfinity]));
        using var predictions = new Batch(Tensor.Of<double>("prediction", [1.5, 2]), Tensor.Of<float>("probabilities", [0.25f, 0.75f, 1, 0], 2, 2), Tensor.Of<int>("single", [7, 8], 2, 1));
        var ids = recorder.Record("bikes", 1, "model", 3, prepared, predictions);
        await recorder.FlushAsync();

        var samples = _stores.Samples.Read(new SampleQuery("bikes")).OrderBy(s => s.Id == ids[0] ? 0 : 1).ToArray();
        Assert.Equal(ids, samples.Select(s => s.Id));
        Assert.All(samples, s => Assert.Equal(("bikes", "model", 3, _time.GetUtcNow()), (s.UseCase, s.Model, s.Version, s.Time)));
        Assert.Equal("""{"temp":0.1,"count":9223372036854775807,"name":"<b>größe","open":true,"wide":"Infinity"}""", samples[0].Input.Replace("\\u003C", "<").Replace("\\u003E", ">"));
        Assert.Equal("""{"temp":null,"count":-1,"name":null,"open":false,"wide":"-Infinity"}""", samples[1].Input);
        Assert.Equal("""{"prediction":1.5,"probabilities":[0.25,0.75],"single":7}""", samples[0].Prediction);
        Assert.Equal("""{"prediction":2,"probabilities":[1,0],"single":8}""", samples[1].Prediction);
        Assert.Equal((2, 0, 0), (recorder.Written, recorder.Dropped, recorder.Failed));
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_is_still_JSON()
    {
        await using var recorder = Recorder();
        var text = new Tensor("t", ElementType.Bytes, 1);
        text.Append([0x61, 0xFF, 0xC3]);
        using var prepared = new Batch(text);
        using var predictions = new Batch(Tensor.Of<int>("p", [1]));
        recorder.Record("u", 1, "m", 1, prepared, predictions);
        await recorder.FlushAsync();
        using var json = JsonDocument.Parse(Assert.Single(_stores.Samples.Read(new SampleQuery("u"))).Input);
        Assert.StartsWith("a\uFFFD", json.RootElement.GetProperty("t").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Higher_ranks_nest_and_images_are_left_out()
    {
        await using var recorder = Recorder();
        using var prepared = new Batch(Tensor.Of<int>("cube", [1, 2, 3, 4, 5, 6, 7, 8], 1, 2, 2, 2), new Tensor("image", ElementType.UInt8, 1, 64, 64), new Tensor("none", ElementType.Float32, 1, 0));
        using var predictions = new Batch(Tensor.Of<int>("p", [1]));
        recorder.Record("u", 1, "m", 1, prepared, predictions);
        await recorder.FlushAsync();
        Assert.Equal("""{"cube":[[[1,2],[3,4]],[[5,6],[7,8]]],"none":[]}""", Assert.Single(_stores.Samples.Read(new SampleQuery("u"))).Input);
    }

    [Fact]
    public async Task Draw_keeps_the_rate_and_is_the_same_for_the_same_seed()
    {
        await using var recorder = Recorder(new SampleRecorderOptions(Seed: 5));
        await using var again = Recorder(new SampleRecorderOptions(Seed: 5));
        await using var other = Recorder(new SampleRecorderOptions(Seed: 6));
        using var prepared = new Batch(new Tensor("x", ElementType.Float32, 10_000));
        using var predictions = new Batch(new Tensor("p", ElementType.Float32, 10_000));
        var kept = Kept(recorder.Record("u", 0.1, "m", 1, prepared, predictions));
        Assert.InRange(kept.Count(k => k), 910, 1_090);
        Assert.Equal(kept, Kept(again.Record("u", 0.1, "m", 1, prepared, predictions)));
        Assert.NotEqual(kept, Kept(other.Record("u", 0.1, "m", 1, prepared, predictions)));
        Assert.NotEqual(kept, Kept(recorder.Record("u", 0.1, "m", 1, prepared, predictions)));
        Assert.All(recorder.Record("u", 0, "m", 1, prepared, predictions), Assert.Null);
    }

    [Fact]
    public async Task Draw_is_the_same_in_one_batch_and_row_by_row()
    {
        await using var whole = Recorder();
        await using var single = Recorder();
        using var prepared = new Batch(new Tensor("x", ElementType.Float32, 200));
        using var row = new Batch(new Tensor("x", ElementType.Float32, 1));
        var kept = Kept(whole.Record("u", 0.3, "m", 1, prepared, prepared));
        for (var i = 0; i < 200; i++) Assert.Equal(kept[i], single.Record("u", 0.3, "m", 1, row, row)[0] is not null);
    }

    [Fact]
    public async Task Id_takes_a_label_later()
    {
        await using var recorder = Recorder();
        using var rows = new Batch(Tensor.Of<int>("x", [1]));
        var id = recorder.Record("u", 1, "m", 1, rows, rows)[0]!;
        await recorder.FlushAsync();
        Assert.True(_stores.Samples.SetLabel(id, "true", _time.GetUtcNow()));
        Assert.Equal("true", Assert.Single(_stores.Samples.Read(new SampleQuery("u"))).Label);
    }

    [Fact]
    public async Task Full_queue_drops_and_counts_and_never_waits()
    {
        using var store = new GatedSampleStore(_stores.Samples);
        await using var recorder = Recorder(new SampleRecorderOptions(MaxPendingBatches: 2), store);
        using var rows = new Batch(Tensor.Of<int>("x", [1, 2, 3]));
        store.Close();
        recorder.Record("u", 1, "m", 1, rows, rows);
        await store.EnteredAsync();
        Assert.All(recorder.Record("u", 1, "m", 1, rows, rows), Assert.NotNull);
        Assert.All(recorder.Record("u", 1, "m", 1, rows, rows), Assert.NotNull);
        Assert.All(recorder.Record("u", 1, "m", 1, rows, rows), Assert.Null);
        Assert.Equal(3, recorder.Dropped);
        store.Open();
        await recorder.FlushAsync();
        Assert.Equal((9, 3), (recorder.Written, recorder.Dropped));
        Assert.All(recorder.Record("u", 1, "m", 1, rows, rows), Assert.NotNull);
    }

    [Fact]
    public async Task Pending_text_is_bounded()
    {
        using var store = new GatedSampleStore(_stores.Samples);
        await using var recorder = Recorder(new SampleRecorderOptions(MaxPendingCharacters: 100, MaxSampleCharacters: 60), store);
        using var rows = new Batch(Tensor.OfText("x", Enumerable.Repeat("0123456789", 10).ToArray()));
        using var large = new Batch(Tensor.OfText("x", new string('a', 60)));
        store.Close();
        Assert.Equal(3, Kept(recorder.Record("u", 1, "m", 1, rows, rows)).Count(k => k));
        Assert.Null(recorder.Record("u", 1, "m", 1, rows, rows)[0]);
        store.Open();
        await recorder.FlushAsync();
        Assert.Null(recorder.Record("u", 1, "m", 1, large, large)[0]);
        Assert.Equal((3, 18), (recorder.Written, recorder.Dropped));
    }

    [Fact]
    public async Task Store_that_fails_loses_counted_samples_and_recording_goes_on()
    {
        using var store = new GatedSampleStore(_stores.Samples) { Failure = new IOException("disk full") };
        await using var recorder = Recorder(null, store);
        using var rows = new Batch(Tensor.Of<int>("x", [1, 2]));
        recorder.Record("u", 1, "m", 1, rows, rows);
        await recorder.FlushAsync();
        store.Failure = null;
        recorder.Record("u", 1, "m", 1, rows, rows);
        await recorder.FlushAsync();
        Assert.Equal((2, 2), (recorder.Failed, recorder.Written));
    }

    [Fact]
    public async Task Dispose_writes_what_is_queued_and_later_rows_are_dropped()
    {
        var recorder = Recorder();
        using var rows = new Batch(Tensor.Of<int>("x", [1, 2]));
        for (var i = 0; i < 100; i++) recorder.Record("u", 1, "m", 1, rows, rows);
        await recorder.DisposeAsync();
        Assert.Equal(200, _stores.Samples.Count("u"));
        Assert.Null(recorder.Record("u", 1, "m", 1, rows, rows)[0]);
        await recorder.FlushAsync();
        Assert.Equal(2, recorder.Dropped);
    }

    [Fact]
    public async Task Many_threads_lose_nothing()
    {
        await using var recorder = Recorder();
        using var rows = new Batch(Tensor.Of<int>("x", [1, 2, 3]));
        var ids = new string?[4][];
        Parallel.For(0, 4, thread => ids[thread] = [.. Enumerable.Range(0, 200).SelectMany(_ => recorder.Record("u", 0.5, "m", 1, rows, rows))]);
        await recorder.FlushAsync();
        var kept = ids.SelectMany(i => i).OfType<string>().ToHashSet();
        Assert.Equal(kept, _stores.Samples.Read(new SampleQuery("u", Limit: 10_000)).Select(s => s.Id).ToHashSet());
        Assert.Equal((kept.Count, 0L), ((int)recorder.Written, recorder.Dropped));
        Assert.InRange(kept.Count, 1_080, 1_320);
    }

    [Fact]
    public async Task Sweep_deletes_what_is_older_than_keep()
    {
        await using var recorder = Recorder();
        using var rows = new Batch(Tensor.Of<int>("x", [1]));
        recorder.Record("u", 1, "m", 1, rows, rows);
        await recorder.FlushAsync();
        _time.Advance(TimeSpan.FromDays(2));
        recorder.Record("u", 1, "m", 1, rows, rows);
        await recorder.FlushAsync();
        Assert.Equal(1, recorder.Sweep("u", TimeSpan.FromDays(1)));
        Assert.Equal(1, _stores.Samples.Count("u"));
    }

    private SampleRecorder Recorder(SampleRecorderOptions? options = null, ISampleStore? store = null) =>
        new(store ?? _stores.Samples, _time, NullLogger<SampleRecorder>.Instance, options);

    private static bool[] Kept(IReadOnlyList<string?> ids) => [.. ids.Select(id => id is not null)];
}
