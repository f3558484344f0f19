using System.Text.Json;

namespace Slipway.EndToEnd.Readme;

/// <summary>The embedding example: a program that scores by itself, with nothing of a server in it.</summary>
public sealed class EmbedTests : IDisposable
{
    private static readonly string Folder = Repository.PathOf("examples", "embed", "bin", Repository.Configuration, "net10.0");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_prints_two_risks_and_loads_no_web_server_database_or_native_runtime()
    {
        var report = _folder["loaded.txt"];
        await using var process = ChildProcess.Start(Repository.Dotnet, [Path.Combine(Folder, "Embed.dll")], Repository.Root, new Dictionary<string, string>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(EmbedTests).Assembly.Location,
            [StartupHook.ReportVariable] = report,
        });
        Assert.True(await process.WaitAsync() == 0, process.Transcript);
        Assert.Equal(PrintedInReadme(), process.Output);
        Assert.Equal(2, process.Output.Split("failure risk").Length - 1);

        var loaded = await File.ReadAllLinesAsync(report);
        Assert.Contains("Slipway.Models", loaded);
        Assert.DoesNotContain(loaded, IsForeign);
    }

    [Fact]
    public void Its_folder_and_dependencies_hold_only_core_models_and_two_managed_libraries()
    {
        Assert.Equal(["Embed.dll", "Slipway.Core.dll", "Slipway.Models.dll", "System.Numerics.Tensors.dll", "YamlDotNet.dll"],
            Directory.EnumerateFiles(Folder, "*.dll", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Folder, "*.so*", SearchOption.AllDirectories));
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "Embed.deps.json")));
        Assert.DoesNotContain(dependencies.RootElement.GetProperty("libraries").EnumerateObject(), library => IsForeign(library.Name));
        Assert.DoesNotContain("AspNetCore", File.ReadAllText(Path.Combine(Folder, "Embed.runtimeconfig.json")));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The block without a language: what the README says the program prints.</summary>
    private static string PrintedInReadme()
    {
        var blocks = File.ReadAllText(Repository.PathOf("examples", "embed", "README.md")).Split("\n```\n");
        return blocks[^2] + "\n";
    }

    private static bool IsForeign(string name) =>
        new[] { "AspNetCore", "Kestrel", "sqlite", "Slipway.Storage", "Slipway.App", "onnxruntime", "Npgsql" }.Any(foreign => name.Contains(foreign, StringComparison.OrdinalIgnoreCase));
}
