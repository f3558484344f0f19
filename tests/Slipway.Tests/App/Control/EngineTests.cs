using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Slipway.App.Api;
using Slipway.App.Control;

namespace Slipway.Tests.App.Control;

public sealed class EngineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Yaml => File.ReadAllText(Path.Combine(Repository.Root, "examples", "delivery-time", "use-case.yaml")).Replace("monitor:", "monitor:\n  every: 1s", StringComparison.Ordinal);

    [Fact]
    public async Task Stored_file_that_no_longer_reads_leaves_the_other_use_cases_alone()
    {
        using var data = await DeployAsync();
        data.UseCases.Apply("broken", "use-case: broken\nfrom: another version\n", _folder.FullName, "test");
        await using var temporary = await TemporaryEngine.StartAsync(data, Cancellation);
        await temporary.Engine.RefreshAsync(Cancellation);
        var targets = temporary.Services.GetRequiredService<RequestTargets>();
        Assert.True(targets.Find("delivery")!.Ready);
        Assert.Null(targets.Find("broken"));
        Assert.Equal(["broken", "delivery"], UseCaseViews.All(temporary.Engine).Select(u => u.Name));
    }

    [Fact]
    public async Task Monitors_survive_a_store_that_fails_for_a_while()
    {
        using var data = await DeployAsync();
        await using var temporary = await TemporaryEngine.StartAsync(data, Cancellation);
        var monitors = temporary.Engine.Monitors;
        Execute("ALTER TABLE use_case RENAME TO away");
        await monitors.StartAsync(Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancellation);
        Assert.False(monitors.ExecuteTask!.IsCompleted);
        Execute("ALTER TABLE away RENAME TO use_case");
        for (var i = 0; i < 300 && monitors.Latest("delivery") is null; i++) await Task.Delay(100, Cancellation);
        Assert.NotNull(monitors.Latest("delivery"));
        await monitors.StopAsync(Cancellation);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<DataFolder> DeployAsync()
    {
        await using (var plane = LocalControlPlane.Open(_folder.FullName, "test"))
        {
            await plane.PushAsync("delivery-time", Path.Combine(Repository.Root, "examples", "delivery-time", "package"), "champion", null, null, Cancellation);
            await plane.ApplyAsync("delivery", new ApplyRequest(Yaml, _folder.FullName), Cancellation);
        }
        return DataFolder.Open(_folder.FullName, TimeProvider.System);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "slipway.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
