using System.CommandLine;
using Slipway.App.Hosting;
using Slipway.Core;

namespace Slipway.App.Control;

/// <summary>The options <c>--server</c> and <c>--data</c> that every managing verb has, and what they mean.</summary>
public sealed class ControlPlanes
{
    private const string ServerVariable = "SLIPWAY_SERVER";

    public const string DataVariable = "SLIPWAY_DATA";

    public Option<string?> Server { get; } = new("--server")
    {
        HelpName = "URL",
        Description = $"The server to talk to, for example {ServerOptions.DefaultUrls} (or ${ServerVariable}). Without it the data folder is used directly.",
    };

    public Option<string> Data { get; } = DataOption();

    public static Option<string> DataOption() => new("--data")
    {
        HelpName = "DIR",
        Description = $"The data folder (or ${DataVariable}). A server on the same folder notices changes within a second.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } folder ? folder : "data",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(Data);
    }

    public IControlPlane Open(ParseResult parsed)
    {
        var server = parsed.GetValue(Server) ?? Environment.GetEnvironmentVariable(ServerVariable);
        if (string.IsNullOrEmpty(server)) return LocalControlPlane.Open(parsed.GetRequiredValue(Data), Environment.UserName);
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new SlipwayException($"'{server}' is not a server address; write for example {ServerOptions.DefaultUrls}");
        }
        return new RemoteControlPlane(uri, Environment.GetEnvironmentVariable(ServerOptions.TokenVariable));
    }
}
