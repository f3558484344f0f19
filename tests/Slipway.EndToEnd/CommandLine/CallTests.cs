using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.CommandLine;

/// <summary>Help, wrong calls, failures: the exit codes 0, 2 and 1, and what is said with them.</summary>
public sealed partial class CallTests : IDisposable
{
    public static readonly TheoryData<string> Verbs =
    [
        "demo", "demo rows", "serve", "push", "models", "alias", "pull", "inspect", "verify", "score", "convert", "debug", "debug diff", "check", "test", "schema",
        "apply", "run", "usecases", "pause", "resume", "remove", "quarantine", "samples", "label", "alerts",
    ];

    public static readonly TheoryData<string> WrongCalls =
    [
        "models --jsn", "push", "push name", "inspect", "score --model model.json", "alias model champion", "alias model champion 1 --remove", "alias model champion one",
        "verify model.json --input rows.csv", "verify a.json b.json --input rows.csv --expected rows.csv", "quarantine case --replay --drop", "pull not/a/model folder",
        "score --model model.json --input rows.csv --output rows.csv", "serve --port 80", "convert text.txt --to pmml", "convert text.txt --output model.pmml", "convert text.txt --to onnx --output model.onnx", "convert text.txt --to pmml --output text.txt",
        "samples case --limit many", "demo rows", "label sample", "debug diff", "debug diff model.onnx --size 0", "inspect model.onnx --passes",
    ];

    public static readonly TheoryData<string> Failures =
    [
        "inspect absent.json", "inspect text.txt", "inspect text.txt --graph", "debug diff absent.onnx", "debug diff text.txt", "verify absent", "verify text.txt", "score --model absent.json --input rows.csv --output answers.csv",
        "convert absent.json --to pmml --output model.pmml", "convert text.txt --to pmml --output model.pmml", "push model absent.json", "push model text.txt", "push NOT%A%NAME text.txt", "models absent", "alias absent champion 1", "pull absent folder",
        "check absent.yaml", "check broken.yaml", "test broken.yaml", "apply absent.yaml", "apply broken.yaml", "run absent", "usecases absent", "pause absent", "resume absent", "remove absent",
        "label 00000000-0000-0000-0000-000000000000 1", "models --server http://127.0.0.1:1", "models --server nonsense", "serve --urls nonsense", "serve --config absent.json",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public CallTests()
    {
        _cli = new Cli(_folder.Path);
        _folder.Write("text.txt", "this is no model\n");
        _folder.Write("rows.csv", "x\n1\n");
        _folder.Write("broken.yaml", "use-case: broken\nsource:\n  csv: { path: rows.csv }\nmodel: nothing\nmonitor:\n  drift: { windw: 1d }\n");
    }

    [Theory, MemberData(nameof(Verbs))]
    public async Task Help_has_an_example_for(string verb)
    {
        var ended = (await _cli.RunAsync([.. verb.Split(' '), "--help"])).Exits(0);
        Assert.Matches($@"Examples?:\s+slipway {verb}\b", ended.Output);
    }

    [Fact]
    public async Task Help_lists_every_verb_tested_here_and_no_other()
    {
        var help = await _cli.OkAsync("--help");
        var listed = HelpVerb().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value);
        Assert.Equal(Verbs.Select(v => v.Data).Where(v => !v.Contains(' ')).Order(), listed.Order());
    }

    [Theory, InlineData("scor", "score"), InlineData("modles", "models"), InlineData("use-cases", "usecases")]
    public async Task Unknown_verb_is_a_wrong_call_that_names_the_nearest(string given, string meant)
    {
        var ended = (await _cli.RunAsync(given)).Exits(2);
        Assert.Contains($"Did you mean '{meant}'?", ended.Error);
        Assert.Empty(ended.Output);
    }

    [Theory, MemberData(nameof(WrongCalls))]
    public async Task Wrong_call_ends_with_2(string call)
    {
        var ended = (await _cli.RunAsync(call.Split(' '))).Exits(2);
        Assert.NotEmpty(ended.Error);
        Assert.DoesNotContain("   at Slipway", ended.Error);
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task Failed_work_ends_with_1_and_a_reason(string call)
    {
        var ended = (await _cli.RunAsync(call.Split(' '))).Exits(1);
        Assert.NotEmpty(ended.Error + ended.Output);
        Assert.DoesNotContain("   at Slipway", ended.Error);
        Assert.DoesNotContain("Unhandled", ended.Error);
    }

    [Fact]
    public async Task Check_names_the_place_and_what_was_meant()
    {
        var ended = (await _cli.RunAsync("check", "broken.yaml")).Exits(1);
        Assert.Contains("broken.yaml:6:12: monitor.drift.windw: ", ended.Error);
        Assert.Contains("window", ended.Error);
    }

    [Fact]
    public async Task Lists_of_an_empty_data_folder_say_so()
    {
        Assert.StartsWith("No model is registered yet.", await _cli.OkAsync("models"));
        Assert.StartsWith("No use case is deployed yet.", await _cli.OkAsync("usecases"));
        Assert.StartsWith("No alert has fired.", await _cli.OkAsync("alerts"));
        Assert.Equal(0, (await _cli.JsonAsync("models")).GetArrayLength());
        Assert.Equal(0, (await _cli.JsonAsync("usecases")).GetArrayLength());
        Assert.Equal(0, (await _cli.JsonAsync("alerts")).GetArrayLength());
    }

    [Fact]
    public async Task Schema_is_a_JSON_Schema_and_its_Markdown_names_the_components()
    {
        var schema = System.Text.Json.JsonDocument.Parse(await _cli.OkAsync("schema")).RootElement;
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.GetProperty("$schema").GetString());
        Assert.True(schema.GetProperty("$defs").GetProperty("use-case-spec").GetProperty("properties").TryGetProperty("use-case", out _));
        Assert.Contains("on-arrival", await _cli.OkAsync("schema", "--markdown"));
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^  ([a-z]+)\b", RegexOptions.Multiline)]
    private static partial Regex HelpVerb();
}
