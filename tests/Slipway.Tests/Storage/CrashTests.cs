using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Tests.Storage;

/// <summary>Real processes, really killed: whatever they were told is kept must be there, whole.</summary>
public class CrashTests
{
    [Fact]
    public async Task Everything_acknowledged_is_there_after_kill_9_at_random_moments()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-crash-");
        try
        {
            var random = new Random(20261120);
            for (var round = 0; round < 10; round++)
            {
                // Two at once, as a push beside a running server; each dies after so many acknowledgements, in the middle of what comes next.
                // In the first round that is the making of the database.
                var most = round == 0 ? 2 : 40;
                var writers = await Task.WhenAll(
                    WriteUntilKilledAsync(folder.FullName, (round * 2) + 1, random.Next(1, most)),
                    WriteUntilKilledAsync(folder.FullName, (round * 2) + 2, random.Next(1, most)));
                foreach (var (seed, acknowledged) in writers) ExpectEverything(folder.FullName, seed, acknowledged);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Seed, List<string> Acknowledged)> WriteUntilKilledAsync(string dataFolder, int seed, int acknowledgements)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Slipway.CrashWriter"), [dataFolder, $"{seed}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (lines.Count < acknowledgements && await process.StandardOutput.ReadLineAsync() is { } line) lines.Add(line);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line) lines.Add(line);
        await process.WaitForExitAsync();
        Assert.Equal("", await errors);
        return (seed, lines);
    }

    private static void ExpectEverything(string dataFolder, int seed, List<string> acknowledged)
    {
        using var stores = new SqliteStores(dataFolder);
        Assert.Equal("ok", Ask(dataFolder, "PRAGMA integrity_check"));
        Assert.Null(Ask(dataFolder, "PRAGMA foreign_key_check"));

        var useCase = $"writer-{seed}";
        var versions = stores.Registry.Snapshot().Versions;
        Assert.Equal(Enumerable.Range(1, versions.Length), versions.Select(v => v.Version));
        var committed = long.Parse(stores.UseCases.Position(useCase) ?? "0", CultureInfo.InvariantCulture);
        var quarantined = stores.UseCases.Quarantine(useCase, int.MaxValue).CountBy(row => long.Parse(row.Position, CultureInfo.InvariantCulture)).ToDictionary();
        var samples = stores.Samples.Read(new SampleQuery(useCase, Limit: int.MaxValue)).Select(s => s.Id).ToHashSet();
        var runs = stores.UseCases.Runs(useCase, int.MaxValue).Select(r => r.Id).ToHashSet();
        Assert.Equal("opening", acknowledged[0]);
        foreach (var line in acknowledged.Skip(1))
        {
            var words = line.Split(' ');
            var number = words[0] is "samples" ? 0 : long.Parse(words[1], CultureInfo.InvariantCulture);
            switch (words[0])
            {
                case "version":
                    Assert.Equal(words[2], versions[(int)number - 1].Digest);
                    break;
                case "position":
                    Assert.True(committed >= number, $"{line} was acknowledged, {committed} is kept");
                    Assert.Equal(number % 3, quarantined.GetValueOrDefault(number));
                    break;
                case "samples":
                    Assert.All(Enumerable.Range(0, int.Parse(words[2], CultureInfo.InvariantCulture)), i => Assert.Contains($"{words[1]}-{i}", samples));
                    break;
                case "run":
                    Assert.Contains(number, runs);
                    break;
                default:
                    Assert.Fail(line);
                    break;
            }
        }

        // Nothing by halves: each version has its files, the newest commit its rows, the counts are those of the rows, the alias has its history.
        foreach (var version in versions) Assert.True(Directory.Exists(stores.Artifacts.Materialize(version)));
        Assert.Equal(committed % 3, quarantined.GetValueOrDefault(committed));
        Assert.True(quarantined.Keys.All(position => position <= committed));
        Assert.Equal(samples.Count, stores.Samples.Count(useCase));
        if (versions.Length > 0) Assert.Equal(stores.Registry.History("crash", 1)[0].To, stores.Registry.Snapshot().Aliases["crash"]["champion"]);

        stores.UseCaseStore.RecoverRuns();
        Assert.All(stores.UseCases.Runs(useCase, int.MaxValue), run => Assert.Equal((RunState.Failed, "the process ended"), (run.State, run.Error)));
        // What the dead left in the spool is swept; what is there now are this process's own leases and its one folder.
        Assert.Equal(2, Directory.GetFiles(Path.Combine(dataFolder, "spool")).Length);
        Assert.Empty(Directory.GetFiles(Assert.Single(Directory.GetDirectories(Path.Combine(dataFolder, "spool")))));
    }

    private static string? Ask(string dataFolder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(dataFolder, "slipway.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }
}
