using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Serving;
using Slipway.Tests.Storage;

namespace Slipway.Tests.Serving;

/// <summary>A real server on a free port of 127.0.0.1, with a registry of its own and models that <see cref="ScriptedLoader"/> makes from text.</summary>
internal sealed class InferenceServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InferenceServer(WebApplication app, SqliteStores stores)
    {
        _app = app;
        Stores = stores;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public SqliteStores Stores { get; }

    public HttpClient Client { get; }

    public ModelHost Host => _app.Services.GetRequiredService<ModelHost>();

    public IServiceProvider Services => _app.Services;

    public Uri Address => Client.BaseAddress!;

    public static async Task<InferenceServer> StartAsync(Action<IServiceCollection>? configure = null)
    {
        var stores = new SqliteStores();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(stores.Registry);
        builder.Services.AddSingleton(stores.Artifacts);
        configure?.Invoke(builder.Services);
        if (!builder.Services.Any(s => s.ServiceType == typeof(IVersionLoader))) builder.Services.AddSingleton<IVersionLoader, ScriptedLoader>();
        builder.Services.AddSlipwayServing();
        var app = builder.Build();
        app.UseSlipwayInference();
        app.MapSlipwayHealth();
        await app.StartAsync();
        return new InferenceServer(app, stores);
    }

    /// <summary>Registers a version whose model <see cref="ScriptedLoader"/> makes from <paramref name="script"/>, and waits until it is loaded or has failed.</summary>
    public async Task<int> PushAsync(string name, string script, string? alias = null, string format = "text")
    {
        var version = await RegisterAsync(Stores, name, script, alias, format);
        await Host.RefreshAsync(TestContext.Current.CancellationToken);
        return version;
    }

    public static async Task<int> RegisterAsync(SqliteStores stores, string name, string script, string? alias = null, string format = "text")
    {
        var (sha, size) = await stores.Artifacts.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(script)), default);
        var signature = ScriptedLoader.SignatureOf(script);
        return stores.Registry.Add(
            new NewVersion(name, "scripted", format, signature, [new PackageFile(ScriptedLoader.FileName, sha, size)], new Lineage(), ParityReport.Nothing, "test"), alias).Version;
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Stores.Dispose();
    }
}
