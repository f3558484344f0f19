using System.Globalization;

namespace Slipway.EndToEnd.CommandLine;

/// <summary>The verbs about models, on the example packages, without a server.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public ModelTests() => _cli = new Cli(_folder.Path);

    [Theory, InlineData("machine-failure"), InlineData("delivery-time")]
    public async Task Inspect_says_format_runtime_and_signature(string example)
    {
        var file = Path.Combine(Repository.Package(example), "model.json");
        var text = await _cli.OkAsync("inspect", file);
        Assert.Matches(@"format\s+xgboost", text);
        Assert.Matches(@"runtime\s+trees", text);
        Assert.Contains("prediction", text);

        var json = await _cli.JsonAsync("inspect", file);
        Assert.Equal("trees", json.GetProperty("runtime").GetString());
        Assert.Equal(0, json.GetProperty("unsupported").GetArrayLength());
        Assert.NotEqual(0, json.GetProperty("inputs").GetArrayLength());
    }

    [Fact]
    public async Task Verify_counts_what_passed_failed_and_had_nothing_to_compare()
    {
        var good = _folder.CopyOf(Repository.Package("machine-failure"), "packages/good");
        var wrong = _folder.CopyOf(Repository.Package("delivery-time"), "packages/wrong");
        var rows = Path.Combine(wrong, "recorded", "holdout.json");
        var text = await File.ReadAllTextAsync(rows);
        var at = text.LastIndexOf("\"data\": [", StringComparison.Ordinal) + "\"data\": [".Length;
        await File.WriteAllTextAsync(rows, text.Insert(at, "1"));
        File.Copy(Path.Combine(good, "model.json"), _folder["packages", "bare.json"]);

        var ended = (await _cli.RunAsync("verify", "packages", "--report", "report.tsv")).Exits(1);
        Assert.EndsWith("1 passed, 1 failed, 1 skipped\n", ended.Output);
        var report = (await File.ReadAllLinesAsync(_folder["report.tsv"])).Select(line => line.Split('\t')).ToDictionary(cells => Path.GetFileName(cells[0]), cells => cells);
        Assert.Equal("passed", report["good"][1]);
        Assert.Equal("200", report["good"][2]);
        Assert.Equal("0", report["good"][3]);
        Assert.Equal("failed", report["wrong"][1]);
        Assert.Contains("prediction", report["wrong"][5]);
        Assert.Equal("skipped", report["bare.json"][1]);

        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("verify", "packages/good"));
    }

    [Fact]
    public async Task Verify_compares_a_model_file_with_a_pair_of_CSV_files()
    {
        var recorded = RecordedRows.Of("delivery-time");
        _folder.Write("rows.csv", recorded.ToCsv());
        _folder.Write("answers.csv", recorded.PredictionsToCsv());
        _folder.Write("short.csv", "prediction\n1\n");
        var model = Path.Combine(Repository.Package("delivery-time"), "model.json");

        Assert.Contains("passed", await _cli.OkAsync("verify", model, "--input", "rows.csv", "--expected", "answers.csv", "--rtol", "0", "--atol", "0"));
        var shorter = (await _cli.RunAsync("verify", model, "--input", "rows.csv", "--expected", "short.csv")).Exits(1);
        Assert.Contains("fewer rows", shorter.Output + shorter.Error);
    }

    [Theory, InlineData("machine-failure"), InlineData("delivery-time")]
    public async Task Score_answers_exactly_what_was_recorded(string example)
    {
        var recorded = RecordedRows.Of(example);
        _folder.Write("rows.csv", recorded.ToCsv());
        Assert.Contains($"{recorded.Predictions.Length} rows scored", await _cli.OkAsync("score", "--model", Repository.Package(example), "--input", "rows.csv", "--output", "answers.csv"));

        var lines = await File.ReadAllLinesAsync(_folder["answers.csv"]);
        Assert.Equal("prediction", lines[0]);
        Assert.Equal(recorded.Predictions, lines[1..].Select(line => float.Parse(line, CultureInfo.InvariantCulture)));
    }

    [Theory, InlineData("machine-failure"), InlineData("delivery-time")]
    public async Task Converted_model_scores_to_the_same_answers(string example)
    {
        _folder.Write("rows.csv", RecordedRows.Of(example).ToCsv());
        Assert.Matches(@"^\d+ bytes written to model\.pmml\n$", await _cli.OkAsync("convert", Repository.Package(example), "--to", "pmml", "--output", "model.pmml"));
        Assert.Equal(["model.pmml", "rows.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Matches(@"runtime\s+pmml", await _cli.OkAsync("inspect", "model.pmml"));

        await _cli.OkAsync("score", "--model", Repository.Package(example), "--input", "rows.csv", "--output", "answers.csv");
        await _cli.OkAsync("score", "--model", "model.pmml", "--input", "rows.csv", "--output", "converted.csv");
        Assert.Equal(await File.ReadAllTextAsync(_folder["answers.csv"]), await File.ReadAllTextAsync(_folder["converted.csv"]));
    }

    [Fact]
    public async Task Convert_that_fails_leaves_the_file_that_was_there()
    {
        await _cli.OkAsync("convert", Repository.Package("delivery-time"), "--to", "pmml", "--output", "model.pmml");
        _folder.Write("kept.pmml", "kept");
        var ended = (await _cli.RunAsync("convert", "model.pmml", "--to", "pmml", "--output", "kept.pmml")).Exits(1);
        Assert.Contains("model.pmml: models of the runtime 'pmml' are not written as PMML", ended.Error);
        Assert.Equal("kept", await File.ReadAllTextAsync(_folder["kept.pmml"]));
        Assert.Equal(["kept.pmml", "model.pmml"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Convert_onto_the_packages_own_model_is_a_wrong_call()
    {
        var package = _folder.CopyOf(Repository.Package("delivery-time"), "package");
        var model = Path.Combine(package, "model.json");
        var before = await File.ReadAllBytesAsync(model);
        (await _cli.RunAsync("convert", "package", "--to", "pmml", "--output", "package/model.json")).Exits(2);
        Assert.Equal(before, await File.ReadAllBytesAsync(model));
    }

    [Fact]
    public async Task Score_takes_a_registered_model_copies_columns_and_writes_JSON_Lines()
    {
        var recorded = RecordedRows.Of("delivery-time");
        _folder.Write("rows.csv", recorded.ToCsv());
        await _cli.OkAsync("push", "delivery", Repository.Package("delivery-time"), "--alias", "champion");
        await _cli.OkAsync("score", "--model", "delivery@champion", "--input", "rows.csv", "--output", "answers.jsonl", "--columns", "distance,parcels");

        var lines = await File.ReadAllLinesAsync(_folder["answers.jsonl"]);
        Assert.Equal(recorded.Predictions.Length, lines.Length);
        Assert.Matches("""^\{"distance":[0-9.]+,"parcels":[0-9.]+,"prediction":[0-9.]+\}$""", lines[0]);
    }

    [Fact]
    public async Task Score_of_a_bad_file_names_the_line_and_writes_nothing()
    {
        var lines = RecordedRows.Of("delivery-time").ToCsv().Split('\n');
        lines[7] = "many," + lines[7][(lines[7].IndexOf(',', StringComparison.Ordinal) + 1)..];
        _folder.Write("rows.csv", string.Join('\n', lines));
        var ended = (await _cli.RunAsync("score", "--model", Repository.Package("delivery-time"), "--input", "rows.csv", "--output", "answers.csv")).Exits(1);
        Assert.Contains("line 8", ended.Error);
        Assert.Equal(["rows.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Registry_keeps_versions_aliases_and_their_history()
    {
        var other = _folder.CopyOf(Repository.Package("machine-failure"), "other");
        await File.AppendAllTextAsync(Path.Combine(other, "model.yaml"), "description: the same model, said better\n");
        var first = await _cli.JsonAsync("push", "machine", Repository.Package("machine-failure"), "--alias", "champion", "--why", "the first");
        var again = await _cli.JsonAsync("push", "machine", Repository.Package("machine-failure"));
        var second = await _cli.JsonAsync("push", "machine", other);
        Assert.Equal((1, 1, 2), (first.GetProperty("version").GetInt32(), again.GetProperty("version").GetInt32(), second.GetProperty("version").GetInt32()));
        Assert.True(first.GetProperty("parity").GetProperty("passed").GetBoolean());
        Assert.Equal(200, first.GetProperty("parity").GetProperty("rows").GetInt32());

        await _cli.OkAsync("alias", "machine", "champion", "2", "--why", "better said");
        await _cli.OkAsync("alias", "machine", "challenger", "1");
        await _cli.OkAsync("alias", "machine", "challenger", "--remove");
        (await _cli.RunAsync("alias", "machine", "champion", "9")).Exits(1);

        var shown = await _cli.JsonAsync("models", "machine");
        Assert.Equal(2, shown.GetProperty("model").GetProperty("aliases").GetProperty("champion").GetInt32());
        Assert.False(shown.GetProperty("model").GetProperty("aliases").TryGetProperty("challenger", out _));
        Assert.Equal(
            ["challenger 1→", "challenger →1", "champion 1→2 better said", "champion →1 the first"],
            shown.GetProperty("history").EnumerateArray().Select(c => $"{c.GetProperty("alias")} {c.GetProperty("from")}→{c.GetProperty("to")} {c.GetProperty("why")}".TrimEnd()));
        Assert.Contains("champion→2", await _cli.OkAsync("models"));
    }

    [Theory, InlineData("machine-failure"), InlineData("delivery-time")]
    public async Task Pulled_package_pushed_again_has_the_same_digest(string example)
    {
        var pushed = await _cli.JsonAsync("push", "model", Repository.Package(example));
        await _cli.OkAsync("pull", "model/1", "pulled");
        Assert.Equal(pushed.GetProperty("digest").GetString(), (await _cli.JsonAsync("push", "other", "pulled")).GetProperty("digest").GetString());
        (await _cli.RunAsync("pull", "model", "pulled")).Exits(1);
    }

    [Fact]
    public async Task Model_that_answers_differently_is_not_registered()
    {
        var package = _folder.CopyOf(Repository.Package("machine-failure"), "package");
        File.Copy(Path.Combine(Repository.Package("delivery-time"), "recorded", "holdout.json"), Path.Combine(package, "recorded", "holdout.json"), overwrite: true);
        (await _cli.RunAsync("push", "machine", "package", "--alias", "champion")).Exits(1);
        Assert.Equal(0, (await _cli.JsonAsync("models")).GetArrayLength());
    }

    public void Dispose() => _folder.Dispose();
}
