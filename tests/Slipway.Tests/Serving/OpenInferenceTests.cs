using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Serving;
using Slipway.Serving.OpenInference;

namespace Slipway.Tests.Serving;

/// <summary>One server for all of <see cref="OpenInferenceTests"/>: a model of two versions, one that echoes, one that failed, and a use case.</summary>
public sealed class OpenInferenceServer : IAsyncLifetime
{
    internal InferenceServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await InferenceServer.StartAsync(services => services
            .AddSingleton<IInferTargets, OneTarget>()
            .AddSingleton(new OpenInferenceOptions(MaxRequestBytes: 100_000)));
        await Server.PushAsync("m", "scale 1", "champion");
        await Server.PushAsync("m", "scale 2");
        await Server.PushAsync("echo", "echo", format: "scripted");
        await Server.PushAsync("bad", "corrupt the file ends early");
        await Server.PushAsync("case", "scale 5");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class OpenInferenceTests(OpenInferenceServer fixture) : IClassFixture<OpenInferenceServer>
{
    private const string Row = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,2]}]}""";

    private readonly InferenceServer _server = fixture.Server;

    [Theory]
    [InlineData("/v2", 200, """{"name":"slipway","version":"0.1.0","extensions":[]}""")]
    [InlineData("/v2/", 200, """{"name":"slipway","version":"0.1.0","extensions":[]}""")]
    [InlineData("/v2/health/live", 200, """{"live":true}""")]
    [InlineData("/v2/health/ready", 200, """{"ready":true}""")]
    [InlineData("/v2/models/m/ready", 200, """{"name":"m","ready":true}""")]
    [InlineData("/v2/models/m/versions/2/ready", 200, """{"name":"m","ready":true}""")]
    [InlineData("/v2/models/m/versions/champion/ready", 200, """{"name":"m","ready":true}""")]
    [InlineData("/v2/models/bad/ready", 400, """{"name":"bad","ready":false}""")]
    [InlineData("/v2/models/m/versions/3/ready", 404, """{"error":"model 'm' has no version 3 loaded; loaded: 1, 2. A version is loaded when an alias points to it"}""")]
    [InlineData("/v2/models/nobody/ready", 404, """{"error":"no model is called 'nobody'; there are: bad, case, echo, m"}""")]
    [InlineData("/v2/models/nobody", 404, """{"error":"no model is called 'nobody'; there are: bad, case, echo, m"}""")]
    [InlineData("/v2/models/m/versions/nobody", 404, """{"error":"model 'm' has no alias 'nobody'; it has: champion"}""")]
    [InlineData("/v2/unknown", 404, """{"error":"no such address: /v2/unknown"}""")]
    [InlineData("/v2/models", 404, """{"error":"no such address: /v2/models"}""")]
    [InlineData("/v2/models/", 404, """{"error":"no such address: /v2/models/"}""")]
    [InlineData("/v2/models/m/versions/", 404, """{"error":"no such address: /v2/models/m/versions/"}""")]
    [InlineData("/v2/models/m/infer/more", 404, """{"error":"no such address: /v2/models/m/infer/more"}""")]
    [InlineData("/v2/models/m/infer", 405, """{"error":"GET is not allowed here; use POST"}""")]
    public async Task Questions_are_answered_in_the_protocols_words(string path, int status, string body) =>
        Assert.Equal(((HttpStatusCode)status, body), await _server.GetAsync(path));

    [Fact]
    public async Task Model_metadata_shows_versions_platform_signature_and_version()
    {
        var digest = _server.Stores.Registry.Snapshot().Resolve(new ModelReference("m", Version: 1)).Digest;
        var (status, body) = await _server.GetAsync("/v2/models/m");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            $$$"""{"name":"m","versions":["1","2"],"platform":"scripted_text","inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1]},{"name":"rows","datatype":"INT64","shape":[1]}],"properties":{"version":"1","digest":"{{{digest}}}"}}""",
            body);
    }

    [Fact]
    public async Task Platform_is_the_runtime_alone_where_its_format_has_the_same_name() =>
        Assert.Contains("\"platform\":\"scripted\",", (await _server.GetAsync("/v2/models/echo")).Body, StringComparison.Ordinal);

    [Theory]
    [InlineData("/v2/models/m/infer", "1", "3.5")]
    [InlineData("/v2/models/m/versions/1/infer", "1", "3.5")]
    [InlineData("/v2/models/m/versions/2/infer", "2", "7")]
    [InlineData("/v2/models/m/versions/champion/infer", "1", "3.5")]
    public async Task Rows_are_scored_by_the_version_that_the_path_means(string path, string version, string y) => Assert.Equal(
        (HttpStatusCode.OK, $$"""{"model_name":"m","model_version":"{{version}}","outputs":[{"name":"y","shape":[1],"datatype":"FP32","data":[{{y}}]},{"name":"rows","shape":[1],"datatype":"INT64","data":[1]}]}"""),
        await _server.PostAsync(path, Row));

    [Fact]
    public async Task The_id_is_echoed_and_parameters_and_unknown_keys_are_accepted()
    {
        var (status, body) = await _server.PostAsync("/v2/models/m/infer", """
            {"id":"a \"b\" é","parameters":{"s":"text","n":1.5,"t":true},"later":[1,{}],"inputs":[{"name":"x","parameters":{"p":1},"shape":[2,2],"datatype":"FP64","data":[[1,2],[3,4]]}],"outputs":[{"name":"rows","parameters":{"q":false}}]}
            """);
        Assert.Equal((HttpStatusCode.OK, """{"model_name":"m","model_version":"1","id":"a \"b\" é","outputs":[{"name":"rows","shape":[1],"datatype":"INT64","data":[2]}]}"""), (status, body));
    }

    [Fact]
    public async Task Outputs_come_in_the_order_asked_for()
    {
        var (_, body) = await _server.PostAsync("/v2/models/m/infer", Row[..^1] + ""","outputs":[{"name":"rows"},{"name":"y"}]}""");
        Assert.True(body.IndexOf("rows", StringComparison.Ordinal) < body.IndexOf("\"y\"", StringComparison.Ordinal), body);
    }

    [Fact]
    public async Task Columns_of_a_table_are_gathered_by_name()
    {
        var (status, body) = await _server.PostAsync("/v2/models/m/infer", """
            {"inputs":[{"name":"b","shape":[2],"datatype":"INT64","data":[1,2]},{"name":"a","shape":[2],"datatype":"FP64","data":[0.5,null]}]}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"data\":[1.5,null]", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BOOL", "[true,null,false]")]
    [InlineData("UINT8", "[0,255,null]")]
    [InlineData("UINT16", "[0,65535,null]")]
    [InlineData("UINT32", "[0,4294967295,null]")]
    [InlineData("UINT64", "[0,18446744073709551615,null]")]
    [InlineData("INT8", "[-128,127,null]")]
    [InlineData("INT16", "[-32768,32767,null]")]
    [InlineData("INT32", "[-2147483648,2147483647,null]")]
    [InlineData("INT64", "[-9223372036854775808,9223372036854775807,null]")]
    [InlineData("FP16", "[0.1,-65500,null]")]
    [InlineData("BF16", "[0.5,-2,null]")]
    [InlineData("FP32", "[0.1,3.4028235E+38,null]")]
    [InlineData("FP64", "[0.1,1.7976931348623157E+308,\"-Infinity\"]")]
    [InlineData("BYTES", "[\"日本\",\"\",null]")]
    public async Task Every_datatype_goes_there_and_back(string datatype, string data)
    {
        var (status, body) = await _server.PostAsync("/v2/models/echo/infer", $$"""{"inputs":[{"name":"{{datatype}}","shape":[3],"datatype":"{{datatype}}","data":{{data}}}]}""");
        Assert.Equal((HttpStatusCode.OK, $$"""{"model_name":"echo","model_version":"1","outputs":[{"name":"out-{{datatype}}","shape":[3],"datatype":"{{datatype}}","data":{{data}}}]}"""), (status, body));
    }

    [Theory]
    [InlineData("", "the body is not JSON")]
    [InlineData("{", "the body is not JSON")]
    [InlineData("""{"inputs":[}""", "the body is not JSON")]
    [InlineData("null", "the request is not a JSON object")]
    [InlineData("{}", "'inputs' is absent")]
    [InlineData("""{"inp\ud800":1}""", "'inputs' is absent")]
    [InlineData("""{"id":"\ud800"}""", "id is not valid Unicode text")]
    [InlineData("""{"inputs":{}}""", "an array of tensors expected")]
    [InlineData("""{"inputs":[]}""", "column 'a' is absent")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1]}]}""", "shape [1,2] holds 2 elements, its data has 1")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "input 'x' has shape [1,3], expected [-1,2]")]
    [InlineData("""{"inputs":[{"name":"z","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "'z' is not an input")]
    [InlineData("""{"inputs":[{"name":"x","shape":[-1,2],"datatype":"FP32","data":[1,2]}]}""", "dimension 0 of its shape is -1")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP128","data":[1,2]}]}""", "datatype is 'FP128'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":["1","2"]}]}""", "'x' holds BYTES where FP32 is wanted")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"z"}]}""", "no output is called 'z'; there are: y, rows")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"y"},{"name":"y"}]}""", "output 'y' is asked for twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{}]}""", "outputs[0] has no name")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"parameters":{"p":[1]}}""", "neither a string, a number nor a bool")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"id":7}""", "id is not a string")]
    [InlineData("""{"inputs":[],"inputs":[]}""", "'inputs' is given twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]} {}""", "the body is not JSON")]
    public async Task A_bad_request_is_answered_400_with_the_reason(string json, string reason)
    {
        var (status, body) = await _server.PostAsync("/v2/models/m/infer", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("{\"error\":\"", body, StringComparison.Ordinal);
        Assert.Contains(reason, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/nobody/infer", 404)]
    [InlineData("/v2/models/m/versions/9/infer", 404)]
    [InlineData("/v2/models/m/versions/nobody/infer", 404)]
    [InlineData("/v2/models/bad/infer", 503)]
    [InlineData("/v2/models/bad/versions/1/infer", 503)]
    [InlineData("/v2/health/live", 405)]
    [InlineData("/v2", 405)]
    public async Task A_post_that_cannot_be_served_has_the_protocols_status(string path, int status)
    {
        var (found, body) = await _server.PostAsync(path, Row);
        Assert.Equal((HttpStatusCode)status, found);
        Assert.StartsWith("{\"error\":\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_names_the_right_one()
    {
        using var response = await _server.Client.DeleteAsync("/v2/models/m/infer");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_body_that_arrives_in_pieces_is_scored_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = new Trickle(Encoding.UTF8.GetBytes(Row)) };
        using var response = await _server.Client.SendAsync(request);
        Assert.Contains("\"data\":[3.5]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_many_rows_is_scored_too()
    {
        var data = string.Join(',', Enumerable.Range(0, 10_000).Select(i => i.ToString()));
        var (status, body) = await _server.PostAsync("/v2/models/m/infer", $$"""{"inputs":[{"name":"x","shape":[5000,2],"datatype":"FP32","data":[{{data}}]}]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("19993,19997]", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_body_is_inflated()
    {
        var (status, body) = await PostGzip(Encoding.UTF8.GetBytes(Row));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"data\":[3.5]", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413_as_sent_as_trickled_and_as_inflated()
    {
        var large = new byte[200_000];
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _server.PostAsync("/v2/models/m/infer", new string(' ', 200_000))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostGzip(large)).Status);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = new Trickle(large) };
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.StartsWith("{\"error\":\"the body is longer than 100000 bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_or_unknown_encoding_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PostEncoded(Encoding.UTF8.GetBytes(Row), "gzip")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostEncoded(Encoding.UTF8.GetBytes(Row), "br")).Status);
    }

    [Fact]
    public async Task Binary_tensors_are_refused_as_unsupported()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(Row), 1, 2, 3]) };
        request.Headers.Add("Inference-Header-Content-Length", "72");
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
    }

    [Fact]
    public async Task A_use_case_answers_under_its_name_and_the_model_under_its_versions()
    {
        var (_, metadata) = await _server.GetAsync("/v2/models/case");
        Assert.Equal("""{"name":"case","platform":"slipway_use_case","inputs":[{"name":"n","datatype":"INT64","shape":[-1]}],"outputs":[{"name":"twice","datatype":"INT64","shape":[-1]}]}""", metadata);
        Assert.Equal((HttpStatusCode.OK, """{"name":"case","ready":true}"""), await _server.GetAsync("/v2/models/case/ready"));
        Assert.Equal(
            (HttpStatusCode.OK, """{"model_name":"case","model_version":"7","id":"q","parameters":{"sample":"s1"},"outputs":[{"name":"twice","shape":[2],"datatype":"INT64","data":[2,4]}]}"""),
            await _server.PostAsync("/v2/models/case/infer", """{"id":"q","inputs":[{"name":"n","shape":[2],"datatype":"INT64","data":[1,2]}]}"""));
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/v2/models/case/infer", Row)).Status);
        var (_, versioned) = await _server.PostAsync("/v2/models/case/versions/1/infer", Row);
        Assert.Contains("\"data\":[17.5]", versioned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_routes_and_health_are_served_behind_it()
    {
        Assert.Equal((HttpStatusCode.OK, """{"status":"live","waiting":[],"problems":[]}"""), await _server.GetAsync("/health/live"));
        var (status, body) = await _server.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("bad/1 failed: the file ends early", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.GetAsync("/v22")).Status);
    }

    private Task<(HttpStatusCode Status, string Body)> PostGzip(byte[] body)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) gzip.Write(body);
        return PostEncoded(buffer.ToArray(), "gzip");
    }

    private async Task<(HttpStatusCode Status, string Body)> PostEncoded(byte[] body, string encoding)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await _server.Client.PostAsync("/v2/models/m/infer", content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends its bytes chunked, in many writes.</summary>
    private sealed class Trickle(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < bytes.Length; at += Math.Max(10, bytes.Length / 20))
            {
                await stream.WriteAsync(bytes.AsMemory(at, Math.Min(Math.Max(10, bytes.Length / 20), bytes.Length - at)));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>A use case named <c>case</c> that doubles its column <c>n</c>.</summary>
internal sealed class OneTarget : IInferTargets, IInferTarget
{
    public string Name => "case";

    public Signature Signature { get; } = new([new TensorSpec("n", ElementType.Int64, [-1])], [new TensorSpec("twice", ElementType.Int64, [-1])]);

    public bool Ready => true;

    public IInferTarget? Find(ReadOnlySpan<char> name) => name is "case" ? this : null;

    public async ValueTask<InferAnswer> InferAsync(Batch inputs, CancellationToken cancellation)
    {
        await Task.Yield();
        if (!inputs.TryGet("n", out var n)) throw new RecordException("column 'n' is absent");
        var twice = new Tensor("twice", ElementType.Int64, n.Rows);
        for (var i = 0; i < n.Rows; i++) twice.Values<long>()[i] = 2 * n.Values<long>()[i];
        return new InferAnswer(new Batch(twice), "7", [new("sample", "s1")]);
    }
}
