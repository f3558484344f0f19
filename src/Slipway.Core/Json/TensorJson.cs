using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Slipway.Core;

/// <summary>
/// Tensors as the Open Inference Protocol writes them in JSON: <c>{"name", "shape", "datatype", "data"}</c>, data row-major, flat or nested.
/// Elements go straight between the JSON text and pooled tensors.
/// <list type="bullet">
/// <item>A missing element is <c>null</c>; a missing float also reads NaN, and NaN is written as <c>null</c>, since JSON has no NaN.</item>
/// <item>Infinities are the strings <c>"Infinity"</c> and <c>"-Infinity"</c>; <c>"NaN"</c> is read too.</item>
/// <item>Numbers are written in their shortest form that reads back exactly. An integer may be written <c>3.0</c> or <c>3e2</c>; a number its type cannot hold is refused.</item>
/// <item><c>BYTES</c> are JSON strings, so UTF-8 text; <c>BOOL</c> is <c>true</c>/<c>false</c> and reads 0 and 1 too.</item>
/// </list>
/// </summary>
public static partial class TensorJson
{
    /// <summary>The most tensors one request may hold.</summary>
    public const int MaxTensors = 4096;

    /// <summary>The most dimensions a tensor may have.</summary>
    public const int MaxRank = 32;

    /// <summary>The longest tensor name, in bytes of UTF-8.</summary>
    public const int MaxNameLength = 1024;

    private const int MaxTypeNameLength = 8;

    /// <summary>Below this many elements a shape is believed before the data is seen.</summary>
    private const int TrustedCount = 4096;

