using Slipway.Core;

namespace Slipway.App.Control;

/// <summary>An engine without loops and without a server, for one piece of work on a data folder: <c>slipway run</c>, a replay.</summary>
public sealed class TemporaryEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TemporaryEngine(ServiceProvider services) => _services = services;

    internal IServiceProvider Services => _services;

    public Engine Engine => _services.GetRequiredService<Engine>();

    /// <summary>Loads the models and binds the use cases of a data folder, which stays the caller's.</summary>
    public static async Task<TemporaryEngine> StartAsync(DataFolder data, CancellationToken cancellation)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("Slipway.UseCases", LogLevel.Information));
        services.AddSingleton(data);
        services.AddSlipwayEngine();
        var temporary = new TemporaryEngine(services.BuildServiceProvider());
        await temporary.Engine.Models.RefreshAsync(cancellation);
        await temporary.Engine.UseCases.RefreshAsync(cancellation);
        return temporary;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.FlushAsync(CancellationToken.None);
        await Engine.UseCases.DisposeAsync();
        await Engine.Models.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
