using System.Globalization;
using System.Text;
using Slipway.Tests;

namespace Slipway.EndToEnd.RealData;

/// <summary>Models that other projects trained (corpus <c>trees</c>), on the command line, without a server.</summary>
public sealed class RealModelTests : IDisposable
{
    private const double Tolerance = 1e-6;

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public RealModelTests() => _cli = new Cli(_folder.Path);

    [Fact]
    public async Task Every_XGBoost_model_loads_and_says_what_it_is()
    {
        var corpus = Path.Combine(Corpora.Find("trees"), "jpmml-xgboost");
        var models = Directory.EnumerateFiles(corpus, "*.ubj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            var json = await _cli.JsonAsync("inspect", model);
            Assert.Equal(("xgboost-ubj", "trees"), (json.GetProperty("format").GetString(), json.GetProperty("runtime").GetString()));
            Assert.Equal(0, json.GetProperty("unsupported").GetArrayLength());
        }
        Assert.EndsWith($"0 passed, 0 failed, {models.Length * 2} skipped\n", await _cli.OkAsync("verify", corpus));
    }

    [Theory, InlineData("json"), InlineData("ubj")]
    public async Task Iris_model_is_pushed_pulled_and_scores_as_its_owner_recorded(string format)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-xgboost", "MultinomialClassificationIris");
        await _cli.OkAsync("push", "iris", Path.Combine(folder, $"MultinomialClassificationIris.{format}"), "--alias", "champion");
        await _cli.OkAsync("score", "--model", "iris@champion", "--input", Path.Combine(folder, "Iris.csv"), "--output", "answers.csv");
        await _cli.OkAsync("pull", "iris@champion", "pulled");

        var answers = Numbers(await File.ReadAllLinesAsync(_folder["answers.csv"]));
        var expected = Numbers(await File.ReadAllLinesAsync(Path.Combine(folder, "expected", "MultinomialClassificationIris.csv")));
        Assert.Equal(expected.Length, answers.Length);
        for (var row = 0; row < expected.Length; row++)
        {
            for (var kind = 0; kind < 3; kind++) Assert.Equal(expected[row][kind + 1], answers[row][kind], Tolerance);
        }
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder, $"MultinomialClassificationIris.{format}")), await File.ReadAllBytesAsync(Directory.GetFiles(_folder["pulled"]).Single()));
    }

    [Fact]
    public async Task Mushroom_model_verifies_against_what_XGBoost_answered()
    {
        const int Features = 126;
        var folder = Path.Combine(Corpora.Find("trees"), "served", "mlserver-xgboost-mushroom");
        var rows = new StringBuilder().AppendJoin(',', Enumerable.Range(0, Features).Select(f => $"f{f}")).Append('\n');
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, "agaricus.txt.test")))
        {
            var given = line.Split(' ')[1..].Select(pair => pair.Split(':')).ToDictionary(pair => int.Parse(pair[0], CultureInfo.InvariantCulture) - 1, pair => pair[1]);
            rows.AppendJoin(',', Enumerable.Range(0, Features).Select(f => given.GetValueOrDefault(f, ""))).Append('\n');
        }
        var answers = File.ReadLines(Path.Combine(folder, "reference_xgboost_1.7.4.txt")).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')[0]);
        _folder.Write("rows.csv", rows.ToString());
        _folder.Write("answers.csv", "prediction\n" + string.Concat(answers.Select(a => a + "\n")));

        var model = Path.Combine(folder, "mushroom-xgboost.json");
        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("verify", model, "--input", "rows.csv", "--expected", "answers.csv", "--atol", "1e-8"));
        _folder.Write("answers.csv", "prediction\n" + string.Concat(Enumerable.Repeat("0.5\n", rows.ToString().Count(c => c == '\n') - 1)));
        Assert.EndsWith("0 passed, 1 failed, 0 skipped\n", (await _cli.RunAsync("verify", model, "--input", "rows.csv", "--expected", "answers.csv")).Exits(1).Output);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The lines behind the header, as numbers.</summary>
    private static double[][] Numbers(string[] lines) => [.. lines[1..].Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
}
