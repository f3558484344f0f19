using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Slipway.App.Control;
using Slipway.App.Hosting;
using Slipway.Core;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway serve</c>: the server.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var data = ControlPlanes.DataOption();
        var urls = new Option<string>("--urls") { HelpName = "URL", Description = "Addresses to listen on, separated by semicolons. Beyond loopback a token is needed.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var config = new Option<string?>("--config") { HelpName = "FILE", Description = "ASP.NET Core configuration (JSON): certificates, limits, log levels." };
        var command = new Verb("serve",
            $"Runs the server: inference, management API, dashboard. The access token is read from {ServerOptions.TokenVariable}.", "slipway serve --data /var/lib/slipway --urls http://127.0.0.1:8080") { data, urls, config };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ServerOptions(parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), Environment.GetEnvironmentVariable(ServerOptions.TokenVariable) is { Length: > 0 } token ? token : null, parsed.GetValue(config)),
            cancellation));
        return command;
    }

    internal static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellation, Func<WebApplication, Task>? started = null)
    {
        await using var server = SlipwayServer.Build(options);
        try
        {
            await server.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await server.StopAsync(CancellationToken.None);
            throw new SlipwayException($"another program listens at {options.Urls} already; stop it, or choose another address with --urls", e);
        }
        foreach (var url in server.Urls) Terminal.Line($"Slipway serves {Path.GetFullPath(options.DataFolder)} at {url}");
        if (started is not null) await started(server);
        await server.WaitForShutdownAsync(cancellation);
        return CommandLine.Ok;
    }
}
