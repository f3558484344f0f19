using Slipway.Core;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class UseCaseHostTests
{
    private const string Act = "act: [ { csv: { path: out.csv, columns: [id, prediction] } } ]";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_scored_and_written_as_they_arrive()
    {
        await using var kit = new HostKit(new SumScorer("a", "b"));
        await kit.ApplyAsync(Act, "csv: { path: \"in/*.csv\", follow: true, columns: { a: number } }");
        await kit.UntilAsync(UseCaseState.Waiting);
        Assert.Equal("the source has nothing yet to learn its columns from", kit.Status().Reason);

        kit.Append("1.csv", "id,a,b", "x,1,2", "y,3,4", "bad,oops,1", "z,5,6", "w,7,8");
        await kit.UntilAsync(() => kit.Output().Length == 5);
        kit.Append("1.csv", "v,9,10");
        await kit.UntilAsync(() => kit.Output().Length == 6);
        await kit.UntilAsync(UseCaseState.Idle);

        Assert.Equal(["id,prediction", "x,3", "y,7", "z,11", "w,15", "v,19"], kit.Output());
        var status = kit.Status();
        Assert.Equal((6L, 5L, 1L), (status.RowsRead, status.RowsActed, status.RowsBad));
        Assert.Equal(("m@champion", 1), (status.Model, status.Version));
        Assert.Equal(RunState.Succeeded, status.LastRun!.State);
        Assert.NotNull(status.NextFiring);
        Assert.Equal(5, status.Latency.Rows);
        Assert.Equal("source", Assert.Single(kit.Store.Quarantine("sum")).Stage);
        Assert.Equal(["{\"id\":\"v\"} {\"prediction\":19}", "{\"id\":\"w\"} {\"prediction\":15}"], kit.Host.Recent("sum").Take(2).Select(r => $"{r.Keys} {r.Outputs}"));
        Assert.Equal([(1L, 1L, 0L), (5L, 4L, 1L)], kit.Store.Runs("sum").Select(r => (r.RowsRead, r.RowsActed, r.RowsBad)));
    }

    [Fact]
    public async Task A_use_case_waits_for_its_model()
    {
        await using var kit = new HostKit(new SumScorer());
        kit.Append("1.csv", "id,a", "x,1");
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(UseCaseState.Waiting);
        Assert.Equal("no model is called 'm', and none is registered", kit.Status().Reason);
        Assert.Empty(kit.Output());
        kit.Scorer.Move("a");
        await kit.UntilAsync(() => kit.Output().Length == 2);
    }

    [Fact]
    public async Task A_model_that_asks_for_other_columns_is_bound_anew_or_the_misfit_is_said()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a,b", "x,1,10");
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(() => kit.Output().Length == 2);

        kit.Scorer.Move("a", "b");
        kit.Append("1.csv", "y,1,10");
        await kit.UntilAsync(() => kit.Output().Length == 3);

        kit.Scorer.Move("a", "c");
        kit.Append("1.csv", "z,1,10");
        await kit.UntilAsync(UseCaseState.Failing);
        Assert.Contains("the model needs a column 'c', which is not there after prepare", kit.Status().Reason, StringComparison.Ordinal);

        kit.Scorer.Move("b");
        await kit.UntilAsync(() => kit.Output().Length == 4);
        Assert.Equal(["id,prediction", "x,1", "y,11", "z,10"], kit.Output());
        Assert.Equal(4, kit.Status().Version);
    }

    [Fact]
    public async Task A_sink_in_trouble_shows_and_nothing_is_lost()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        Directory.CreateDirectory(Path.Combine(kit.Folder, "out.csv"));
        kit.Append("1.csv", "id,a", "x,1", "y,2");
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(UseCaseState.Failing);
        Assert.StartsWith("act[0].csv: out.csv cannot be written", kit.Status().Reason, StringComparison.Ordinal);
        Assert.Null(kit.Store.Position("sum"));
        Directory.Delete(Path.Combine(kit.Folder, "out.csv"));
        await kit.UntilAsync(() => kit.Output().Length == 3);
        await kit.UntilAsync(UseCaseState.Idle);
        Assert.Null(kit.Status().Reason);
    }

    [Fact]
    public async Task Failures_of_the_store_are_survived_with_back_off()
    {
        var broken = new BreakableStore();
        await using var kit = new HostKit(new SumScorer("a"), broken.Around);
        kit.Append("1.csv", "id,a", "x,1");
        broken.IsBroken = true;
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(UseCaseState.Failing);
        Assert.Equal("the disk is full", kit.Status().Reason);
        Assert.Equal("the disk is full", kit.Store.Runs("sum")[0].Error);
        broken.IsBroken = false;
        await kit.UntilAsync(() => kit.Store.Position("sum") is not null);
        await kit.UntilAsync(UseCaseState.Idle);
        Assert.Equal("x,1", kit.Output()[^1]);
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_last_commit_was()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a", "x,1", "y,2");
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(() => kit.Output().Length == 3);
        await kit.UntilAsync(UseCaseState.Idle);
        await kit.RestartAsync();
        kit.Append("1.csv", "z,3");
        await kit.UntilAsync(() => kit.Output().Length > 3);
        await kit.UntilAsync(UseCaseState.Idle);
        Assert.Equal(["id,prediction", "x,1", "y,2", "z,3"], kit.Output());
    }

    [Fact]
    public async Task A_bad_cell_among_the_first_rows_does_not_change_a_column_over_a_restart()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a", "x,1", "y,2");
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(() => kit.Output().Length == 3);
        kit.Append("1.csv", "bad,ERR", "z,3");
        await kit.UntilAsync(() => kit.Output().Length == 4);
        await kit.UntilAsync(UseCaseState.Idle);
        await kit.RestartAsync();
        kit.Append("1.csv", "w,4");
        await kit.UntilAsync(() => kit.Output().Length == 5);
        Assert.Equal(["id,prediction", "x,1", "y,2", "z,3", "w,4"], kit.Output());
        Assert.Equal("bad,ERR", Assert.Single(kit.Store.Quarantine("sum")).Raw);
    }

    [Fact]
    public async Task Every_fires_on_its_rhythm_and_counts_empty_runs()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a", "x,1");
        var start = kit.Time.GetUtcNow();
        await kit.ApplyAsync("trigger: { every: 10m }\n" + Act);
        await kit.Time.TimersAsync();
        Assert.Single(kit.Store.Runs("sum"));
        Assert.Equal(start.AddMinutes(10), kit.Status().NextFiring);
        kit.Append("1.csv", "y,2");
        for (var minute = 0; minute < 9; minute++) await AdvanceAsync(kit, 1);
        Assert.Single(kit.Store.Runs("sum"));
        await AdvanceAsync(kit, 1);
        await kit.UntilAsync(() => kit.Store.Runs("sum") is [{ State: RunState.Succeeded }, _]);
        Assert.Equal(start.AddMinutes(20), kit.Status().NextFiring);
        Assert.Equal(3, kit.Output().Length);
    }

    [Fact]
    public async Task Cron_fires_at_its_hour()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a", "x,1");
        await kit.ApplyAsync("trigger: { cron: \"30 6 * * *\" }\n" + Act);
        await kit.UntilAsync(() => kit.Status().NextFiring is not null);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 6, 30, 0, TimeSpan.Zero), kit.Status().NextFiring);
        Assert.Empty(kit.Store.Runs("sum"));
        for (var quarter = 0; quarter < 26; quarter++) await AdvanceAsync(kit, 15);
        await kit.UntilAsync(() => kit.Store.Runs("sum") is [{ State: RunState.Succeeded, Trigger: "cron" }]);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 6, 30, 0, TimeSpan.Zero), kit.Status().NextFiring);
    }

    [Fact]
    public async Task A_paused_use_case_does_nothing_until_it_is_resumed()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        await kit.ApplyAsync(Act);
        await kit.Host.PauseAsync("sum", Cancellation);
        kit.Append("1.csv", "id,a", "x,1");
        kit.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(UseCaseState.Paused, kit.Status().State);
        await Assert.ThrowsAsync<NotReadyException>(async () => await kit.Host.RunNowAsync("sum", Cancellation));
        await kit.RestartAsync();
        Assert.Equal(UseCaseState.Paused, kit.Status().State);
        Assert.Empty(kit.Output());
        await kit.Host.ResumeAsync("sum", Cancellation);
        await kit.UntilAsync(() => kit.Output().Length == 2);
    }

    [Fact]
    public async Task Run_now_takes_everything_without_waiting_for_the_trigger()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a", "1,1", "2,1", "3,1", "4,1", "5,1", "6,1", "7,1");
        await kit.ApplyAsync("trigger: on-request\n" + Act);
        await kit.UntilAsync(UseCaseState.Idle);
        Assert.Empty(kit.Output());
        Assert.Equal(new RunTotals(7, 7, 0), await kit.Host.RunNowAsync("sum", Cancellation));
        Assert.Equal(new RunTotals(0, 0, 0), await kit.Host.RunNowAsync("sum", Cancellation));
        Assert.Equal(["run-now", "run-now"], kit.Store.Runs("sum").Select(r => r.Trigger));
        Assert.Equal(8, kit.Output().Length);
    }

    [Fact]
    public async Task Stopping_lets_the_batch_at_hand_end()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        var (reached, goOn) = (new TaskCompletionSource(), new ManualResetEventSlim());
        kit.Scorer.Before = _ =>
        {
            reached.TrySetResult();
            goOn.Wait(Cancellation);
        };
        kit.Append("1.csv", "id,a", "1,1", "2,1", "3,1", "4,1", "5,1", "6,1", "7,1");
        await kit.ApplyAsync(Act);
        await reached.Task;
        var stopped = kit.Host.DisposeAsync().AsTask();
        goOn.Set();
        await stopped;
        Assert.Equal(["id,prediction", "1,1", "2,1", "3,1"], kit.Output());
        Assert.NotNull(kit.Store.Position("sum"));
    }

    [Fact]
    public async Task A_request_is_answered_from_the_models_own_columns()
    {
        await using var kit = new HostKit(new SumScorer("a", "b"));
        await kit.ApplyAsync("act: [ { csv: { path: out.csv, columns: [b, prediction] } } ]", "request: {}");
        Assert.Equal("a FP32, b FP32", (await kit.Host.BindAsync("sum", Cancellation)).Source.ToString());
        using var rows = Cells.Table(("a", [1L]), ("b", [2.5]));
        using var answer = await kit.Host.RequestAsync("sum", rows, null, Cancellation);
        Assert.Equal(["prediction=3.5"], Cells.Lines(answer.Outputs));
        Assert.Equal(["b,prediction", "2.5,3.5"], kit.Output());

        kit.Scorer.Move("b");
        using var onlyB = Cells.Table(("b", [2.5]));
        using var again = await kit.Host.RequestAsync("sum", onlyB, null, Cancellation);
        Assert.Equal(2, again.Version);
        Assert.Equal(2, kit.Status().RowsActed);
    }

    [Fact]
    public async Task A_request_during_which_the_model_moves_is_answered_by_the_new_version()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        await kit.ApplyAsync("", "request: { columns: { a: number, b: number } }");
        kit.Scorer.Before = call =>
        {
            if (call == 1) kit.Scorer.Move("b", "a");
            if (call == 1) throw new RecordException("no longer such inputs");
        };
        using var rows = Cells.Table(("a", [1L]), ("b", [2.5]));
        using var answer = await kit.Host.RequestAsync("sum", rows, null, Cancellation);
        Assert.Equal((2, 3.5f), (answer.Version, answer.Outputs["prediction"].Values<float>()[0]));
    }

    [Fact]
    public async Task Requests_to_the_wrong_use_case_are_refused()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        using var rows = Cells.Table(("a", [1L]));
        Assert.Contains("none is deployed", (await Assert.ThrowsAsync<NotFoundException>(async () => await kit.Host.RequestAsync("sum", rows, null, Cancellation))).Message, StringComparison.Ordinal);
        await kit.ApplyAsync(Act);
        Assert.Contains("takes no requests", (await Assert.ThrowsAsync<SlipwayException>(async () => await kit.Host.RequestAsync("sum", rows, null, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("there are: sum", Assert.Throws<NotFoundException>(() => kit.Host.Status("summ")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quarantined_rows_can_be_given_another_try()
    {
        await using var kit = new HostKit(new SumScorer("a", "b"));
        kit.Append("1.csv", "id,a,b", "x,-1,2", "y,oops,4", "z,1,-9");
        await kit.ApplyAsync("trigger: on-request\n" + Act, "csv: { path: \"in/*.csv\", follow: true, columns: { a: number } }");
        await kit.Host.RunNowAsync("sum", Cancellation);
        var bad = kit.Store.Quarantine("sum");
        Assert.Equal(3, bad.Count);

        kit.Scorer.Move("b");
        var result = await kit.Host.ReplayAsync([.. bad.Select(b => b.Id)], Cancellation);
        Assert.Equal(1, result.Released);
        Assert.Equal(["x,2"], kit.Output()[1..]);
        var still = kit.Store.Quarantine("sum");
        Assert.Equal(["source y,oops,4", "model z,1,-9"], still.Select(b => $"{b.Stage} {b.Raw}").OrderDescending());
        Assert.Equal("-9 is negative", still.Single(b => b.Stage == "model").Reason);
        await Assert.ThrowsAsync<NotFoundException>(async () => await kit.Host.ReplayAsync([bad.Single(b => b.Raw == "x,-1,2").Id], Cancellation));
    }

    [Fact]
    public async Task A_row_that_is_bad_for_a_new_reason_stays_with_that_reason()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a,b", "x,-1,-2");
        await kit.ApplyAsync("trigger: on-request\n" + Act);
        await kit.Host.RunNowAsync("sum", Cancellation);
        kit.Scorer.Move("b");
        var result = await kit.Host.ReplayAsync([.. kit.Store.Quarantine("sum").Select(b => b.Id)], Cancellation);
        Assert.Equal("-2 is negative", Assert.Single(result.StillBad).Reason);
        Assert.Equal("-2 is negative", Assert.Single(kit.Store.Quarantine("sum")).Reason);
    }

    [Fact]
    public async Task A_file_with_mistakes_changes_nothing()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        await kit.ApplyAsync(Act);
        await Assert.ThrowsAsync<SpecException>(async () => await kit.Host.ApplyAsync(HostKit.Yaml("acts: []"), kit.Folder, "test", null, Cancellation));
        Assert.Equal(1, kit.Status().Revision);
        kit.Append("1.csv", "id,a", "x,1");
        await kit.UntilAsync(() => kit.Output().Length == 2);
    }

    [Fact]
    public async Task A_new_revision_takes_over_and_keeps_position_and_counters()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        kit.Append("1.csv", "id,a", "x,1");
        await kit.ApplyAsync(Act);
        await kit.UntilAsync(() => kit.Status().RowsActed == 1);
        await kit.ApplyAsync("prepare: [ { expression: { a: a * 2 } } ]\n" + Act);
        kit.Append("1.csv", "y,5");
        await kit.UntilAsync(() => kit.Status().RowsActed == 2);
        Assert.Equal(2, kit.Status().Revision);
        Assert.Equal(["id,prediction", "x,1", "y,10"], kit.Output());
    }

    [Fact]
    public async Task What_another_process_changes_in_the_store_takes_effect_with_a_refresh()
    {
        await using var kit = new HostKit(new SumScorer("a"));
        await kit.Host.StartAsync(Cancellation);
        kit.Append("1.csv", "id,a", "x,1");
        kit.Store.Apply("sum", HostKit.Yaml(Act), kit.Folder, "another");
        await kit.Host.RefreshAsync(Cancellation);
        await kit.UntilAsync(() => kit.Output().Length == 2);
        await kit.Host.RemoveAsync("sum", Cancellation);
        Assert.Empty(kit.Host.Status());
        await Assert.ThrowsAsync<NotFoundException>(async () => await kit.Host.RemoveAsync("sum", Cancellation));
    }

    private static async Task AdvanceAsync(HostKit kit, int minutes)
    {
        kit.Time.Advance(TimeSpan.FromMinutes(minutes));
        await kit.Time.TimersAsync();
    }

    private sealed class BreakableStore
    {
        public volatile bool IsBroken;

        public IUseCaseStore Around(IUseCaseStore inner) => new Store(inner, this);

        private sealed class Store(IUseCaseStore inner, BreakableStore owner) : StoreDecorator(inner)
        {
            public override void Commit(string useCase, string position, IReadOnlyList<QuarantinedRow> bad)
            {
                if (owner.IsBroken) throw new SlipwayException("the disk is full");
                Inner.Commit(useCase, position, bad);
            }
        }
    }
}
