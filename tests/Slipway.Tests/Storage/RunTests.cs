using Slipway.Core;

namespace Slipway.Tests.Storage;

public class RunTests
{
    [Fact]
    public void Run_whose_process_ended_is_recovered_as_failed_with_the_reason()
    {
        using var stores = new SqliteStores();
        var left = stores.UseCases.StartRun("bike", "every 1h");
        var ended = stores.UseCases.StartRun("bike", "every 1h");
        stores.UseCases.EndRun(ended, RunState.Succeeded, 5, 5, 0, null);
        stores.Reopen();
        Assert.Equal(1, stores.UseCaseStore.RecoverRuns());
        Assert.Equal(0, stores.UseCaseStore.RecoverRuns());
        var runs = stores.UseCases.Runs("bike").ToDictionary(r => r.Id);
        Assert.Equal((RunState.Failed, "the process ended"), (runs[left].State, runs[left].Error));
        Assert.NotNull(runs[left].EndedAt);
        Assert.Equal((RunState.Succeeded, null), (runs[ended].State, runs[ended].Error));
    }

    [Fact]
    public void Sweep_keeps_the_newest_runs_and_every_run_that_has_not_ended()
    {
        using var stores = new SqliteStores();
        var open = stores.UseCases.StartRun("bike", "every 1h");
        for (var i = 0; i < 10; i++) stores.UseCases.EndRun(stores.UseCases.StartRun("bike", "every 1h"), RunState.Succeeded, i, i, 0, null);
        var other = stores.UseCases.StartRun("car", "every 1h");
        stores.UseCases.EndRun(other, RunState.Failed, 0, 0, 0, "no");
        Assert.Equal(7, stores.UseCaseStore.SweepRuns("bike", keep: 3));
        Assert.Equal([9L, 8L, 7L, 0L], stores.UseCases.Runs("bike").Select(r => r.RowsRead));
        Assert.Contains(stores.UseCases.Runs("bike"), r => r.Id == open);
        Assert.Single(stores.UseCases.Runs("car"));
    }

    [Fact]
    public void Run_of_a_living_process_is_left_alone()
    {
        using var server = new SqliteStores();
        using var commandLine = new SqliteStores(server.DataFolder);
        var run = commandLine.UseCases.StartRun("bike", "run");
        server.UseCases.StartRun("bike", "every 1h");
        Assert.Equal(0, server.UseCaseStore.RecoverRuns());
        commandLine.UseCases.EndRun(run, RunState.Succeeded, 1, 1, 0, null);
        Assert.Equal(RunState.Succeeded, server.UseCases.Runs("bike").Single(r => r.Id == run).State);
    }
}
