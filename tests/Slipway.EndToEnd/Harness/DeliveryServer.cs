namespace Slipway.EndToEnd.Harness;

/// <summary>One server for the tests of a class, with the delivery-time example deployed and ready.</summary>
public sealed class DeliveryServer : IAsyncLifetime
{
    internal TemporaryFolder Folder { get; } = new();

    internal Server Server { get; private set; } = null!;

    /// <summary>The command line, talking to the server.</summary>
    internal Cli Cli { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await Server.ServeAsync(Folder["data"]);
        Cli = new Cli(Folder.Path, new Dictionary<string, string> { ["SLIPWAY_SERVER"] = Server.Address.ToString() });
        await Cli.OkAsync("push", "delivery-time", Repository.Package("delivery-time"), "--alias", "champion");
        await Cli.OkAsync("apply", Repository.PathOf("examples", "delivery-time", "use-case.yaml"));
        await Eventually.HoldsAsync("the use case is ready", async () =>
        {
            using var ready = await Server.Http.GetAsync("/v2/models/delivery/ready");
            return ready.IsSuccessStatusCode;
        }, () => Server.Transcript);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        Folder.Dispose();
    }
}
