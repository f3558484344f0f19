using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.Harness;

/// <summary>A server in a process of its own, on a port the system chose.</summary>
internal sealed partial class Server : IAsyncDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly ChildProcess _process;

    private Server(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
        Http = new HttpClient { BaseAddress = address, Timeout = ChildProcess.Deadline };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string Transcript => _process.Transcript;

    public bool IsAlive => !_process.HasExited;

    public static Task<Server> ServeAsync(string data, string urls = AnyPort, IReadOnlyDictionary<string, string>? environment = null) =>
        WaitAsync(Launch(["serve", "--data", data, "--urls", urls], data, environment));

    public static Task<Server> DemoAsync(string data) => WaitAsync(LaunchDemo(data));

    /// <summary>Starts the demo and does not wait for it.</summary>
    public static ChildProcess LaunchDemo(string data) => Launch(["demo", "--data", data, "--urls", AnyPort], data, null);

    /// <summary>Waits until a started server answers; disposes it when it does not.</summary>
    public static async Task<Server> WaitAsync(ChildProcess process)
    {
        try
        {
            var found = ServesLine().Match("");
            await Eventually.HoldsAsync("the server says its address", () =>
            {
                if (process.HasExited) Assert.Fail($"the server ended:\n{process.Transcript}");
                return (found = ServesLine().Match(process.Output)).Success;
            }, () => process.Transcript);
            var server = new Server(process, new Uri(found.Groups[1].Value.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)));
            (await server.Http.GetAsync("/health/live")).EnsureSuccessStatusCode();
            return server;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {(int)response.StatusCode} {text}\n{Transcript}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Sends JSON, whether it is or not.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> json)
    {
        var content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = new("application/json") } };
        return Http.SendAsync(new HttpRequestMessage(method, path) { Content = content });
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string json) => SendAsync(method, path, Encoding.UTF8.GetBytes(json));

    public Task<HttpResponseMessage> ApplyAsync(string useCase, string yaml, string folder) =>
        Http.PutAsJsonAsync($"/api/usecases/{useCase}", new { yaml, folder });

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitAsync();
    }

    /// <summary>Ctrl+C; returns the exit code.</summary>
    public Task<int> StopAsync() => _process.InterruptAsync();

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return _process.DisposeAsync();
    }

    private static ChildProcess Launch(string[] arguments, string data, IReadOnlyDictionary<string, string>? environment)
    {
        Directory.CreateDirectory(data);
        return ChildProcess.Start(Repository.Dotnet, [Repository.Program, .. arguments], data, environment);
    }

    [GeneratedRegex(@"^Slipway serves .+ at (http\S+)$", RegexOptions.Multiline)]
    private static partial Regex ServesLine();
}
