using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Core;

namespace Slipway.Serving.OpenInference;

/// <summary>Errors as the protocol sends them: a status and <c>{"error": reason}</c>.</summary>
internal static class ProtocolError
{
    private const int MaxLength = 4000;

    /// <summary>The status for an exception; 500 means that it is ours and not the caller's.</summary>
    public static int StatusOf(Exception error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        RecordException or JsonException => StatusCodes.Status400BadRequest,
        NotFoundException => StatusCodes.Status404NotFound,
        UnavailableException => StatusCodes.Status503ServiceUnavailable,
        NotSupportedException => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static string ReasonOf(Exception error) => error switch
    {
        JsonException => $"the body is not JSON: {error.Message}",
        SlipwayException or BadHttpRequestException or NotSupportedException => error.Message,
        _ => "internal error; the server's log has it",
    };

    public static Task WriteAsync(HttpContext context, int status, string reason)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        var buffer = ResponseBuffer.Rent();
        buffer.Writer.WriteStartObject();
        buffer.Writer.WriteString("error"u8, reason.Length > MaxLength ? string.Concat(reason.AsSpan(0, MaxLength), "…") : reason);
        buffer.Writer.WriteEndObject();
        return JsonReply.WriteAsync(context, buffer, status);
    }
}

/// <summary>The model exists and cannot answer now.</summary>
internal sealed class UnavailableException(string message) : SlipwayException(message);

/// <summary>Sends what a <see cref="ResponseBuffer"/> holds.</summary>
internal static class JsonReply
{
    private static readonly StringValues Json = "application/json";

    /// <summary>The buffer is copied before this returns.</summary>
    public static Task WriteAsync(HttpContext context, ResponseBuffer buffer, int status = StatusCodes.Status200OK)
    {
        var body = buffer.Written;
        var response = context.Response;
        if (status != StatusCodes.Status200OK) response.StatusCode = status;
        var headers = response.Headers;
        headers.ContentType = Json;
        headers.ContentLength = body.Length;
        var written = response.BodyWriter.WriteAsync(body);
        if (!written.IsCompletedSuccessfully) return written.AsTask();
        written.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }
}
