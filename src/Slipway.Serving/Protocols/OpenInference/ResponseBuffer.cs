using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Serving.OpenInference;

/// <summary>
/// A JSON writer over a growing buffer, one per thread, so that a response costs no allocation. What is written must be handed on before the thread does
/// anything else; a pipe writer copies it before it returns.
/// </summary>
internal sealed class ResponseBuffer
{
    private const int KeptCapacity = 1 << 20;

    [ThreadStatic]
    private static ResponseBuffer? t_current;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private ResponseBuffer() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Writer { get; }

    public ReadOnlyMemory<byte> Written
    {
        get
        {
            Writer.Flush();
            return _buffer.WrittenMemory;
        }
    }

    /// <summary>This thread's buffer, emptied.</summary>
    public static ResponseBuffer Rent()
    {
        var buffer = t_current;
        if (buffer is null || buffer._buffer.Capacity > KeptCapacity) t_current = buffer = new ResponseBuffer();
        buffer._buffer.ResetWrittenCount();
        buffer.Writer.Reset();
        return buffer;
    }
}
