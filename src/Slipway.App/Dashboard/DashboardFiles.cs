using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Slipway.App.Dashboard;

/// <summary>The dashboard: static files inside the program, without a build step and without anything from elsewhere.</summary>
public static class DashboardFiles
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private sealed record File(byte[] Content, string Type, string Tag);

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var files = Load();
        foreach (var (name, file) in files) routes.MapGet(name == "index.html" ? "/" : "/" + name, context => SendAsync(context, file)).ExcludeFromDescription();
    }

    private static Task SendAsync(HttpContext context, File file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Content.Length;
        return context.Response.Body.WriteAsync(file.Content).AsTask();
    }

    private static FrozenDictionary<string, File> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string marker = ".wwwroot.";
        return assembly.GetManifestResourceNames().Where(n => n.Contains(marker, StringComparison.Ordinal)).ToFrozenDictionary(
            n => n[(n.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..],
            n =>
            {
                using var stream = assembly.GetManifestResourceStream(n)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new File(content, TypeOf(n), $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
            });
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
