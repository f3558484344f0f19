namespace Slipway.App.Api;

/// <summary>Who does it, for the alias history: what the caller says of itself, or the address it calls from. Advisory, not a proof.</summary>
public static class ApiUser
{
    public const string Header = "Slipway-User";

    public static string Of(HttpRequest request)
    {
        var said = request.Headers[Header].ToString();
        if (said.Length is > 0 and <= 100 && !said.AsSpan().ContainsAnyInRange('\0', '\u001f')) return said;
        return request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "api";
    }
}
