using System.Globalization;

namespace Slipway.EndToEnd.Robustness;

/// <summary>
/// kill -9 of the demo at random moments while two files grow: the demo's own machine in the same process, and a faster one out here.
/// Whatever the moment: every row is acted on, none is lost, none is twice in the keyed table, bad rows are in quarantine, the registry is whole.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 10;
    private const long FirstOwnId = 1_000_000;
    private const int BadEvery = 97;

    private readonly TemporaryFolder _folder = new();

    private string Database => _folder["data", "slipway.db"];

    private string Predictions => _folder["data", "machine-failure", "predictions.db"];

    private string RowsFolder => _folder["data", "machine-failure", "rows"];

    /// <summary>Ten more with <c>./run-tests --all</c>.</summary>
    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("SLIPWAY_TEST_ALL") == "1" ? [.. Enumerable.Range(1, 11)] : [1];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Demo_killed_ten_times_loses_no_row_and_doubles_none(int seed)
    {
        var random = new Random(seed);
        var data = _folder["data"];
        await using (var first = await Server.DemoAsync(data))
        {
            await Eventually.HoldsAsync("the first rows are scored", () => Scored().Count > 0, () => first.Transcript);
            await first.KillAsync();
        }
        using var stop = new CancellationTokenSource();
        var feeding = FeedAsync(stop.Token);
        for (var kill = 1; kill < Kills; kill++)
        {
            await using var demo = Server.LaunchDemo(data);
            var startingUp = random.Next(3) == 0;
            if (!startingUp) await Eventually.HoldsAsync("the demo serves", () => demo.HasExited || demo.Output.Contains("Slipway serves", StringComparison.Ordinal), () => demo.Transcript);
            await Task.Delay(random.Next(100, 2000));
            Assert.False(demo.HasExited, $"it ended by itself before kill {kill}:\n{demo.Transcript}");
            demo.Kill();
            await demo.WaitAsync();
            output.WriteLine($"kill {kill}{(startingUp ? " (starting)" : "")}: {Scored().Count} rows in the table, {Quarantined().Count} in quarantine");
        }
        await stop.CancelAsync();
        await feeding;

        await using var server = await Server.ServeAsync(data);
        var (good, bad) = Given();
        await Eventually.HoldsAsync("every row is acted on or in quarantine", () => Scored().Count >= good.Count && Quarantined().Count >= bad.Count,
            () => $"{good.Count} good rows, {Scored().Count} in the table; {bad.Count} bad rows, {Quarantined().Count} in quarantine\n{server.Transcript}");
        await AssertRegistryIsWholeAsync(server);
        Assert.Equal(bad, (await server.GetAsync("/api/usecases/machine-failure/quarantine?limit=1000")).EnumerateArray().Select(q => Id(q.GetProperty("raw").GetString()!)).Order());
        Assert.Equal(0, await server.StopAsync());

        Assert.Equal(good, Scored());
        Assert.Equal(bad, Quarantined());
        Assert.Equal([0L], SqliteFile.Column<long>(Database, "SELECT count(*) FROM run WHERE state = 0"));
        SqliteFile.AssertIntact(Database);
        SqliteFile.AssertIntact(Predictions);
        Assert.NotEmpty(bad);
        output.WriteLine($"{good.Count} good and {bad.Count} bad rows over {Kills} kills: each is where it belongs, once");
    }

    /// <summary>Appends whole lines, a few hundred a second, as a controller beside the server would; every <see cref="BadEvery"/>th is bad.</summary>
    private async Task FeedAsync(CancellationToken stop)
    {
        await using var file = new StreamWriter(Path.Combine(RowsFolder, "others.csv")) { NewLine = "\n" };
        await file.WriteLineAsync("id,time,station,type,air_temperature,process_temperature,speed,torque,tool_wear");
        for (var id = FirstOwnId; !stop.IsCancellationRequested;)
        {
            for (var i = 0; i < 20; i++, id++)
            {
                var torque = id % BadEvery == 0 ? "ERR" : (30 + (id % 20)).ToString(CultureInfo.InvariantCulture);
                await file.WriteLineAsync($"{id},2026-01-01T00:00:00Z,mill-9,{"LMH"[(int)(id % 3)]},300.0,310.0,1500,{torque},{id % 200}");
            }
            await file.FlushAsync(CancellationToken.None);
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>The ids of all whole lines of all files, ascending: good rows and bad ones.</summary>
    private (List<long> Good, List<long> Bad) Given()
    {
        var lines = Directory.GetFiles(RowsFolder, "*.csv").SelectMany(WholeLines).ToLookup(line => line.Contains(",ERR,", StringComparison.Ordinal), Id);
        return ([.. lines[false].Order()], [.. lines[true].Order()]);
    }

    private static IEnumerable<string> WholeLines(string path)
    {
        var text = File.ReadAllText(path);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
    }

    private List<long> Scored() => SqliteFile.Column<long>(Predictions, "SELECT CAST(id AS INTEGER) FROM predictions ORDER BY 1");

    private List<long> Quarantined() => [.. SqliteFile.Column<string>(Database, "SELECT raw FROM quarantine").Select(Id).Order()];

    private static long Id(string row) => long.Parse(row.AsSpan(0, row.IndexOf(',')), CultureInfo.InvariantCulture);

    private static async Task AssertRegistryIsWholeAsync(Server server)
    {
        var model = await server.GetAsync("/api/models/machine-failure");
        Assert.Equal(1, model.GetProperty("latestVersion").GetInt32());
        Assert.Equal(1, model.GetProperty("aliases").GetProperty("champion").GetInt32());
        Assert.Equal("ready", model.GetProperty("state").GetString());
        var history = (await server.GetAsync("/api/models/machine-failure/history")).EnumerateArray().ToArray();
        Assert.All(history, change => Assert.Equal((1, "demo"), (change.GetProperty("to").GetInt32(), change.GetProperty("who").GetString())));
        Assert.NotEmpty(history);
        Assert.Equal(1, (await server.GetAsync("/api/usecases/machine-failure")).GetProperty("status").GetProperty("revision").GetInt32());
    }

    public void Dispose() => _folder.Dispose();
}
