using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Slipway.App.Hosting;

/// <summary>
/// Who may call. With a token: only who presents it (as bearer token, or as the password of basic authentication, so that a browser can ask for it).
/// Without one the server is on loopback, and pages of other sites are kept out: the host must be a loopback name (no DNS rebinding),
/// and a browser's cross-site requests are refused. Health is open to all.
/// </summary>
public sealed class AccessGuard(string? token)
{
    private static readonly byte[] Unauthorized = """{"error":"an access token is needed: send 'Authorization: Bearer TOKEN'"}"""u8.ToArray();
    private static readonly byte[] WrongHost = """{"error":"this server answers to loopback names only"}"""u8.ToArray();
    private static readonly byte[] CrossSite = """{"error":"requests from other sites' pages are refused"}"""u8.ToArray();

    // The host that was accepted last: connections repeat theirs, and the hot path then compares one string.
    private volatile string? _acceptedHost;

    private readonly byte[]? _digest = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Null when the request may go on; else the status and body that refuse it.</summary>
    public (int Status, byte[] Body)? Refuse(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) return null;
        if (_digest is not null && !Presents(request.Headers.Authorization, _digest)) return (StatusCodes.Status401Unauthorized, Unauthorized);
        if (_digest is null && !IsLoopback(request.Host)) return (StatusCodes.Status403Forbidden, WrongHost);
        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !IsOwnOrigin(origin, request.Host)) return (StatusCodes.Status403Forbidden, CrossSite);
        return null;
    }

    private static bool Presents(StringValues authorization, byte[] digest)
    {
        var value = authorization.ToString();
        string given;
        if (value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            given = value["Bearer ".Length..].Trim();
        }
        else if (value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            var buffer = new byte[value.Length];
            if (!Convert.TryFromBase64String(value["Basic ".Length..].Trim(), buffer, out var length)) return false;
            var pair = Encoding.UTF8.GetString(buffer, 0, length);
            given = pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
        else
        {
            return false;
        }
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), digest);
    }

    private bool IsLoopback(HostString host)
    {
        if (host.Value == _acceptedHost) return _acceptedHost is not null;
        var name = host.Host;
        if (name != "localhost" && !(IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))) return false;
        _acceptedHost = host.Value;
        return true;
    }

    private static bool IsOwnOrigin(StringValues origin, HostString host) =>
        Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Puts the guard before everything else.</summary>
public static class AccessGuardMiddleware
{
    public static void UseAccessGuard(this IApplicationBuilder app, AccessGuard guard) => app.Use(next => context =>
    {
        if (guard.Refuse(context.Request) is not { } refusal) return next(context);
        var response = context.Response;
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        if (refusal.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Basic realm=\"slipway\", charset=\"UTF-8\"";
        return response.Body.WriteAsync(refusal.Body).AsTask();
    });
}
