using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Slipway.Serving.OpenInference;

/// <summary>A whole request body in one pooled array, of bounded length, inflated if it came compressed.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _length;

    private RequestBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <exception cref="BadHttpRequestException">413: it is longer than <paramref name="limit"/>, as sent or inflated; 415: an unknown encoding; 400: damaged.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit) throw TooLarge(limit);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadAsync(context.Request.Body, limit, context.Request.ContentLength, context.RequestAborted);
        }
        if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException($"Content-Encoding '{(encoding.Length > 40 ? encoding[..40] : encoding)}' is not understood; send gzip or none", StatusCodes.Status415UnsupportedMediaType);
        }
        try
        {
            await using var inflated = new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true);
            return await ReadAsync(inflated, limit, null, context.RequestAborted);
        }
        catch (InvalidDataException error)
        {
            throw new BadHttpRequestException($"the body is not gzip: {error.Message}", StatusCodes.Status400BadRequest, error);
        }
    }

    // Grows as bytes arrive, never because of what a header claims.
    private static async ValueTask<RequestBody> ReadAsync(Stream stream, int limit, long? expected, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected + 1 ?? 16 << 10, 64 << 10));
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan().CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
                if (read == 0) return new RequestBody(buffer, length);
                length += read;
                if (length > limit) throw TooLarge(limit);
            }
        }
        catch (Exception error)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (error is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }) throw TooLarge(limit);
            throw;
        }
    }

    private static BadHttpRequestException TooLarge(int limit) =>
        new($"the body is longer than {limit} bytes; send fewer rows, or raise the server's limit", StatusCodes.Status413PayloadTooLarge);
}