    /// <summary>
    /// Reads an array of tensor objects; keys in any order, unknown keys and <c>parameters</c> are skipped.
    /// Memory is bounded by the length of the JSON, whatever the shapes claim.
    /// </summary>
    /// <param name="reader">At the array's start; over the complete JSON (final block). Left at the array's end.</param>
    /// <returns>The tensors in order; the caller disposes them.</returns>
    /// <exception cref="RecordException">A tensor is not well formed; the message has its name and what is wrong.</exception>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Batch ReadTensors(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> none = default;
        return ReadTensors(ref reader, ref none);
    }

    /// <summary>As <see cref="ReadTensors(ref Utf8JsonReader)"/>, quicker for long arrays of numbers, which are scanned in place.</summary>
    /// <param name="json">
    /// The text that <paramref name="reader"/> reads, from its beginning; empty if it is not at hand in one piece. Reader and text are moved forward together, so
    /// that places in the messages of a <see cref="JsonException"/> count from somewhere within: read again without scanning to know the place.
    /// </param>
    public static Batch ReadTensors(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new RecordException($"an array of tensors expected, found {Describe(reader.TokenType)}");
        var batch = new Batch();
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (batch.Count == MaxTensors) throw new RecordException($"more than {MaxTensors} tensors in one request");
                var tensor = ReadTensor(ref reader, ref json, batch.Count);
                try
                {
                    batch.Add(tensor);
                }
                catch
                {
                    tensor.Dispose();
                    throw;
                }
            }
            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private static Tensor ReadTensor(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, int position)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new RecordException($"tensor {position}: an object expected, found {Describe(reader.TokenType)}");
        string? name = null;
        ElementType? type = null;
        Span<long> shape = stackalloc long[MaxRank];
        var rank = -1;
        var hasData = false;
        Utf8JsonReader postponed = default;
        Tensor? tensor = null;
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.TextIs("name"u8))
                {
                    if (name is not null) ThrowTwice(name, position, "name");
                    reader.Read();
                    name = ReadName(ref reader, position);
                }
                else if (reader.TextIs("datatype"u8))
                {
                    if (type is not null) ThrowTwice(name, position, "datatype");
                    reader.Read();
                    type = ReadType(ref reader, name, position);
                }
                else if (reader.TextIs("shape"u8))
                {
                    if (rank >= 0) ThrowTwice(name, position, "shape");
                    reader.Read();
                    rank = ReadShape(ref reader, shape, name, position);
                }
                else if (reader.TextIs("data"u8))
                {
                    if (hasData) ThrowTwice(name, position, "data");
                    hasData = true;
                    reader.Read();
                    if (name is not null && type is not null && rank >= 0)
                    {
                        tensor = ReadData(ref reader, ref json, name, type.Value, shape[..rank]);
                    }
                    else
                    {
                        postponed = reader;
                        reader.Skip();
                    }
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            if (name is null) ThrowAbsent(name, position, "name");
            if (type is null) ThrowAbsent(name, position, "datatype");
            if (rank < 0) ThrowAbsent(name, position, "shape");
            if (!hasData) ThrowAbsent(name, position, "data");
            if (tensor is not null) return tensor;
            ReadOnlySpan<byte> none = default;
            return ReadData(ref postponed, ref none, name, type.Value, shape[..rank]);
        }
        catch
        {
            tensor?.Dispose();
            throw;
        }
    }

    private static string ReadName(ref Utf8JsonReader reader, int position)
    {
        if (reader.TokenType != JsonTokenType.String) throw new RecordException($"tensor {position}: name is {Describe(reader.TokenType)}, a string expected");
        if (TokenLength(in reader) > MaxNameLength) throw new RecordException($"tensor {position}: its name is longer than {MaxNameLength} bytes");
        Span<byte> utf8 = stackalloc byte[MaxNameLength];
        var length = CopyText(ref reader, utf8);
        if (length == 0) throw new RecordException($"tensor {position}: its name is empty");
        if (length < 0) throw new RecordException($"tensor {position}: its name is not valid Unicode text");
        return KnownNames.Get(utf8[..length]);
    }

    private static ElementType ReadType(ref Utf8JsonReader reader, string? name, int position)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.TextIs("FP32"u8)) return ElementType.Float32;
            if (reader.TextIs("FP64"u8)) return ElementType.Float64;
            Span<byte> protocolName = stackalloc byte[MaxTypeNameLength];
            for (var type = ElementType.Bool; type <= ElementType.Bytes; type++)
            {
                var length = System.Text.Encoding.ASCII.GetBytes(type.ProtocolName, protocolName);
                if (reader.TextIs(protocolName[..length])) return type;
            }
        }
        var found = reader.TokenType == JsonTokenType.String && TokenLength(in reader) <= 32 ? $"'{RawText(in reader)}'" : Describe(reader.TokenType);
        throw new RecordException($"{Called(name, position)}: datatype is {found}; expected BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64 or BYTES");
    }

    private static int ReadShape(ref Utf8JsonReader reader, scoped Span<long> shape, string? name, int position)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new RecordException($"{Called(name, position)}: shape is {Describe(reader.TokenType)}, an array of dimensions expected");
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rank == shape.Length) throw new RecordException($"{Called(name, position)}: shape has more than {MaxRank} dimensions");
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var dimension))
            {
                throw new RecordException($"{Called(name, position)}: dimension {rank} of its shape is not a whole number");
            }
            if (dimension < 0) throw new RecordException($"{Called(name, position)}: dimension {rank} of its shape is {dimension}; a request's dimensions are not negative");
            shape[rank++] = dimension;
        }
        return rank;
    }

    private static Tensor ReadData(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, string name, ElementType type, scoped ReadOnlySpan<long> shape)
    {
        RefuseMoreThanDataHolds(in reader, name, shape);
        var tensor = Tensor.Uninitialized(name, type, shape);
        try
        {
            ReadElements(ref reader, ref json, tensor);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    // Every element takes two bytes of JSON at least (a digit and a comma), so a large shape is checked against the length of its data before anything is rented.
    private static void RefuseMoreThanDataHolds(in Utf8JsonReader reader, string name, scoped ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension == 0) return;
            count = dimension > int.MaxValue || count > int.MaxValue ? long.MaxValue : count * dimension;
        }
        if (count <= TrustedCount) return;
        var ahead = reader;
        ahead.Skip();
        var held = ((ahead.BytesConsumed - reader.BytesConsumed) / 2) + 1;
        if (count > held)
        {
            throw new RecordException($"tensor '{name}': shape [{string.Join(',', shape.ToArray())}] claims more elements than its data holds (at most {held})");
        }
    }

    private static long TokenLength(in Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;

    /// <summary>A token as it stands in the text, for messages: escapes are kept, so that it can always be shown.</summary>
    private static string RawText(in Utf8JsonReader reader) =>
        System.Text.Encoding.UTF8.GetString(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan);

    /// <summary>Unescapes a string token; -1 when it is not valid Unicode.</summary>
    private static int CopyText(ref Utf8JsonReader reader, scoped Span<byte> utf8)
    {
        try
        {
            var length = reader.CopyString(utf8);
            return System.Text.Unicode.Utf8.IsValid(utf8[..length]) ? length : -1;
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    private static string Called(string? name, int position) => name is null ? $"tensor {position}" : $"tensor '{name}'";

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    [DoesNotReturn]
    private static void ThrowTwice(string? name, int position, string key) => throw new RecordException($"{Called(name, position)}: '{key}' is given twice");

    [DoesNotReturn]
    private static void ThrowAbsent(string? name, int position, string key) => throw new RecordException($"{Called(name, position)}: '{key}' is absent");
}
