using System.Text.Json;

namespace Slipway.EndToEnd.Serving;

/// <summary>What the demo promises for its third minute, on a machine whose first minutes are already in the file.</summary>
public sealed class DemoTests : IDisposable
{
    private const int Rows = 1100;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Worn_bearing_makes_the_drift_alert_fire()
    {
        var folder = Directory.CreateDirectory(_folder["data", "machine-failure", "rows"]).FullName;
        await new Cli(folder).OkAsync("demo", "rows", "--seed", "7", "--drift-after", "700", "--count", $"{Rows}", "--output", "jobs.csv");
        await File.WriteAllTextAsync(Path.Combine(folder, "jobs.csv"), WithSensorErrors(await File.ReadAllTextAsync(Path.Combine(folder, "jobs.csv"))));
        await using var demo = await Server.DemoAsync(_folder["data"]);
        await Eventually.HoldsAsync("the drift alert fires", async () =>
            (await demo.GetAsync("/api/alerts")).EnumerateArray().Any(a => a.GetProperty("message").GetString()!.Contains("torque", StringComparison.Ordinal)), () => demo.Transcript);

        var useCase = default(JsonElement);
        var drift = default(JsonElement);
        await Eventually.HoldsAsync("the monitor shows what the alert says", async () =>
        {
            useCase = await demo.GetAsync("/api/usecases/machine-failure");
            return useCase.GetProperty("monitor") is { ValueKind: JsonValueKind.Object } monitor
                && (drift = monitor.GetProperty("drift")) is { ValueKind: JsonValueKind.Object } && drift.GetProperty("drifted").GetBoolean()
                && useCase.GetProperty("status").GetProperty("quarantined").GetInt64() >= Rows / 250;
        }, () => demo.Transcript);
        Assert.Equal(Rows / 250, useCase.GetProperty("status").GetProperty("quarantined").GetInt64());
        var columns = drift.GetProperty("columns").EnumerateArray().ToDictionary(c => c.GetProperty("column").GetString()!, c => c.GetProperty("drifted").GetBoolean());
        Assert.True(columns["torque"]);
        Assert.False(columns["air_temperature"]);
        Assert.NotEmpty(useCase.GetProperty("predictions").EnumerateArray());
        Assert.Equal("attention", (await demo.GetAsync("/api/overview")).GetProperty("health").GetString());
        Assert.Contains("drift", demo.Transcript, StringComparison.OrdinalIgnoreCase);
        await Eventually.HoldsAsync("the machine goes on behind its last row",
            () => SqliteFile.Column<long>(_folder["data", "machine-failure", "predictions.db"], $"SELECT count(*) FROM predictions WHERE id >= {Rows}") is [> 0], () => demo.Transcript);
        Assert.Equal(0, await demo.StopAsync());
    }

    [Fact]
    public async Task Rows_of_a_seed_are_the_same_every_time_and_labels_are_asked_for()
    {
        var cli = new Cli(_folder.Path);
        await cli.OkAsync("demo", "rows", "--count", "500", "--seed", "5", "--output", "a.csv");
        await cli.OkAsync("demo", "rows", "--count", "500", "--seed", "5", "--output", "b.csv");
        await cli.OkAsync("demo", "rows", "--count", "500", "--seed", "6", "--labels", "--output", "c.csv");
        Assert.Equal(await File.ReadAllTextAsync(_folder["a.csv"]), await File.ReadAllTextAsync(_folder["b.csv"]));
        var labelled = await File.ReadAllLinesAsync(_folder["c.csv"]);
        Assert.Equal(501, labelled.Length);
        Assert.EndsWith(",failure", labelled[0]);
        Assert.All(labelled[1..], line => Assert.Matches(",[01]$", line));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The torque of every 250th row is ERR, as the demo's own feed has it.</summary>
    private static string WithSensorErrors(string csv) => string.Join('\n', csv.Split('\n').Select((line, i) =>
    {
        if (i == 0 || i % 250 != 0) return line;
        var cells = line.Split(',');
        cells[7] = "ERR";
        return string.Join(',', cells);
    }));
}
