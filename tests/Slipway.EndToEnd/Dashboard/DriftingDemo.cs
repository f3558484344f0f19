namespace Slipway.EndToEnd.Dashboard;

/// <summary>The demo as it is after some minutes: its machine has worn, so drift is there at once; and four rows are bad, two of them hostile.</summary>
public sealed class DriftingDemo : IAsyncLifetime
{
    /// <summary>What must never become markup.</summary>
    public const string Hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";

    public const int BadRows = 4;

    private readonly TemporaryFolder _folder = new();

    internal Server Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!Chromium.IsInstalled) return;
        var rows = Directory.CreateDirectory(_folder["data", "machine-failure", "rows"]).FullName;
        var jobs = Path.Combine(rows, "jobs.csv");
        await new Cli(rows).OkAsync("demo", "rows", "--count", "1400", "--seed", "7", "--drift-after", "700", "--output", jobs);
        await File.AppendAllLinesAsync(jobs,
        [
            .. Enumerable.Range(0, BadRows / 2).Select(i => $"{90_000 + i},2026-01-02T00:00:00Z,mill-1,M,300.1,310.2,1500,ERR,{i}"),
            .. Enumerable.Range(0, BadRows / 2).Select(i => $"{91_000 + i},2026-01-02T00:00:00Z,{Hostile}\u202egnp,M,300.1,310.2,{Hostile},40.1,{i}"),
        ]);
        Server = await Server.DemoAsync(_folder["data"]);
        await Eventually.HoldsAsync("drift is found", async () =>
            (await Server.GetAsync("/api/overview")).GetProperty("health").GetString() == "attention", () => Server.Transcript);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        _folder.Dispose();
    }
}
