using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Actions;

public sealed class HttpSinkTests : IDisposable
{
    private static readonly TableSchema Schema = new([new("id", ElementType.Int64), new("note", ElementType.Bytes)]);

    private static readonly HttpRetry Quick = new(5, Duration.Parse("1ms"));

    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Batch_is_one_request_with_an_array_of_rows()
    {
        await using var server = await WebServer.AnsweringAsync(204);
        await SendAsync(new HttpSink(server.Url));
        var (body, headers, method) = Assert.Single(server.Requests);
        Assert.Equal("""[{"id":1,"note":"a \"b\""},{"id":2,"note":null}]""", body);
        Assert.Equal("application/json", headers.ContentType);
        Assert.Equal("delivery-1", headers["Idempotency-Key"]);
        Assert.Equal("POST", method);
        Assert.False(headers.ContainsKey("Slipway-Signature"));
    }

    [Fact]
    public async Task Row_is_one_request_when_the_body_is_a_row()
    {
        await using var server = await WebServer.AnsweringAsync(200);
        await SendAsync(new HttpSink(server.Url, HttpMethodKind.Put, Body: HttpBodyKind.Row, Columns: ["id"]));
        Assert.Equal([("{\"id\":1}", "delivery-1-0", "PUT"), ("{\"id\":2}", "delivery-1-1", "PUT")],
            server.Requests.Select(r => (r.Body, r.Headers["Idempotency-Key"].ToString(), r.Method)));
    }

