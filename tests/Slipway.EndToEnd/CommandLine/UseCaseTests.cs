namespace Slipway.EndToEnd.CommandLine;

/// <summary>The verbs about use cases and their rows, on the machine-failure example, without a server.</summary>
public sealed class UseCaseTests : IAsyncLifetime
{
    private const int Rows = 300;

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public UseCaseTests() => _cli = new Cli(_folder.Path);

    public async ValueTask InitializeAsync()
    {
        File.Copy(Repository.PathOf("examples", "machine-failure", "use-case.yaml"), _folder["use-case.yaml"]);
        Directory.CreateDirectory(_folder["rows"]);
        await _cli.OkAsync("demo", "rows", "--count", $"{Rows}", "--output", "rows/jobs.csv");
        await _cli.OkAsync("push", "machine-failure", Repository.Package("machine-failure"), "--alias", "champion");
    }

    [Fact]
    public async Task Check_and_test_pass_for_both_examples()
    {
        foreach (var example in new[] { "machine-failure", "delivery-time" })
        {
            var file = Repository.PathOf("examples", example, "use-case.yaml");
            Assert.Contains("is in order", await _cli.OkAsync("check", file, "--model", Repository.Package(example)));
            Assert.EndsWith("2 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("test", file, "--model", Repository.Package(example)));
        }
        Assert.True((await _cli.JsonAsync("check", "use-case.yaml")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Test_shows_the_difference_when_an_expectation_does_not_hold()
    {
        var yaml = await File.ReadAllTextAsync(_folder["use-case.yaml"]);
        _folder.Write("wrong.yaml", yaml.Replace("{ heat: 10,", "{ heat: 11,", StringComparison.Ordinal));
        var ended = (await _cli.RunAsync("test", "wrong.yaml")).Exits(1);
        Assert.Contains("heat", ended.Output);
        Assert.EndsWith("1 passed, 1 failed, 0 skipped\n", ended.Output);
    }

    [Fact]
    public async Task Run_takes_what_is_new_and_only_that()
    {
        Assert.Contains($"{Rows} rows read, {Rows} acted on, 0 in quarantine", await _cli.OkAsync("run", "use-case.yaml"));
        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long)i), SqliteFile.Column<long>(_folder["predictions.db"], "SELECT id FROM predictions ORDER BY id"));

        await File.AppendAllTextAsync(_folder["rows", "jobs.csv"], $"{Rows},2026-01-02T00:00:00Z,mill-1,M,300.0,310.0,1500,38.0,20\n");
        Assert.Contains("1 rows read, 1 acted on", await _cli.OkAsync("run", "machine-failure"));
        Assert.Equal([Rows + 1L], SqliteFile.Column<long>(_folder["predictions.db"], "SELECT count(*) FROM predictions"));

        var detail = await _cli.JsonAsync("usecases", "machine-failure");
        Assert.Equal(1, detail.GetProperty("status").GetProperty("revision").GetInt32());
        Assert.Equal(["1", $"{Rows}"], detail.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("rowsActed").ToString()));
    }

    [Fact]
    public async Task Bad_rows_wait_in_quarantine_until_dropped()
    {
        await File.AppendAllTextAsync(_folder["rows", "jobs.csv"], "900,2026-01-02T00:00:00Z,mill-1,M,300.0,310.0,1500,ERR,20\n901,2026-01-02T00:00:00Z,mill-1,X,300.0,310.0,1500,38.0,20\n");
        Assert.Contains($"{Rows + 2} rows read, {Rows} acted on, 2 in quarantine", await _cli.OkAsync("run", "use-case.yaml"));

        var rows = (await _cli.JsonAsync("quarantine", "machine-failure")).EnumerateArray().ToArray();
        Assert.StartsWith("900,", rows[0].GetProperty("raw").GetString());
        Assert.Contains("torque", rows[0].GetProperty("reason").GetString());
        Assert.StartsWith("901,", rows[1].GetProperty("raw").GetString());
        Assert.Contains("one-hot", rows[1].GetProperty("stage").GetString());
        Assert.Contains("901,", await _cli.OkAsync("quarantine", "machine-failure"));

        var replay = (await _cli.RunAsync("quarantine", "machine-failure", "--replay")).Exits(1);
        Assert.Contains("0 accepted, 2 still bad", replay.Output);
        Assert.Contains("1 dropped", await _cli.OkAsync("quarantine", "machine-failure", "--drop", "--ids", rows[0].GetProperty("id").ToString()));
        Assert.Equal(1, (await _cli.JsonAsync("quarantine", "machine-failure")).GetArrayLength());
    }

    [Fact]
    public async Task Row_replayed_under_a_corrected_use_case_is_accepted()
    {
        await File.AppendAllTextAsync(_folder["rows", "jobs.csv"], "901,2026-01-02T00:00:00Z,mill-1,X,300.0,310.0,1500,38.0,20\n");
        await _cli.OkAsync("run", "use-case.yaml");
        var yaml = await File.ReadAllTextAsync(_folder["use-case.yaml"]);
        await File.WriteAllTextAsync(_folder["use-case.yaml"], yaml.Replace("prefix: type_ }", "prefix: type_, unknown: zero }", StringComparison.Ordinal));
        Assert.Contains("revision 2", await _cli.OkAsync("apply", "use-case.yaml"));

        Assert.Contains("1 accepted, 0 still bad", await _cli.OkAsync("quarantine", "machine-failure", "--replay"));
        Assert.Equal([901L], SqliteFile.Column<long>(_folder["predictions.db"], "SELECT id FROM predictions WHERE id > 900"));
        Assert.Contains("No row is in quarantine.", await _cli.OkAsync("quarantine", "machine-failure"));
    }

    [Fact]
    public async Task Samples_are_kept_and_labelled_late()
    {
        await _cli.OkAsync("run", "use-case.yaml");
        var samples = (await _cli.JsonAsync("samples", "machine-failure", "--limit", "1000")).EnumerateArray().ToArray();
        Assert.Equal(Rows, samples.Length);
        var sample = samples[0];
        Assert.Contains("\"heat\"", sample.GetProperty("input").GetString());
        Assert.Contains("\"prediction\"", sample.GetProperty("prediction").GetString());

        var id = sample.GetProperty("id").GetString()!;
        await _cli.OkAsync("label", id, "1");
        Assert.Equal("1", (await _cli.JsonAsync("samples", "machine-failure", "--limit", "1000")).EnumerateArray().Single(s => s.GetProperty("id").GetString() == id).GetProperty("label").GetString());
        await _cli.OkAsync("label", id, "worn out");
        Assert.Contains("\"worn out\"", await _cli.OkAsync("samples", "machine-failure", "--limit", "1000"));
    }

    [Fact]
    public async Task Paused_use_case_does_not_run_until_resumed_and_removed_is_gone()
    {
        Assert.Contains("revision 1", await _cli.OkAsync("apply", "use-case.yaml"));
        Assert.Contains("paused", await _cli.OkAsync("pause", "machine-failure"));
        Assert.Contains("paused", (await _cli.RunAsync("run", "machine-failure")).Exits(1).Error);
        await _cli.OkAsync("resume", "machine-failure");
        await _cli.OkAsync("run", "machine-failure");
        await _cli.OkAsync("remove", "machine-failure");
        Assert.StartsWith("No use case is deployed yet.", await _cli.OkAsync("usecases"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
