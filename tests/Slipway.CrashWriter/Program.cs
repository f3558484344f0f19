using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Storage;

namespace Slipway.CrashWriter;

/// <summary>
/// Writes to the stores until it is killed, and prints each thing after the store acknowledged it: <c>CrashWriter DATA-FOLDER SEED</c>.
/// The crash tests kill it and look for everything it printed.
/// </summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        var dataFolder = arguments[0];
        var seed = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var random = new Random(seed);
        var useCase = $"writer-{seed}";

        Acknowledge("opening");
        using var database = SlipwayDatabase.Open(dataFolder, TimeProvider.System);
        using var artifacts = new ArtifactFolder(dataFolder);
        var registry = new SqliteRegistry(database, artifacts);
        var useCases = new SqliteUseCaseStore(database);
        var samples = new SqliteSampleStore(database);

        for (var step = 1; ; step++)
        {
            switch (random.Next(4))
            {
                case 0:
                    var version = registry.Add(await PackageAsync(artifacts, random, $"{seed} {step}"), "champion", useCase);
                    Acknowledge($"version {version.Version} {version.Digest}");
                    break;
                case 1:
                    // Position N brings N % 3 bad rows that name it, so that half a commit can be told.
                    var bad = Enumerable.Range(0, step % 3).Select(_ => new QuarantinedRow(0, useCase, TimeProvider.System.GetUtcNow(), $"{step}", "model", "bad", "row"));
                    useCases.Commit(useCase, $"{step}", [.. bad]);
                    Acknowledge($"position {step}");
                    break;
                case 2:
                    var batch = Enumerable.Range(0, random.Next(1, 200))
                        .Select(i => new Sample($"{seed}-{step}-{i}", useCase, "crash", 1, TimeProvider.System.GetUtcNow(), """{"x":1}""", """{"y":2}"""))
                        .ToArray();
                    samples.Write(batch);
                    Acknowledge($"samples {seed}-{step} {batch.Length}");
                    break;
                default:
                    Acknowledge($"run {useCases.StartRun(useCase, "crash")}");
                    break;
            }
        }
    }

    private static async Task<NewVersion> PackageAsync(ArtifactFolder artifacts, Random random, string text)
    {
        var model = new byte[random.Next(300_000)];
        random.NextBytes(model);
        var (modelSha256, modelSize) = await artifacts.PutAsync(new MemoryStream(model), default);
        var (noteSha256, noteSize) = await artifacts.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default);
        return new NewVersion(
            "crash", "trees", "xgboost-json", new Signature([new TensorSpec("x", ElementType.Float32, [-1])], [new TensorSpec("y", ElementType.Float32, [-1])]),
            [new PackageFile("model.bin", modelSha256, modelSize), new PackageFile("note.txt", noteSha256, noteSize)],
            new Lineage(), ParityReport.Nothing, "crash writer");
    }

    private static void Acknowledge(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
