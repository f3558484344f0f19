using Slipway.Core;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public sealed class CompiledUseCaseTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TempStore _store;
    private readonly SumScorer _scorer = new("a", "b");
    private readonly ProbeLog _log = new();

    public CompiledUseCaseTests()
    {
        _store = new TempStore(_time);
        ProbeSink.Log.Value = _log;
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Every_row_is_acted_on_in_order_and_the_position_moves()
    {
        await using var useCase = await Compile("act:\n  - probe: { name: all }\n  - when: prediction > 3\n    probe: { name: high }");
        using var batch = Rows([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]);
        var outcome = await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);

        Assert.Equal(new BatchOutcome(3, 3, 0), outcome);
        Assert.Equal(["all: id=r0 a=1 b=1 prediction=2|id=r1 a=2 b=1 prediction=3|id=r2 a=3 b=1 prediction=4", "high: id=r2 a=3 b=1 prediction=4"], Accepted());
        Assert.Equal("\"end\"", _store.Store.Position("sum"));
        Assert.Empty(_store.Store.Quarantine("sum"));
    }

    [Fact]
    public async Task A_bad_row_goes_to_quarantine_with_its_stage_and_its_own_words()
    {
        await using var useCase = await Compile("prepare:\n  - clip: { a: { max: 100 } }\n  - one-hot: { column: id, values: [r0, r1, r2, r3] }\nact: [ { probe: {} } ]");
        using var batch = Rows([1.0, -2.0, 3.0, 4.0, -5.0], [1.0, 1.0, 1.0, 1.0, 1.0], new SourceFault("line 9: too few fields", "r9,1"));
        var outcome = await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);

        Assert.Equal(new BatchOutcome(6, 3, 3), outcome);
        Assert.Equal(["r0", "r2", "r3"], _log.Accepted.SelectMany(d => d.Rows).Select(IdOf));
        Assert.Equal(
            [
                "source | line 9: too few fields | r9,1",
                "prepare[1].one-hot | 'id': 'r4' is not among the values of one-hot | r4,-5,1",
                "model | -2 is negative | r1,-2,1",
            ],
            _store.Store.Quarantine("sum").Select(q => $"{q.Stage} | {q.Reason} | {q.Raw}"));
    }

    [Fact]
    public async Task Bad_rows_never_spoil_good_ones_whatever_their_places()
    {
        await using var useCase = await Compile("act: [ { probe: {} } ]");
        var random = new Random(11);
        for (var round = 0; round < 20; round++)
        {
            _log.Accepted.Clear();
            object?[] a = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (object?)(random.Next(4) == 0 ? -1.0 : 1.0))];
            using var batch = Rows(a, [.. a.Select(_ => (object?)0.0)]);
            var outcome = await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);
            string[] good = [.. Enumerable.Range(0, a.Length).Where(i => (double)a[i]! > 0).Select(i => $"r{i}")];
            Assert.Equal(good, _log.Accepted.SelectMany(d => d.Rows).Select(IdOf));
            Assert.Equal(new BatchOutcome(a.Length, good.Length, a.Length - good.Length), outcome);
        }
    }

    [Fact]
    public async Task One_bad_row_among_many_costs_few_calls_of_the_model()
    {
        await using var useCase = await Compile("");
        using var batch = Rows([.. Enumerable.Range(0, 1024).Select(i => (object?)(i == 700 ? -1.0 : 1.0))], [.. new object?[1024].Select(_ => (object?)1.0)]);
        await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);
        Assert.Equal(1 + (2 * 10), _scorer.Calls);
    }

    [Fact]
    public async Task A_model_that_moves_meanwhile_makes_no_row_bad()
    {
        await using var useCase = await Compile("act: [ { probe: {} } ]");
        _scorer.Before = call =>
        {
            if (call == 1) _scorer.Move("a", "c");
        };
        using var batch = Rows([1.0, 2.0], [1.0, 1.0]);
        await Assert.ThrowsAsync<NotReadyException>(async () => await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken));
        Assert.Null(_store.Store.Position("sum"));
        Assert.Empty(_log.Attempts);
    }

    [Fact]
    public async Task An_answer_never_mixes_two_versions()
    {
        await using var useCase = await Compile("act: [ { probe: {} } ]");
        _scorer.Before = call =>
        {
            if (call == 3) _scorer.Move("a", "b");
        };
        using var batch = Rows([1.0, -2.0], [1.0, 1.0]);
        await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);
        _scorer.Before = call =>
        {
            if (call == 7) _scorer.Move("a", "b");
        };
        using var longer = Rows([1.0, 1.0, 1.0, -2.0], [1.0, 1.0, 1.0, 1.0]);
        var error = await Assert.ThrowsAsync<NotReadyException>(async () => await useCase.ProcessAsync(longer, null, TestContext.Current.CancellationToken));
        Assert.Contains("moved from version 2 to 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_in_trouble_is_tried_again_and_nothing_moves_until_it_accepts()
    {
        var troubles = new List<string?>();
        await using var useCase = await Compile("act:\n  - probe: { name: first }\n  - probe: { name: second }", troubles.Add);
        var failures = 3;
        _log.OnDelivery = delivery =>
        {
            if (delivery.Sink == "second" && failures-- > 0) throw new SlipwayException("the other side is down");
        };
        using var batch = Rows([1.0], [1.0]);
        var work = useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken).AsTask();
        foreach (var wait in new[] { 1, 2, 4 })
        {
            await _time.TimersAsync();
            Assert.Null(_store.Store.Position("sum"));
            _time.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromTicks(1));
            Assert.False(work.IsCompleted);
            _time.Advance(TimeSpan.FromTicks(1));
        }
        Assert.Equal(1, (await work).Acted);

        Assert.Equal(["act[1].probe: the other side is down", "act[1].probe: the other side is down", "act[1].probe: the other side is down", null], troubles);
        Assert.Single(_log.Accepted, d => d.Sink == "first");
        Assert.Single(_log.Attempts.Where(d => d.Sink == "second").Select(d => d.Id).Distinct());
    }

    [Fact]
    public async Task Stopping_ends_the_wait_for_a_sink_and_commits_nothing()
    {
        await using var useCase = await Compile("act: [ { probe: {} } ]", _ => { });
        _log.OnDelivery = _ => throw new SlipwayException("down");
        using var stop = new CancellationTokenSource();
        using var batch = Rows([1.0], [1.0]);
        var work = useCase.ProcessAsync(batch, null, CancellationToken.None, stop.Token).AsTask();
        await _time.TimersAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Null(_store.Store.Position("sum"));
    }

    [Fact]
    public async Task Rows_that_a_sink_will_never_take_go_to_quarantine_and_are_kept_from_later_actions()
    {
        await using var useCase = await Compile("act:\n  - probe: { name: picky }\n  - probe: { name: later }");
        _log.OnDelivery = delivery =>
        {
            if (delivery.Sink == "picky" && delivery.Rows.Any(row => IdOf(row) is "r1" or "r4")) throw new RecordException("no r1, no r4");
        };
        using var batch = Rows([1.0, 1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]);
        var outcome = await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);

        Assert.Equal(new BatchOutcome(5, 3, 2), outcome);
        Assert.Equal(["r0", "r2", "r3"], _log.Accepted.Where(d => d.Sink == "picky").SelectMany(d => d.Rows).Select(IdOf));
        Assert.Equal(["r0", "r2", "r3"], _log.Accepted.Where(d => d.Sink == "later").SelectMany(d => d.Rows).Select(IdOf));
        Assert.Equal(["act[0].probe r1,1,0", "act[0].probe r4,1,0"], _store.Store.Quarantine("sum").Select(q => $"{q.Stage} {q.Raw}").Order());
    }

    [Fact]
    public async Task Delivery_ids_are_the_same_for_the_same_rows_and_only_for_them()
    {
        await using (var useCase = await Compile("act:\n  - probe: {}\n  - probe: {}")) await Deliver(useCase, null, "1");
        await using var restarted = await Compile("act:\n  - probe: {}\n  - probe: {}");
        await Deliver(restarted, null, "1");
        await Deliver(restarted, null, "2");
        await Deliver(restarted, "1", "2");
        var ids = _log.Attempts.Select(d => d.Id).ToArray();
        Assert.Equal(ids[..2], ids[2..4]);
        Assert.Equal(6, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^sum-[0-9a-f]{24}-[01]$", id));

        async Task Deliver(CompiledUseCase useCase, string? from, string to)
        {
            using var batch = Rows([1.0], [1.0]) with { Position = to };
            await useCase.ProcessAsync(batch, from, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_store_that_fails_leaves_the_position_and_keeps_no_samples()
    {
        var samples = new SampleLog();
        await using var useCase = await Compile("sample: { rate: 50% }", samples: samples, store: new FailingStore(_store.Store));
        using var batch = Rows([1.0], [1.0]);
        await Assert.ThrowsAsync<SlipwayException>(async () => await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken));
        Assert.Empty(samples.Records);
    }

    [Fact]
    public async Task Samples_are_what_the_model_saw_and_said()
    {
        var samples = new SampleLog();
        await using var useCase = await Compile("prepare: [ { select: [a, b] }, { clip: { a: { max: 2 } } } ]\nsample: { rate: 50% }", samples: samples);
        using var batch = Rows([1.0, 3.0, -1.0], [1.0, 1.0, 1.0]);
        await useCase.ProcessAsync(batch, null, TestContext.Current.CancellationToken);
        Assert.Equal(["sum 0.5 m/1: a=1 b=1 → prediction=2", "sum 0.5 m/1: a=2 b=1 → prediction=3"], samples.Records);
    }

    [Fact]
    public async Task A_request_is_answered_and_acted_on()
    {
        var samples = new SampleLog();
        await using var useCase = await Compile("act: [ { probe: {} } ]\nsample: { rate: 100% }", samples: samples);
        using var rows = Cells.Table(("b", [1L, 2L]), ("a", [1.5f, 2.5f]));
        using var answer = await useCase.RequestAsync(rows, "key-7", TestContext.Current.CancellationToken);
        Assert.Equal(["prediction=2.5", "prediction=4.5"], Cells.Lines(answer.Outputs));
        Assert.Equal(["s0", "s1"], answer.Samples);
        Assert.Equal(("m", 1), (answer.Model, answer.Version));
        Assert.Equal(["probe: id=∅ a=1.5 b=1 prediction=2.5|id=∅ a=2.5 b=2 prediction=4.5"], Accepted());
        Assert.Equal("sum-key-7-0", _log.Accepted[0].Id);
        Assert.Null(_store.Store.Position("sum"));
    }

    [Theory]
    [InlineData("a", -1.0, "row 1: model: -1 is negative")]
    [InlineData("A", 1.0, "no column is called 'A'; did you mean a?")]
    public async Task A_request_with_a_bad_row_is_refused_before_anything_is_done(string column, double value, string expected)
    {
        await using var useCase = await Compile("act: [ { probe: {} } ]");
        using var rows = Cells.Table((column, [1.0, value]), ("b", [1.0, 1.0]));
        var error = await Assert.ThrowsAsync<RecordException>(async () => await useCase.RequestAsync(rows, null, TestContext.Current.CancellationToken));
        Assert.Equal(expected, error.Message);
        Assert.Empty(_log.Attempts);
    }

    /// <summary>Halves would be answered as if the rows before them had not been.</summary>
    [Theory]
    [InlineData(true, "row 2: model: too steep")]
    [InlineData(false, "too steep")]
    public async Task A_series_that_the_model_refuses_is_scored_once(bool namesTheRow, string expected)
    {
        var scorer = new SumScorer("a") { Rows = RowRelation.Ordered, Before = _ => throw (namesTheRow ? new RecordException(2, "too steep") : new RecordException("too steep")) };
        var document = Specs.Read("use-case: sum\nsource: request\nmodel: m\nact: [ { probe: {} } ]");
        var bound = UseCaseCompiler.Bind(document, new TableSchema([new("a", ElementType.Float64)]), scorer.SignatureOf(document.Value.Model));
        await using var useCase = await CompiledUseCase.CompileAsync(bound, Specs.Services(_store.Store, scorer, _time), _store.Folder);
        using var rows = Cells.Table(("a", [1.0, 2.0, 3.0, 4.0]));
        Assert.Equal(expected, (await Assert.ThrowsAsync<RecordException>(async () => await useCase.RequestAsync(rows, null, TestContext.Current.CancellationToken))).Message);
        Assert.Equal(1, scorer.Calls);
        Assert.Empty(_log.Attempts);
    }

    [Fact]
    public async Task A_request_whose_action_fails_is_told_so()
    {
        await using var useCase = await Compile("act: [ { probe: {} } ]", _ => { });
        _log.OnDelivery = _ => throw new SlipwayException("down");
        using var rows = Cells.Table(("a", [1.0]), ("b", [1.0]));
        Assert.Equal("down", (await Assert.ThrowsAsync<SlipwayException>(async () => await useCase.RequestAsync(rows, null, TestContext.Current.CancellationToken))).Message);
        _log.OnDelivery = _ => throw new RecordException("never");
        Assert.Equal("row 0: act[0].probe: never", (await Assert.ThrowsAsync<RecordException>(async () => await useCase.RequestAsync(rows, null, TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task Alerts_go_to_every_sink_even_when_one_fails()
    {
        await using var useCase = await Compile("monitor: { alert: [ { probe: { name: broken } }, { probe: { name: fine } } ] }");
        _log.OnDelivery = delivery =>
        {
            if (delivery.Sink == "broken") throw new SlipwayException("no line");
        };
        var alert = new AlertRow("sum", "rows > 3", "rows is 2", "started", _time.GetUtcNow());
        var error = await Assert.ThrowsAsync<SlipwayException>(async () => await useCase.SendAlertsAsync([alert], TestContext.Current.CancellationToken));
        Assert.Equal("no line", error.Message);
        Assert.Equal(["fine: use_case=sum watch=rows > 3 message=rows is 2 state=started time=2026-01-01T00:00:00.0000000+00:00"], Accepted());
    }

    private static string IdOf(string line) => line.Split(' ', '=')[1];

    private static Slipway.Core.Specs.SpecDocument<UseCaseSpec> Document(string rest) => Specs.Read($"use-case: sum\nsource: {{ csv: {{ path: in.csv }} }}\nmodel: m\n{rest}");

    private BoundUseCase Bind(Slipway.Core.Specs.SpecDocument<UseCaseSpec> document) => UseCaseCompiler.Bind(
        document, new TableSchema([new("id", ElementType.Bytes), new("a", ElementType.Float64), new("b", ElementType.Float64)]), _scorer.SignatureOf(document.Value.Model));

    private ValueTask<CompiledUseCase> Compile(string rest, Action<string?>? trouble = null, ISampleRecorder? samples = null, IUseCaseStore? store = null)
    {
        var document = Document(rest);
        return CompiledUseCase.CompileAsync(
            Bind(document), Specs.Services(store ?? _store.Store, _scorer, _time, samples), _store.Folder, new UseCaseCounters(_time), BackOff.Default, trouble ?? (_ => { }));
    }

    private static SourceBatch Rows(object?[] a, object?[] b, params SourceFault[] faults)
    {
        object?[] ids = [.. Enumerable.Range(0, a.Length).Select(i => $"r{i}")];
        string[] raw = [.. Enumerable.Range(0, a.Length).Select(i => $"{ids[i]},{a[i]},{b[i]}")];
        return new SourceBatch(Cells.Table(("id", ids), ("a", a), ("b", b)), raw, faults, "\"end\"");
    }

    private IEnumerable<string> Accepted() => _log.Accepted.Select(d => $"{d.Sink}: {string.Join('|', d.Rows)}");

    private sealed class SampleLog : ISampleRecorder
    {
        public List<string> Records { get; } = [];

        public IReadOnlyList<string?> Record(string useCase, double rate, string model, int version, Batch prepared, Batch predictions)
        {
            var (inputs, outputs) = (Cells.Lines(prepared), Cells.Lines(predictions));
            for (var i = 0; i < inputs.Length; i++) Records.Add($"{useCase} {rate} {model}/{version}: {inputs[i]} → {outputs[i]}");
            return [.. inputs.Select((_, i) => $"s{i}")];
        }
    }

    private sealed class FailingStore(IUseCaseStore inner) : StoreDecorator(inner)
    {
        public override void Commit(string useCase, string position, IReadOnlyList<QuarantinedRow> bad) => throw new SlipwayException("the disk is full");
    }
}