    [Fact]
    public async Task Key_of_any_text_can_be_sent()
    {
        await using var server = await WebServer.AnsweringAsync(200);
        await using var sink = new HttpSink(server.Url).Open(Schema, _folder.Context);
        using var rows = new Batch(Tensor.Of<long>("id", [1]), Tensor.OfText("note", "x"));
        await sink.WriteAsync(rows, "zürich 1", default);
        await sink.WriteAsync(rows, "{\"a\": [1]} 'x'", default);
        Assert.Equal(["z%C3%BCrich%201", "{\"a\": [1]} 'x'"], server.Requests.Select(r => r.Headers["Idempotency-Key"].ToString()));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Temporary_refusal_is_tried_again_with_the_same_key(int status)
    {
        await using var server = await WebServer.AnsweringAsync(status, status, status, 200);
        await SendAsync(new HttpSink(server.Url, Retry: Quick));
        Assert.Equal(4, server.Requests.Count);
        Assert.Single(server.Requests.Select(r => r.Headers["Idempotency-Key"].ToString()).Distinct());
        Assert.Single(server.Requests.Select(r => r.Body).Distinct());
    }

    [Fact]
    public async Task Attempts_are_counted_and_then_the_batch_must_wait()
    {
        await using var server = await WebServer.AnsweringAsync(503);
        var error = await Assert.ThrowsAsync<SlipwayException>(() => SendAsync(new HttpSink(server.Url, Retry: Quick with { Attempts = 3 })));
        Assert.Contains("503", error.Message);
        Assert.Contains("tried 3 times", error.Message);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Rows_refused_for_good_are_not_tried_again(int status)
    {
        await using var server = await WebServer.StartAsync(async (_, context) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("id must\nbe odd " + new string('.', 100_000));
        });
        var error = await Assert.ThrowsAsync<RecordException>(() => SendAsync(new HttpSink(server.Url, Retry: Quick)));
        Assert.Contains($"{status}", error.Message);
        Assert.Contains("id must be odd", error.Message);
        Assert.True(error.Message.Length < 1000);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task Wrong_address_or_credentials_are_not_the_rows_fault(int status)
    {
        await using var server = await WebServer.AnsweringAsync(status);
        var error = await Assert.ThrowsAsync<SlipwayException>(() => SendAsync(new HttpSink(server.Url, Retry: Quick)));
        Assert.Contains("check the address and the credentials", error.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Broken_connection_is_tried_again()
    {
        await using var server = await WebServer.StartAsync((request, context) =>
        {
            if (request < 3) context.Abort();
            return Task.CompletedTask;
        });
        await SendAsync(new HttpSink(server.Url, Retry: Quick));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Nobody_listening_is_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var error = await Assert.ThrowsAsync<SlipwayException>(() => SendAsync(new HttpSink($"http://127.0.0.1:{port}/", Retry: Quick)));
        Assert.Contains("cannot be reached, tried 5 times", error.Message);
    }

    [Fact]
    public async Task Attempt_that_takes_too_long_is_given_up_and_tried_again()
    {
        var clock = new ManualTimeProvider();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await WebServer.StartAsync(async (request, context) =>
        {
            if (request > 1) return;
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var sending = SendAsync(new HttpSink(server.Url, Timeout: Duration.Parse("30s"), Retry: new HttpRetry(2, Duration.Parse("1s"))), clock);
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(30));
        await clock.TimersAsync();
        clock.Advance(TimeSpan.FromSeconds(20));
        await sending;
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Thu, 01 Jan 2026 00:00:09 GMT", 9)]
    [InlineData("86400", 60)]
    public async Task Retry_after_is_honoured_up_to_a_minute(string retryAfter, int seconds)
    {
        var clock = new SkippingTime(TimeSpan.FromMinutes(2));
        await using var server = await WebServer.StartAsync((request, context) =>
        {
            context.Response.StatusCode = request == 1 ? 429 : 200;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await SendAsync(new HttpSink(server.Url, Timeout: Duration.Parse("1h"), Retry: new HttpRetry(2, Duration.Parse("1ms"))), clock);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(clock.Waits));
    }

    [Fact]
    public async Task Waits_double_up_to_a_minute_and_are_the_same_in_every_replay()
    {
        await using var server = await WebServer.AnsweringAsync(503);
        var spec = new HttpSink(server.Url, Timeout: Duration.Parse("1h"), Retry: new HttpRetry(12, Duration.Parse("1s")));
        var (first, second) = (new SkippingTime(TimeSpan.FromMinutes(2)), new SkippingTime(TimeSpan.FromMinutes(2)));
        await Assert.ThrowsAsync<SlipwayException>(() => SendAsync(spec, first));
        await Assert.ThrowsAsync<SlipwayException>(() => SendAsync(spec, second));
        Assert.Equal(first.Waits, second.Waits);
        Assert.Equal(11, first.Waits.Count);
        Assert.All(first.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.InRange(first.Waits.First(), TimeSpan.FromSeconds(0.01), TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromMinutes(1), first.Waits.Last());
    }

    [Fact]
    public async Task Signature_is_the_HMAC_of_time_and_body()
    {
        var clock = new SkippingTime(TimeSpan.Zero);
        await using var server = await WebServer.AnsweringAsync(200);
        var secrets = new Secrets(name => name switch { "KEY" => "top secret", "TOKEN" => "t0ken", _ => null }, _ => null);
        var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer ${env:TOKEN}", ["X-Plant"] = "7" };
        await SendAsync(new HttpSink(server.Url, Headers: headers, Secret: "${env:KEY}"), clock, secrets);
        var (body, received, _) = Assert.Single(server.Requests);
        const long seconds = 1767225600;
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData("top secret"u8, Encoding.UTF8.GetBytes($"{seconds}.{body}")));
        Assert.Equal($"t={seconds},v1={expected}", received["Slipway-Signature"]);
        Assert.Equal("Bearer t0ken", received.Authorization);
        Assert.Equal("7", received["X-Plant"]);
    }

    [Fact]
    public void Signature_has_a_known_value()
    {
        // printf '1767225600.[]' | openssl dgst -sha256 -hmac key
        Assert.Equal("t=1767225600,v1=9e8d881983b035e2d61498b4dd251d01abbb18bd0ca34103a9be44f0b4615bb8", HttpSender.Sign("[]"u8, "key", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Error_names_the_address_as_written_and_not_its_secrets()
    {
        await using var server = await WebServer.AnsweringAsync(400);
        var secrets = new Secrets(name => name == "HOOK" ? server.Url + "?token=hunter2" : null, _ => null);
        var error = await Assert.ThrowsAsync<RecordException>(() => SendAsync(new HttpSink("${env:HOOK}"), secrets: secrets));
        Assert.Contains("${env:HOOK} answered 400", error.Message);
        Assert.DoesNotContain("hunter2", error.ToString());
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting()
    {
        await using var server = await WebServer.AnsweringAsync(503);
        using var cancel = new CancellationTokenSource();
        var clock = new SkippingTime(TimeSpan.FromMinutes(2), held: true);
        var sending = SendAsync(new HttpSink(server.Url, Timeout: Duration.Parse("1h")), clock, cancellation: cancel.Token);
        await clock.WaitedAsync;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData("ftp://x/", "http://")]
    [InlineData("x", "http://")]
    [InlineData("http://user:pw@x/", "Authorization header")]
    public void Address_that_is_none_is_refused(string url, string reason) => Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new HttpSink(url)).Message);

    [Theory]
    [InlineData("Authorization", "Bearer abc", "credential")]
    [InlineData("Content-Type", "x", "set by Slipway")]
    [InlineData("no name", "x", "no name of a header")]
    [InlineData("X-A", "x\r\nY: z", "line end")]
    public void Header_that_must_not_be_is_refused(string name, string value, string reason)
    {
        var error = Assert.Throws<SpecException>(() => new HttpSink("http://x/", Headers: ImmutableDictionary<string, string>.Empty.Add(name, value)));
        Assert.Equal($"headers.{name}", Assert.Single(error.Problems).Path);
        Assert.Contains(reason, error.Message);
    }

    private async Task SendAsync(HttpSink spec, TimeProvider? clock = null, Secrets? secrets = null, CancellationToken cancellation = default)
    {
        var context = _folder.Context with { Time = clock ?? TimeProvider.System, Secrets = secrets ?? Secrets.FromMachine };
        await using var sink = spec.Open(Schema, context);
        using var rows = new Batch(Tensor.Of<long>("id", [1, 2]), Tensor.OfText("note", "a \"b\"", null));
        await sink.WriteAsync(rows, "delivery-1", cancellation);
    }
}
