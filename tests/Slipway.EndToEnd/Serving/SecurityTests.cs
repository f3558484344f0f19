using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Slipway.EndToEnd.Serving;

/// <summary>Who may call, from where, and how much.</summary>
public sealed class SecurityTests : IDisposable
{
    private const string Token = "a-token-that-nobody-guesses-0123456789";

    private readonly TemporaryFolder _folder = new();

    [Theory, InlineData("http://0.0.0.0:0"), InlineData("http://*:0"), InlineData("http://[::]:0"), InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task Server_beyond_loopback_without_a_token_does_not_start(string urls)
    {
        var ended = (await new Cli(_folder.Path).RunAsync("serve", "--data", "data", "--urls", urls)).Exits(1);
        Assert.Contains("SLIPWAY_TOKEN", ended.Error);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task Short_token_is_refused()
    {
        var ended = (await new Cli(_folder.Path, new Dictionary<string, string> { ["SLIPWAY_TOKEN"] = "short" }).RunAsync("serve", "--urls", "http://127.0.0.1:0")).Exits(1);
        Assert.Contains("too short", ended.Error);
    }

    [Fact]
    public async Task With_a_token_only_its_bearers_are_served_and_it_is_never_logged()
    {
        await using var server = await Server.ServeAsync(_folder["data"], "http://0.0.0.0:0", new Dictionary<string, string> { ["SLIPWAY_TOKEN"] = Token });
        foreach (var path in new[] { "/", "/api/overview", "/api/openapi.json", "/v2", "/v2/models/x/infer", "/metrics" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, path, new("Bearer", Token + "x")));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, path, Basic(Token[1..])));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, path, new("Basic", "not base64")));
        }
        foreach (var path in new[] { "/", "/api/overview", "/v2", "/metrics" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, path, new("Bearer", Token)));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, path, Basic(Token)));
        }
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/health/live", null));

        var given = new Cli(_folder.Path, new Dictionary<string, string> { ["SLIPWAY_TOKEN"] = Token, ["SLIPWAY_SERVER"] = server.Address.ToString() });
        await given.OkAsync("push", "delivery-time", Repository.Package("delivery-time"), "--alias", "champion");
        var without = (await new Cli(_folder.Path).RunAsync("models", "--server", server.Address.ToString())).Exits(1);
        Assert.Contains("token", without.Error);

        await server.StopAsync();
        Assert.DoesNotContain(Token, server.Transcript);
        var stored = Directory.EnumerateFiles(_folder["data"], "*", SearchOption.AllDirectories).Where(f => File.ReadAllText(f, Encoding.Latin1).Contains(Token, StringComparison.Ordinal));
        Assert.Empty(stored);
    }

    [Fact]
    public async Task On_loopback_other_hosts_names_and_other_sites_pages_are_kept_out()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        var own = server.Address.Authority;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/api/overview", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/api/overview", null, host: $"localhost:{server.Address.Port}"));
        foreach (var host in new[] { "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/api/overview", null, host: host));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/v2", null, host: host));
        }
        foreach (var origin in new[] { "http://evil.example", "null", $"http://localhost:{server.Address.Port + 1}" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/api/usecases/x/run", null, HttpMethod.Post, origin: origin));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/v2/models/x/infer", null, HttpMethod.Post, origin: origin));
        }
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, "/api/usecases/x/run", null, HttpMethod.Post, origin: $"http://{own}"));
    }

    [Fact]
    public async Task Bodies_beyond_the_limit_are_refused_whether_announced_or_not()
    {
        await using var server = await Server.ServeAsync(_folder["data"]);
        Assert.Equal("413", await AnswerToAsync(server, $"POST /v2/models/x/infer HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {65L << 20}\r\n\r\n"));
        Assert.Equal("413", await AnswerToAsync(server, $"PUT /api/usecases/x HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {65L << 20}\r\n\r\n"));
        foreach (var path in new[] { "/v2/models/x/infer", "/api/usecases/x/quarantine/drop" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new EndlessContent(70 << 20), Headers = { TransferEncodingChunked = true, ExpectContinue = false } };
            try
            {
                using var response = await server.Http.SendAsync(request);
                Assert.InRange((int)response.StatusCode, 400, 499);
            }
            catch (HttpRequestException)
            {
                // The server closed the connection while the client was still sending: refused as well.
            }
        }
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/health/live", null));
    }

    public void Dispose() => _folder.Dispose();

    private static AuthenticationHeaderValue Basic(string token) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anyone:" + token)));

    private static async Task<HttpStatusCode> StatusAsync(Server server, string path, AuthenticationHeaderValue? authorization, HttpMethod? method = null, string? host = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path) { Headers = { Authorization = authorization, Host = host } };
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Sends a head and no body; returns the status of the answer.</summary>
    private static async Task<string> AnswerToAsync(Server server, string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync())!.Split(' ')[1];
    }

    /// <summary>Spaces, in chunks, without saying how many.</summary>
    private sealed class EndlessContent(int length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var spaces = new byte[1 << 16];
            spaces.AsSpan().Fill((byte)' ');
            for (var sent = 0; sent < length; sent += spaces.Length) await stream.WriteAsync(spaces);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = 0;
            return false;
        }
    }
}
