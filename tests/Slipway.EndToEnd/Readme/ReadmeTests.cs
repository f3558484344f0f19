using System.Text.Json;

namespace Slipway.EndToEnd.Readme;

/// <summary>
/// Every command that a README prints, typed as printed, in its order. The working folder is a fresh one with links to what a checkout holds, so that nothing
/// is written into the checkout; <c>demo</c> and <c>serve</c> go on, checked for what they promise, until the next of them or the end.
/// </summary>
public sealed class ReadmeTests(ITestOutputHelper output) : IDisposable
{
    private const int Port = 8080;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readmes =>
        [.. Directory.EnumerateFiles(Repository.PathOf("examples"), "README.md", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal).Prepend("README.md")];

    [Theory, MemberData(nameof(Readmes))]
    public async Task Commands_do_what_the_README_says(string readme)
    {
        var commands = MarkdownCommands.Of(await File.ReadAllTextAsync(Repository.PathOf(readme)));
        Assert.NotEmpty(commands);
        foreach (var linked in new[] { "slipway", "examples" }) File.CreateSymbolicLink(_folder[linked], Repository.PathOf(linked));
        await using var network = await PrivateNetwork.CreateAsync(Port);
        ChildProcess? server = null;
        try
        {
            foreach (var command in commands)
            {
                output.WriteLine($"$ {command}");
                if (command is "./slipway demo" or "./slipway serve")
                {
                    await StopAsync(server);
                    server = network.Start(_folder.Path, "bash", "-c", command);
                    await CheckAsync(network, server, command);
                    continue;
                }
                await using var process = Start(network, command);
                Assert.True(await process.WaitAsync() == 0, process.Transcript);
                output.WriteLine(process.Output + process.Error);
                if (command.StartsWith("curl", StringComparison.Ordinal)) Assert.True(JsonDocument.Parse(process.Output).RootElement.TryGetProperty("outputs", out _), process.Transcript);
            }
        }
        finally
        {
            await StopAsync(server);
        }
    }

    [Fact]
    public async Task Launcher_builds_nothing_when_nothing_changed()
    {
        for (var i = 0; i < 2; i++)
        {
            await using var process = ChildProcess.Start(Repository.PathOf("slipway"), ["schema"], _folder.Path);
            Assert.True(await process.WaitAsync() == 0, process.Transcript);
            if (i > 0) Assert.Empty(process.Error);
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A project is run where it is, with the machine's network: it builds beside its sources, and may restore packages.</summary>
    private ChildProcess Start(PrivateNetwork network, string command) => command.StartsWith("dotnet run", StringComparison.Ordinal)
        ? ChildProcess.Start("bash", ["-c", command], Repository.Root)
        : network.Start(_folder.Path, "bash", "-c", command);

    private static async Task CheckAsync(PrivateNetwork network, ChildProcess server, string command)
    {
        await Eventually.HoldsAsync($"{command} serves", async () =>
        {
            if (server.HasExited) Assert.Fail(server.Transcript);
            return await GetAsync(network, "/health/live") is not null;
        }, () => server.Transcript);
        foreach (var path in new[] { "/v2", "/api/openapi.json", "/metrics", "/health/live", "/health/ready", "/" })
        {
            Assert.True(await GetAsync(network, path) is { Length: > 0 }, $"{path} does not answer\n{server.Transcript}");
        }
        if (command != "./slipway demo") return;
        Assert.Contains("http://127.0.0.1:8080", server.Output);
        await Eventually.HoldsAsync("rows are scored and sampled", async () =>
            await GetAsync(network, "/api/usecases/machine-failure") is { } json
            && JsonDocument.Parse(json).RootElement.GetProperty("status") is var status
            && status.GetProperty("rowsActed").GetInt64() >= 100 && status.GetProperty("samples").GetInt64() >= 100, () => server.Transcript);
    }

    private static async Task<string?> GetAsync(PrivateNetwork network, string path)
    {
        await using var curl = network.Start("/", "curl", "-sf", "--max-time", "60", $"http://127.0.0.1:{Port}{path}");
        return await curl.WaitAsync() == 0 ? curl.Output : null;
    }

    private static async Task StopAsync(ChildProcess? server)
    {
        if (server is null) return;
        await using (server) Assert.Equal(0, await server.InterruptAsync());
    }
}
