using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Serving;
using Slipway.Tests.Storage;

namespace Slipway.Tests.Serving;

public sealed class ModelHostTests : IAsyncDisposable
{
    private readonly SqliteStores _stores = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedLoader _loader;
    private readonly ModelHost _host;
    private readonly DataPlane _plane;

    public ModelHostTests()
    {
        _loader = new ScriptedLoader(_stores.Artifacts);
        _host = new ModelHost(_stores.Registry, _loader, _time, NullLogger<ModelHost>.Instance);
        _plane = new DataPlane(_host, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(default);
        _host.Dispose();
        _stores.Dispose();
    }

    [Fact]
    public async Task The_bare_name_is_the_champion_else_the_newest()
    {
        await Push("scale 1");
        await Push("scale 2");
        Assert.Equal(2, await Score("m"));
        SetAlias("champion", 1);
        await Refresh();
        Assert.Equal(1, await Score("m"));
        Assert.Equal(2, await Score("m/2"));
        SetAlias("champion", null);
        await Refresh();
        Assert.Equal(2, await Score("m"));
    }

    [Fact]
    public async Task A_version_that_is_no_longer_wanted_is_unloaded()
    {
        await Push("scale 1", "champion");
        await Push("scale 2", "champion");
        Assert.Equal(2, await Score("m@champion"));
        Assert.Equal([false, true], _loader.Loaded.OrderBy(m => m.Disposed).Select(m => m.Disposed));
        var error = await Assert.ThrowsAsync<NotFoundException>(() => Score("m/1"));
        Assert.Contains("has no version 1 loaded", error.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Current.Draining);
    }

    [Fact]
    public async Task A_version_in_use_is_disposed_only_when_its_last_use_is_released()
    {
        await Push("scale 1");
        var version = _host.Current.Find("m")!.Default.Serving!;
        Assert.True(version.TryAcquire(out var model));
        await Push("scale 2");
        Assert.Equal(VersionState.Draining, version.Status.State);
        Assert.Equal([version], _host.Current.Draining);
        Assert.False(((ScriptedModel)model).Disposed);
        Assert.False(version.TryAcquire(out _));
        version.Release();
        Assert.True(((ScriptedModel)model).Disposed);
        Assert.Equal(VersionState.Unloaded, version.Status.State);
        Assert.Empty(_host.Current.Draining);
    }

    [Fact]
    public async Task A_version_that_fails_leaves_its_alias_with_the_last_good_one_and_says_so()
    {
        await Push("scale 1", "champion");
        await Push("corrupt the file ends early", "champion");
        Assert.Equal(1, await Score("m@champion"));
        Assert.Equal(1, await Score("m"));
        var route = _host.Current.Find("m")!.FindAlias("champion")!;
        Assert.Equal((2, 1), (route.Target, route.Serving!.Version.Version));
        Assert.Equal("version 2 failed: the file ends early; version 1 answers", route.Note);
        Assert.Equal(VersionState.Failed, _host.Current.Find("m")!.FindVersion(2)!.Status.State);
        Assert.Contains(_host.Current.Problems(), p => p == "m/2 failed: the file ends early");
        Assert.Empty(_host.Current.NotReady());

        await Push("scale 3", "champion");
        Assert.Equal(3, await Score("m@champion"));
        Assert.Null(_host.Current.Find("m")!.FindAlias("champion")!.Note);
    }

    [Fact]
    public async Task The_newest_version_failing_leaves_the_bare_name_with_the_one_before()
    {
        await Push("scale 1");
        await Push("corrupt no");
        Assert.Equal(1, await Score("m"));
    }

    [Fact]
    public async Task After_a_restart_a_failing_alias_falls_back_to_what_it_meant_before()
    {
        await InferenceServer.RegisterAsync(_stores, "m", "scale 1", "champion");
        await InferenceServer.RegisterAsync(_stores, "m", "scale 2");
        await InferenceServer.RegisterAsync(_stores, "m", "corrupt a", "champion");
        await InferenceServer.RegisterAsync(_stores, "m", "corrupt b", "champion");
        await Refresh();
        Assert.Equal(1, await Score("m@champion"));
        Assert.Equal(1, await Score("m"));
        Assert.Equal("version 4 failed: b; version 1 answers", _host.Current.Find("m")!.FindAlias("champion")!.Note);
    }

    [Fact]
    public async Task A_model_of_which_every_version_failed_is_not_found_and_says_why()
    {
        await Push("corrupt first");
        await Push("corrupt second");
        var error = await Assert.ThrowsAsync<NotFoundException>(() => Score("m"));
        Assert.Equal("model 'm': version 2 failed: second; no version answers", error.Message);
        Assert.Empty(_host.Current.NotReady());
    }

    [Fact]
    public async Task While_a_version_loads_the_old_one_answers_and_the_host_stays_ready()
    {
        await Push("scale 1", "champion");
        var held = _loader.Hold("scale 2");
        await InferenceServer.RegisterAsync(_stores, "m", "scale 2", "champion");
        var refreshed = Refresh();
        Assert.False(refreshed.IsCompleted);
        Assert.Equal(1, await Score("m@champion"));
        Assert.Equal("version 2 is loading; version 1 answers", _host.Current.Find("m")!.FindAlias("champion")!.Note);
        Assert.Empty(_host.Current.NotReady());
        held.Set();
        await refreshed;
        Assert.Equal(2, await Score("m@champion"));
    }

    [Fact]
    public async Task The_host_is_ready_when_every_first_version_is_resolved()
    {
        Assert.Equal(["the registry has not been read yet"], _host.Current.NotReady());
        var held = _loader.Hold("scale 1");
        await InferenceServer.RegisterAsync(_stores, "m", "scale 1");
        var refreshed = Refresh();
        Assert.Equal(["m/1 is loading"], _host.Current.NotReady());
        held.Set();
        await refreshed;
        Assert.Empty(_host.Current.NotReady());
    }

    [Fact]
    public async Task A_version_that_stops_being_wanted_while_it_loads_never_serves()
    {
        await Push("scale 1", "champion");
        var held = _loader.Hold("scale 2");
        await InferenceServer.RegisterAsync(_stores, "m", "scale 2", "champion");
        var refreshed = Refresh();
        await InferenceServer.RegisterAsync(_stores, "m", "scale 3", "champion");
        var again = Refresh();
        held.Set();
        await Task.WhenAll(refreshed, again);
        Assert.Equal(3, await Score("m"));
        Assert.Single(_loader.Loaded, model => !model.Disposed);
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_and_a_bad_model_is_not()
    {
        await InferenceServer.RegisterAsync(_stores, "m", "broken disk full");
        await InferenceServer.RegisterAsync(_stores, "n", "corrupt forever");
        await _host.StartAsync(default);
        await _time.TimersAsync();
        await Refresh();
        Assert.Equal("IOException: disk full", _host.Current.Find("m")!.FindVersion(1)!.Status.Reason);
        var corrupt = _host.Current.Find("n")!.FindVersion(1);
        _loader.Repaired = true;
        while (_host.Current.Find("m")!.FindVersion(1)!.Status.State != VersionState.Ready)
        {
            await _time.TimersAsync();
            _time.Advance(TimeSpan.FromSeconds(40));
            await Refresh();
            Cancellation.ThrowIfCancellationRequested();
        }
        Assert.Equal(1, await Score("m"));
        Assert.Same(corrupt, _host.Current.Find("n")!.FindVersion(1));
    }

    [Fact]
    public async Task A_bad_model_is_tried_again_when_asked()
    {
        await Push("broken x");
        _loader.Repaired = true;
        _host.Retry("m");
        await Refresh();
        Assert.Equal(1, await Score("m"));
    }

    [Fact]
    public async Task The_host_follows_changes_of_the_registry_by_itself()
    {
        await _host.StartAsync(default);
        await InferenceServer.RegisterAsync(_stores, "m", "scale 4");
        _host.Poke();
        while (_host.Current.Find("m")?.Default.Serving is null)
        {
            await _time.TimersAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }
        Assert.Equal(4, await Score("m"));
    }

    [Fact]
    public async Task Stopping_disposes_every_model()
    {
        await Push("scale 1", "champion");
        await Push("scale 2");
        await _host.StopAsync(default);
        Assert.Equal(2, _loader.Loaded.Count);
        Assert.All(_loader.Loaded, model => Assert.True(model.Disposed));
        await Assert.ThrowsAsync<NotFoundException>(() => Score("m"));
    }

    [Fact]
    public async Task Calls_rows_and_errors_are_measured_for_the_version_and_the_model()
    {
        await Push("scale 1");
        await Score("m");
        using var wrong = new Batch(Tensor.Of<float>("z", [1f]));
        await Assert.ThrowsAsync<RecordException>(async () => await _plane.InferAsync(new ModelReference("m"), wrong, false, default));
        await Push("scale 2");
        await Score("m");
        var version = _host.Current.Find("m")!.FindVersion(2)!.Metrics.Totals();
        Assert.Equal((1, 1, 0), (version.Calls, version.Rows, version.Errors));
        var model = _host.MetricsOf("m")!.Over(TimeSpan.FromMinutes(1));
        Assert.Equal((2, 2, 1), (model.Calls, model.Rows, model.Errors));
    }

    [Theory]
    [InlineData("other", "no model is called 'other'; there are: m")]
    [InlineData("m@nobody", "model 'm' has no alias 'nobody'; it has: champion")]
    [InlineData("m/9", "model 'm' has no version 9 loaded; loaded: 1")]
    public async Task What_does_not_exist_is_named_with_what_does(string reference, string reason)
    {
        await Push("scale 1", "champion");
        Assert.Contains(reason, (await Assert.ThrowsAsync<NotFoundException>(() => Score(reference))).Message, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<NotFoundException>(() => _plane.SignatureOf(ModelReference.Parse(reference))).Message, StringComparison.Ordinal);
    }

    private async Task Push(string script, string? alias = null)
    {
        await InferenceServer.RegisterAsync(_stores, "m", script, alias);
        await Refresh();
    }

    private Task Refresh() => _host.RefreshAsync(Cancellation);

    private void SetAlias(string alias, int? version) => _stores.Registry.SetAlias("m", alias, version, "test", null);

    /// <summary>The factor of the version that answers.</summary>
    private async Task<float> Score(string reference)
    {
        using var row = new Batch(Tensor.Of<float>("x", [0.25f, 0.75f], 1, 2));
        var scored = await _plane.InferAsync(ModelReference.Parse(reference), row, allowExtra: false, Cancellation);
        using (scored.Outputs) return scored.Outputs["y"].Values<float>()[0];
    }
}
