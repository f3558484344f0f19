using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.Serving;

public sealed class HostileRequestTests
{
    private const string Good = """
        {"id":"q1","parameters":{"a":1,"b":"text","c":true},"inputs":[{"name":"x","shape":[3,2],"datatype":"FP32","parameters":{},"data":[[1.5,-2e3],[null,0],["Infinity",4]]}],"outputs":[{"name":"y"}]}
        """;

    [Fact]
    public async Task Mutated_and_truncated_requests_get_an_answer_that_is_never_a_server_error()
    {
        await using var server = await InferenceServer.StartAsync();
        await server.PushAsync("m", "scale 1");
        var random = new Random(20);
        var good = Encoding.UTF8.GetBytes(Good);
        var answered = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < 2000; i++)
        {
            using var content = new ByteArrayContent(i < good.Length ? good[..i] : Mutate(good, random));
            using var response = await server.Client.PostAsync("/v2/models/m/infer", content);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"case {i}: {response.StatusCode} {body}: {Convert.ToBase64String(await content.ReadAsByteArrayAsync())}");
            Assert.StartsWith(response.StatusCode == HttpStatusCode.OK ? "{\"model_name\"" : "{\"error\"", body, StringComparison.Ordinal);
            answered[response.StatusCode] = answered.GetValueOrDefault(response.StatusCode) + 1;
        }
        Assert.True(answered[HttpStatusCode.BadRequest] > 1000);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v2/models/m/infer", Good)).Status);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[2147483647],"datatype":"FP64","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[99999999999999999999],"datatype":"FP64","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[0,9223372036854775807],"datatype":"FP64","data":[]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[123456789012345678901234567890e99999]}]}""")]
    public async Task Absurd_sizes_and_numbers_are_bad_requests(string json)
    {
        await using var server = await InferenceServer.StartAsync();
        await server.PushAsync("m", "scale 1");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v2/models/m/infer", json)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v2/models/m/infer", new string('[', 100_000))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v2/models/m/infer", $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":{{new string('[', 50)}}"""))  .Status);
    }

    [Fact]
    public async Task Mutated_paths_are_not_found_and_nothing_worse()
    {
        await using var server = await InferenceServer.StartAsync();
        await server.PushAsync("m", "scale 1", "champion");
        var random = new Random(21);
        for (var i = 0; i < 500; i++)
        {
            var path = new StringBuilder("/v2/models/m/versions/champion/infer");
            for (var change = random.Next(1, 4); change > 0; change--) path[random.Next(3, path.Length)] = "/mv2%.~é 0@"[random.Next(11)];
            var (status, body) = await server.PostAsync(path.ToString(), Good);
            Assert.True((int)status < 500, $"{path}: {status} {body}");
        }
    }

    [Fact]
    public async Task Clients_that_hang_up_in_the_middle_of_a_body_do_no_harm()
    {
        await using var server = await InferenceServer.StartAsync();
        await server.PushAsync("m", "scale 1");
        var request = Encoding.ASCII.GetBytes($"POST /v2/models/m/infer HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: {Encoding.UTF8.GetByteCount(Good)}\r\n\r\n{Good}");
        for (var length = 0; length < request.Length; length += 7)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.SendAsync(request.AsMemory(0, length));
            if (length % 2 == 0) socket.LingerState = new LingerOption(true, 0); // a reset instead of an orderly end
        }
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v2/models/m/infer", Good)).Status);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, "[]{}\",:0-1e.ntf\\"u8[random.Next(16)]); break;
                case 3: bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at)); break;
                default: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
            }
            if (bytes.Count == 0) bytes.Add((byte)'{');
        }
        return [.. bytes];
    }
}
