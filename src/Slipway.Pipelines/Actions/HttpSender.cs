using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Slipway.Core;
using Slipway.Data.JsonLines;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.Actions;

/// <summary>What the other side answered.</summary>
/// <param name="Body">The beginning of the answer's text, when it refuses.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, TimeSpan? RetryAfter, string Body)
{
    public bool IsAccepted => (int)Status is >= 200 and < 300;

    public bool IsTemporary => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)Status >= 500;

    /// <summary>The answer is to the request as it is configured, not to the rows in it.</summary>
    public bool IsMisconfigured => (int)Status is < 400 or 401 or 403 or 404 or 405 or 407;
}

/// <summary>The sink behind <see cref="HttpSink"/>.</summary>
internal sealed class HttpSender : ISink
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly HttpSink _spec;
    private readonly ConnectorContext _context;
    private readonly SinkColumns _columns;
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    private readonly ResiliencePipeline<HttpAnswer> _attempts;
    private readonly ArrayBufferWriter<byte> _body = new();
    private Random _jitter = new(0);

    public HttpSender(HttpSink spec, ConnectorContext context)
    {
        _spec = spec;
        _context = context;
        _columns = new SinkColumns(spec.Columns);
        _attempts = Attempts();
    }

    public async ValueTask WriteAsync(Batch rows, string deliveryId, CancellationToken cancellation)
    {
        var count = rows.Rows;
        if (count == 0) return;
        var writer = new JsonRowWriter(_columns.In(rows));
        _jitter = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(deliveryId))));
        if (_spec.Body == HttpBodyKind.Rows)
        {
            await SendAsync(Body(writer, rows, 0, count, isArray: true), deliveryId, cancellation).ConfigureAwait(false);
            return;
        }
        for (var row = 0; row < count; row++)
        {
            await SendAsync(Body(writer, rows, row, row + 1, isArray: false), $"{deliveryId}-{row}", cancellation).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private ReadOnlyMemory<byte> Body(JsonRowWriter writer, Batch rows, int from, int to, bool isArray)
    {
        _body.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_body, JsonRowWriter.JsonOptions);
        if (isArray) json.WriteStartArray();
        for (var row = from; row < to; row++) writer.Write(json, rows, row);
        if (isArray) json.WriteEndArray();
        json.Flush();
        return _body.WrittenMemory;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> body, string idempotencyKey, CancellationToken cancellation)
    {
        HttpAnswer answer;
        try
        {
            answer = await _attempts.ExecuteAsync(c => AttemptAsync(body, idempotencyKey, c), cancellation).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw new SlipwayException($"{_spec.Url} did not answer within {new Core.Specs.Duration(_spec.AttemptTimeout)}, {Tried}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SlipwayException($"{_spec.Url} cannot be reached, {Tried}: {e.Message}", e);
        }
        if (answer.IsAccepted) return;
        var found = $"{_spec.Url} answered {(int)answer.Status} {answer.Status}{(answer.Body.Length == 0 ? "" : ": " + answer.Body)}";
        if (answer.IsTemporary) throw new SlipwayException($"{found} ({Tried})");
        if (answer.IsMisconfigured) throw new SlipwayException($"{found}; check the address and the credentials");
        throw new RecordException(found);
    }

    private string Tried => _spec.Retry.Attempts == 1 ? "tried once" : $"tried {_spec.Retry.Attempts} times";

    private async ValueTask<HttpAnswer> AttemptAsync(ReadOnlyMemory<byte> body, string idempotencyKey, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(_spec.Method == HttpMethodKind.Put ? HttpMethod.Put : HttpMethod.Post, Address());
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content = content;
        // A header is ASCII; a use case may be named otherwise.
        request.Headers.Add("Idempotency-Key", Ascii.IsValid(idempotencyKey) ? idempotencyKey : Uri.EscapeDataString(idempotencyKey));
        if (_spec.Secret is { } secret) request.Headers.Add("Slipway-Signature", Sign(body.Span, _context.Secrets.Resolve(secret), _context.Time.GetUtcNow()));
        foreach (var (name, value) in _spec.Headers)
        {
            var resolved = _context.Secrets.Resolve(value);
            if (resolved.AsSpan().ContainsAny('\r', '\n')) throw new SlipwayException($"header {name} of {_spec.Url}: its secret has a line end in it");
            request.Headers.TryAddWithoutValidation(name, resolved);
        }
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        var retryAfter = response.Headers.RetryAfter;
        var wait = retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - _context.Time.GetUtcNow() : null);
        var text = response.IsSuccessStatusCode ? "" : await BeginningAsync(response, cancellation).ConfigureAwait(false);
        return new HttpAnswer(response.StatusCode, wait, text);
    }

    /// <summary><c>t=SECONDS,v1=HEX</c>: the receiver computes the same from the raw body, and refuses what is old.</summary>
    internal static string Sign(ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        hmac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    private Uri Address() => Uri.TryCreate(_context.Secrets.Resolve(_spec.Url), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new SlipwayException($"{_spec.Url}: an address that starts with http:// or https:// expected");

    private static async ValueTask<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var bytes = new byte[512];
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes, 0, length).ReplaceLineEndings(" ").Trim();
    }

    private ResiliencePipeline<HttpAnswer> Attempts()
    {
        var builder = new ResiliencePipelineBuilder<HttpAnswer> { TimeProvider = _context.Time };
        if (_spec.Retry.Attempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpAnswer>
            {
                MaxRetryAttempts = _spec.Retry.Attempts - 1,
                Delay = _spec.Retry.Wait,
                MaxDelay = LongestWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = () => _jitter.NextDouble(),
                ShouldHandle = static a => ValueTask.FromResult(a.Outcome.Result?.IsTemporary ?? a.Outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException),
                DelayGenerator = static a => ValueTask.FromResult<TimeSpan?>(a.Outcome.Result?.RetryAfter is { } wait
                    ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestWait.Ticks))
                    : null),
            });
        }
        return builder.AddTimeout(new TimeoutStrategyOptions { Timeout = _spec.AttemptTimeout }).Build();
    }
}
