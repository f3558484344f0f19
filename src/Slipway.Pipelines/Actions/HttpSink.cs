using System.Buffers;
using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.Actions;

/// <summary>How rows are sent.</summary>
public enum HttpMethodKind
{
    Post,
    Put,
}

/// <summary>What one HTTP request carries.</summary>
public enum HttpBodyKind
{
    [Summary("All rows of a batch, as a JSON array of objects.")]
    Rows,
    [Summary("One row, as a JSON object; a batch is as many requests.")]
    Row,
}

/// <summary>What happens when the other side cannot take a request now.</summary>
public sealed record HttpRetry(
    [Summary("Requests in all, the first included.")] int Attempts = 5,
    [Summary("Wait before the second one; it doubles from one to the next, up to 1 minute, with some chance in it. Default 1s.")] Duration? Delay = null)
{
    public int Attempts { get; init; } = Attempts is >= 1 and <= 100 ? Attempts : throw new ArgumentException("a number from 1 to 100 expected", nameof(Attempts));

    public Duration Wait => Delay ?? new Duration(TimeSpan.FromSeconds(1));
}

/// <summary>Rows sent to a web address.</summary>
[Component("http")]
[Summary("""
    Sends rows as JSON to a web address. Answers 408, 429 and 5xx, time-outs and broken connections are tried again, after what Retry-After says; then the batch
    waits and comes again later. 401, 403, 404 and 405 say that the address or the credentials are wrong: the batch waits, too. Any other 4xx refuses the rows for good.
    Idempotency-Key is the same for every attempt to deliver the same rows. With a secret, Slipway-Signature: t=SECONDS,v1=HEX is the HMAC-SHA256 of "SECONDS.BODY".
    """)]
[Example("http: { url: \"https://ops.example/alerts\", headers: { Authorization: \"Bearer ${env:OPS_TOKEN}\" }, retry: { attempts: 8 }, secret: \"${env:OPS_SECRET}\" }")]
public sealed record HttpSink(
    [Summary("Where to: http:// or https://.")] string Url,
    [Summary("The method.")] HttpMethodKind Method = HttpMethodKind.Post,
    [Summary("Further headers; a credential in them is written as ${env:NAME} or ${file:PATH}.")] IReadOnlyDictionary<string, string>? Headers = null,
    [Summary("What one request carries.")] HttpBodyKind Body = HttpBodyKind.Rows,
    [Summary("The columns to send; without it, all.")] ImmutableArray<string> Columns = default,
    [Summary("What happens when the other side cannot take a request now.")] HttpRetry? Retry = null,
    [Summary("How long one request may take. Default 10s.")] Duration? Timeout = null,
    [Secret, Summary("Signs the body, so that the receiver knows who sent it.")] string? Secret = null) : SinkSpec
{
    private static readonly string[] Reserved = ["content-type", "content-length", "host", "transfer-encoding", "connection", "idempotency-key", "slipway-signature"];

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public string Url { get; init; } = CheckUrl(Url);

    public IReadOnlyDictionary<string, string> Headers { get; init; } = CheckHeaders(Headers ?? ImmutableDictionary<string, string>.Empty);

    public ImmutableArray<string> Columns { get; init; } = Columns.IsDefault ? [] : Columns;

    public HttpRetry Retry { get; init; } = Retry ?? new HttpRetry();

    public TimeSpan AttemptTimeout => Timeout?.Value ?? TimeSpan.FromSeconds(10);

    public override void Check(TableSchema schema) => SinkColumns.Check("columns", Columns, schema);

    public override ISink Open(TableSchema schema, ConnectorContext context)
    {
        Check(schema);
        return new HttpSender(this, context);
    }

    private static string CheckUrl(string url)
    {
        if (url.Contains("${", StringComparison.Ordinal)) return url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) throw new ArgumentException("an address that starts with http:// or https:// expected", nameof(url));
        return uri.UserInfo.Length == 0 ? url : throw new ArgumentException("holds a user and password; send them in an Authorization header, as ${env:NAME}", nameof(url));
    }

    private static IReadOnlyDictionary<string, string> CheckHeaders(IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            var problem = name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters) ? "is no name of a header"
                : Reserved.Contains(name.ToLowerInvariant()) ? "is set by Slipway"
                : value.AsSpan().ContainsAny('\r', '\n') ? "has a line end in its value"
                : name.Contains("authorization", StringComparison.OrdinalIgnoreCase) && !value.Contains("${", StringComparison.Ordinal) ? "holds a credential; write it as ${env:NAME} or ${file:PATH}"
                : null;
            if (problem is not null) throw new SpecException(null, new SpecProblem($"headers.{name}", 0, 0, problem));
        }
        return headers;
    }
}
