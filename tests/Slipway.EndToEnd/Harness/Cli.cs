using System.Text.Json;

namespace Slipway.EndToEnd.Harness;

/// <summary>The command line, started as users start it, in one working folder; its data folder is <c>data</c> below that unless the call says otherwise.</summary>
internal sealed class Cli(string folder, IReadOnlyDictionary<string, string>? environment = null)
{
    public async Task<Ended> RunAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start(Repository.Dotnet, [Repository.Program, .. arguments], folder, environment);
        var code = await process.WaitAsync();
        return new Ended("slipway " + string.Join(' ', arguments), code, process.Output, process.Error);
    }

    /// <summary>Runs what must end with exit code 0; returns what it printed.</summary>
    public async Task<string> OkAsync(params string[] arguments) => (await RunAsync(arguments)).Exits(0).Output;

    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var output = await OkAsync([.. arguments, "--json"]);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}

/// <summary>A command that ended.</summary>
internal sealed record Ended(string Command, int ExitCode, string Output, string Error)
{
    public Ended Exits(int code)
    {
        if (ExitCode != code) Assert.Fail($"exit code {ExitCode}, not {code}:\n{this}");
        return this;
    }

    public override string ToString() => $"$ {Command}\n{Output}{Error}(exit code {ExitCode})";
}
