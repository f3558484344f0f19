using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>
/// Rows kept with a model: <c>{"inputs":[…],"outputs":[…]}</c>, where the tensors are those of an Open Inference Protocol request and of its answer,
/// so a recorded call can be replayed byte for byte. The other fields of a request or an answer may stay; they are not read.
/// </summary>
public static class RecordedRows
{
    /// <summary>The largest file that is read, in bytes: it is held in memory. More rows go into more files.</summary>
    public const long MaxLength = 256 << 20;

    private static readonly string[] OtherFields = ["id", "parameters", "model_name", "model_version"];

    /// <summary>Reads one file; the caller disposes both batches. Outputs are empty when the file has none.</summary>
    /// <exception cref="ModelException">The file cannot be read, is too large or is not of this form; the message names it.</exception>
    public static (Batch Inputs, Batch Outputs) Read(string path)
    {
        using var content = FileContent.Read(path, MaxLength);
        return Parse(content.Span, path);
    }

    /// <param name="source">The file, for error messages.</param>
    /// <inheritdoc cref="Read"/>
    public static (Batch Inputs, Batch Outputs) Parse(ReadOnlySpan<byte> json, string source)
    {
        Batch? inputs = null, outputs = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new ModelException($"{source}: an object with inputs and outputs expected");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("inputs"u8)) ReadTensors(ref reader, ref inputs, "inputs");
                else if (reader.ValueTextEquals("outputs"u8)) ReadTensors(ref reader, ref outputs, "outputs");
                else SkipOther(ref reader, source);
            }
            reader.Read();
            if (inputs is null || inputs.Count == 0) throw new ModelException($"{source}: it has no inputs");
            return (inputs, outputs ?? []);
        }
        catch (Exception e)
        {
            inputs?.Dispose();
            outputs?.Dispose();
            if (e is JsonException) throw new ModelException($"{source}: not JSON: {e.Message}", e);
            // how the JSON reader says that a name or a text is no Unicode
            if (e is InvalidOperationException) throw new ModelException($"{source}: not JSON: {e.Message}", e);
            if (e is RecordException) throw new ModelException($"{source}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Writes a file that <see cref="Read"/> reads; without <paramref name="outputs"/> the form of <c>reference.json</c>.</summary>
    /// <exception cref="RecordException">Text that is not UTF-8, which JSON cannot carry.</exception>
    public static void Write(Stream destination, Batch inputs, Batch? outputs = null)
    {
        using var writer = new Utf8JsonWriter(destination);
        writer.WriteStartObject();
        writer.WritePropertyName("inputs"u8);
        TensorJson.WriteTensors(writer, inputs);
        if (outputs is not null)
        {
            writer.WritePropertyName("outputs"u8);
            TensorJson.WriteTensors(writer, outputs);
        }
        writer.WriteEndObject();
    }

    private static void ReadTensors(ref Utf8JsonReader reader, ref Batch? tensors, string field)
    {
        if (tensors is not null) throw new RecordException($"'{field}' is given twice");
        reader.Read();
        tensors = TensorJson.ReadTensors(ref reader);
    }

    private static void SkipOther(ref Utf8JsonReader reader, string source)
    {
        var known = false;
        foreach (var field in OtherFields) known |= reader.ValueTextEquals(field);
        if (!known) throw new ModelException($"{source}: '{ShortenedName(ref reader)}' is unknown; recorded rows have inputs and outputs");
        reader.Skip();
    }

    private static string ShortenedName(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        return name.Length > 40 ? string.Concat(name.AsSpan(0, 40), "…") : name;
    }
}
