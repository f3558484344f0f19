using System.Globalization;
using Slipway.Tests;

namespace Slipway.EndToEnd.RealData;

/// <summary>Real tables through a deployed use case on a real server, against XGBoost's own predictions of the same rows.</summary>
public sealed class RealDataTests(TrainedModels trained, ITestOutputHelper output) : IClassFixture<TrainedModels>
{
    private const double Tolerance = 1e-6;

    [Fact]
    public async Task AI4I_rows_get_the_predictions_that_XGBoost_gives()
    {
        var folder = trained.Find("ai4i");
        await using var server = await DeployAsync("ai4i", folder);
        var expected = Expected(folder);
        await AllActedAsync(server, "ai4i", expected.Length);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "out", "predictions.csv"));
        Compare(expected, lines[1..].Select(line => double.Parse(line, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Bike_sharing_rows_get_the_predictions_that_XGBoost_gives()
    {
        var folder = trained.Find("bikes");
        await using var server = await DeployAsync("bikes", folder);
        var expected = Expected(folder);
        await AllActedAsync(server, "bikes", expected.Length);
        Compare(expected, SqliteFile.Column<double>(Path.Combine(folder, "predictions.db"), "SELECT prediction FROM predictions ORDER BY CAST(instant AS INTEGER)"));
    }

    private static async Task<Server> DeployAsync(string name, string folder)
    {
        var server = await Server.ServeAsync(Path.Combine(folder, "data"));
        try
        {
            var cli = new Cli(folder, new Dictionary<string, string> { ["SLIPWAY_SERVER"] = server.Address.ToString() });
            await cli.OkAsync("push", name, "package", "--alias", "champion");
            await cli.OkAsync("apply", Repository.PathOf("tests", "Slipway.EndToEnd", "RealData", $"{name}.yaml"), "--folder", folder);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task AllActedAsync(Server server, string useCase, int rows)
    {
        await Eventually.HoldsAsync("every row is acted on", async () =>
        {
            var status = (await server.GetAsync($"/api/usecases/{useCase}")).GetProperty("status");
            Assert.Equal(0, status.GetProperty("quarantined").GetInt64());
            return status.GetProperty("rowsActed").GetInt64() >= rows;
        }, () => server.Transcript);
        Assert.Equal(0, await server.StopAsync());
    }

    private static double[] Expected(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "expected.csv")).Select(line => (double)float.Parse(line, CultureInfo.InvariantCulture))];

    private void Compare(double[] expected, IEnumerable<double> found)
    {
        var answers = found.Select(value => (double)(float)value).ToArray();
        Assert.Equal(expected.Length, answers.Length);
        var worst = expected.Zip(answers, (e, f) => Math.Abs(e - f)).Max();
        output.WriteLine($"{expected.Length} rows, worst difference {worst}");
        Assert.True(worst <= Tolerance, $"worst difference {worst}");
    }
}

/// <summary>Runs the training script once; says why when it cannot.</summary>
public sealed class TrainedModels : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string?> _problem;

    public TrainedModels() => _problem = new Lazy<string?>(Train);

    /// <summary>The folder of one table; skips the test when the data or XGBoost for Python is absent.</summary>
    public string Find(string name)
    {
        if (_problem.Value is { } problem) Assert.Skip(problem);
        return _folder[name];
    }

    public void Dispose() => _folder.Dispose();

    private string? Train()
    {
        var corpus = Corpora.Find("data");
        if (!File.Exists(Python) || Run("-c", "import xgboost, pandas").Code != 0) return $"{Python} has no xgboost or pandas: install python3-xgboost and python3-pandas";
        var (code, transcript) = Run(Repository.PathOf("tests", "Slipway.EndToEnd", "RealData", "train.py"), corpus, _folder.Path);
        return code == 0 ? null : throw new InvalidOperationException(transcript);
    }

    private (int Code, string Transcript) Run(params string[] arguments)
    {
        var process = ChildProcess.Start(Python, arguments, _folder.Path);
        var code = process.WaitAsync().GetAwaiter().GetResult();
        return (code, process.Transcript);
    }
}
