using System.Net;
using Slipway.Core;

namespace Slipway.App.Hosting;

/// <summary>How the server runs.</summary>
/// <param name="DataFolder">Holds everything the server keeps.</param>
/// <param name="Urls">Addresses to listen on, separated by semicolons.</param>
/// <param name="Token">The access token; without one the server listens on loopback only.</param>
/// <param name="ConfigFile">ASP.NET configuration (JSON), for TLS certificates and limits.</param>
public sealed record ServerOptions(string DataFolder, string Urls = ServerOptions.DefaultUrls, string? Token = null, string? ConfigFile = null)
{
    public const string DefaultUrls = "http://127.0.0.1:8080";

    /// <summary>Holds the access token; the command line never does, because other users can read it.</summary>
    public const string TokenVariable = "SLIPWAY_TOKEN";

    public bool IsLoopbackOnly => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsLoopback);

    /// <exception cref="SlipwayException">The addresses are malformed, or reach beyond this machine without a token.</exception>
    public void Validate()
    {
        if (Token is { Length: < 16 }) throw new SlipwayException($"the token in {TokenVariable} is too short: at least 16 characters");
        if (!IsLoopbackOnly && Token is null)
        {
            throw new SlipwayException(
                $"{Urls} can be reached from other machines: set an access token in the environment variable {TokenVariable} first " +
                "(for example: export SLIPWAY_TOKEN=$(openssl rand -hex 24)), or listen on http://127.0.0.1:8080");
        }
    }

    private static bool IsLoopback(string url)
    {
        if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https"))
        {
            throw new SlipwayException($"'{url}' is not an address to listen on; write for example {DefaultUrls}");
        }
        return uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
