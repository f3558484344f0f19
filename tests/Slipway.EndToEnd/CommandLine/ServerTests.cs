using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.CommandLine;

/// <summary>The same verbs, with a server and without: the same answers.</summary>
public sealed partial class ServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Verbs_answer_with_a_server_what_they_answer_without()
    {
        await using var server = await Server.ServeAsync(_folder["served"]);
        var local = Directory.CreateDirectory(_folder["local", "work"]).FullName;
        var remote = Directory.CreateDirectory(_folder["remote", "work"]).FullName;
        var without = new Cli(local);
        var with = new Cli(remote, new Dictionary<string, string> { ["SLIPWAY_SERVER"] = server.Address.ToString() });
        foreach (var folder in new[] { local, remote }) await PrepareAsync(folder);

        string[] calls =
        [
            $"push machine-failure {Repository.Package("machine-failure")} --alias champion --why first", "push machine-failure other", "push machine-failure text.txt", "push machine-failure absent",
            "push delivery-time bare.json", "alias machine-failure challenger 2 --why maybe", "alias machine-failure challenger 7", "alias absent champion 1", "models", "models machine-failure", "models absent",
            "pull machine-failure@champion pulled", "pull machine-failure/7 pulled-7", "push again pulled",
            "apply use-case.yaml", "apply use-case.yaml", "apply broken.yaml", "run machine-failure", "run machine-failure", "run absent", "usecases absent",
            "quarantine machine-failure", "samples machine-failure", "samples absent", "alerts", "label no-such-sample 1",
            "quarantine machine-failure --replay", "quarantine machine-failure --drop", "quarantine machine-failure",
            "pause machine-failure", "remove machine-failure", "remove machine-failure", "alias machine-failure challenger --remove", "models machine-failure",
        ];
        foreach (var call in calls)
        {
            var expected = Masked(await without.RunAsync(call.Split(' ')), local);
            var found = Masked(await with.RunAsync(call.Split(' ')), remote);
            Assert.Equal(expected, found);
        }
        Assert.True(Directory.Exists(Path.Combine(local, "data")));
        Assert.False(Directory.Exists(Path.Combine(remote, "data")));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(local, "pulled", "model.json")), await File.ReadAllBytesAsync(Path.Combine(remote, "pulled", "model.json")));
    }

    [Fact]
    public async Task Server_notices_what_the_command_line_changes_in_its_folder()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        var cli = new Cli(_folder.Path);
        await cli.OkAsync("push", "delivery-time", Repository.Package("delivery-time"), "--alias", "champion");
        await cli.OkAsync("apply", Repository.PathOf("examples", "delivery-time", "use-case.yaml"));
        await Eventually.HoldsAsync("the use case answers", async () =>
        {
            using var ready = await server.Http.GetAsync("/v2/models/delivery/ready");
            return ready.IsSuccessStatusCode;
        }, () => server.Transcript);
        Assert.Equal("ok", (await server.GetAsync("/api/overview")).GetProperty("health").GetString());
        Assert.Equal(["delivery"], (await cli.JsonAsync("usecases", "--server", server.Address.ToString())).EnumerateArray().Select(u => u.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task Package_of_tens_of_megabytes_goes_to_a_server_and_back()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        var cli = new Cli(_folder.Path, new Dictionary<string, string> { ["SLIPWAY_SERVER"] = server.Address.ToString() });
        var package = _folder.CopyOf(Repository.Package("delivery-time"), "package");
        var noise = new byte[40 << 20];
        new Random(40).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(package, "notes.bin"), noise);
        await cli.OkAsync("push", "large", "package");
        await cli.OkAsync("pull", "large", "pulled");
        Assert.Equal(noise, await File.ReadAllBytesAsync(_folder["pulled", "notes.bin"]));
    }

    [Fact]
    public async Task Second_server_on_the_same_port_ends_with_1_and_says_why()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        var ended = (await new Cli(_folder.Path).RunAsync("serve", "--data", "other", "--urls", server.Address.ToString())).Exits(1);
        Assert.Contains("another program listens", ended.Error);
        Assert.Contains(server.Address.Authority, ended.Error);
    }

    [Fact]
    public async Task Interrupted_server_ends_well_and_its_description_is_OpenAPI()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        var description = await server.GetAsync("/api/openapi.json");
        Assert.StartsWith("3.", description.GetProperty("openapi").GetString());
        foreach (var path in new[] { "/api/overview", "/api/models", "/api/models/{name}/versions", "/api/usecases/{name}", "/api/samples/{id}/label", "/api/alerts" })
        {
            Assert.True(description.GetProperty("paths").TryGetProperty(path, out _), path);
        }
        Assert.Equal("empty", (await server.GetAsync("/api/overview")).GetProperty("health").GetString());
        Assert.Equal(JsonValueKind.Object, (await server.GetAsync("/api/schema/use-case.json")).ValueKind);
        Assert.Equal(0, await server.StopAsync());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A use case whose schedule does not fire in a test's life, with two rows of which one is bad, and a second package.</summary>
    private static async Task PrepareAsync(string folder)
    {
        var yaml = await File.ReadAllTextAsync(Repository.PathOf("examples", "machine-failure", "use-case.yaml"));
        await File.WriteAllTextAsync(Path.Combine(folder, "use-case.yaml"), TriggerLine().Replace(yaml, "trigger: { cron: \"0 3 29 2 *\" }"));
        await File.WriteAllTextAsync(Path.Combine(folder, "broken.yaml"), "use-case: machine-failure\nsorce: {}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "text.txt"), "no model\n");
        File.Copy(Path.Combine(Repository.Package("delivery-time"), "model.json"), Path.Combine(folder, "bare.json"));
        Directory.CreateDirectory(Path.Combine(folder, "rows"));
        await File.WriteAllTextAsync(Path.Combine(folder, "rows", "jobs.csv"),
            "id,time,station,type,air_temperature,process_temperature,speed,torque,tool_wear\n"
            + "1,2026-01-01T00:00:00Z,mill-1,M,300.0,310.0,1500,38.0,20\n2,2026-01-01T00:00:00Z,mill-1,M,300.0,310.0,1500,ERR,20\n");
        var other = Directory.CreateDirectory(Path.Combine(folder, "other")).FullName;
        foreach (var file in new[] { "model.json", "model.yaml" }) File.Copy(Path.Combine(Repository.Package("machine-failure"), file), Path.Combine(other, file));
    }

    /// <summary>What was printed, without times, random ids and folders, and with the states of what only a server runs left open.</summary>
    private static string Masked(Ended ended, string folder)
    {
        var text = $"{ended.Output}\n{ended.Error}\n(exit code {ended.ExitCode})".Replace(folder, "FOLDER", StringComparison.Ordinal);
        text = Time().Replace(text, "TIME");
        text = PushFolder().Replace(text, "");
        if (ended.Command.StartsWith("slipway samples", StringComparison.Ordinal)) text = SampleId().Replace(text, "ID");
        return LogLine().Replace(State().Replace(text, "STATE"), "");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[0-9a-zA-Z-]{16,}\t", RegexOptions.Multiline)]
    private static partial Regex SampleId();

    [GeneratedRegex(@"not-loaded|not running|\b(ready|loading|idle|running|waiting|paused)\b")]
    private static partial Regex State();

    [GeneratedRegex(@"^(info|warn): .*\n", RegexOptions.Multiline)]
    private static partial Regex LogLine();

    [GeneratedRegex(@"/\S*/slipway-push-\w+/package/?")]
    private static partial Regex PushFolder();

    [GeneratedRegex("^trigger:.*$", RegexOptions.Multiline)]
    private static partial Regex TriggerLine();
}
