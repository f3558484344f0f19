using System.Text.Json;
using Slipway.Core;

namespace Slipway.Serving.OpenInference;

/// <summary>An infer request: <c>{"id"?, "parameters"?, "inputs", "outputs"?}</c>. Dispose it to give the inputs back to the pool.</summary>
internal readonly struct InferRequest : IDisposable
{
    private const int MaxIdLength = 1024;
    private const int MaxOutputs = 1024;

    private InferRequest(Batch inputs, string? id, string[]? outputs)
    {
        Inputs = inputs;
        Id = id;
        Outputs = outputs;
    }

    public Batch Inputs { get; }

    public string? Id { get; }

    /// <summary>Names of the outputs wanted, in that order; null for all.</summary>
    public string[]? Outputs { get; }

    public void Dispose() => Inputs.Dispose();

    /// <exception cref="RecordException">The request is not well formed.</exception>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static InferRequest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return Parse(json, scan: true);
        }
        catch (JsonException)
        {
            return Parse(json, scan: false); // Fails again, now knowing the place.
        }
    }

    private static InferRequest Parse(ReadOnlySpan<byte> json, bool scan)
    {
        var reader = new Utf8JsonReader(json);
        var text = scan ? json : default;
        Batch? inputs = null;
        string? id = null;
        string[]? outputs = null;
        var parameters = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new RecordException("the request is not a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.TextIs("inputs"u8))
                {
                    Once(inputs is not null, "inputs");
                    reader.Read();
                    inputs = TensorJson.ReadTensors(ref reader, ref text);
                }
                else if (reader.TextIs("id"u8))
                {
                    Once(id is not null, "id");
                    id = ReadText(ref reader, "id", MaxIdLength);
                }
                else if (reader.TextIs("outputs"u8))
                {
                    Once(outputs is not null, "outputs");
                    outputs = ReadOutputs(ref reader);
                }
                else if (reader.TextIs("parameters"u8))
                {
                    Once(parameters, "parameters");
                    parameters = true;
                    ReadParameters(ref reader, "parameters");
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            if (reader.Read()) throw new RecordException("something follows the request's JSON object");
            return new InferRequest(inputs ?? throw new RecordException("'inputs' is absent"), id, outputs is [] ? null : outputs);
        }
        catch
        {
            inputs?.Dispose();
            throw;
        }
    }

    private static string[] ReadOutputs(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw new RecordException("'outputs' is not an array");
        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new RecordException($"outputs[{names.Count}] is not an object");
            if (names.Count == MaxOutputs) throw new RecordException($"more than {MaxOutputs} outputs are asked for");
            string? name = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.TextIs("name"u8)) name = ReadText(ref reader, "an output's name", TensorJson.MaxNameLength);
                else if (reader.TextIs("parameters"u8)) ReadParameters(ref reader, "an output's parameters");
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            if (name is null) throw new RecordException($"outputs[{names.Count}] has no name");
            if (names.Contains(name)) throw new RecordException($"output '{name}' is asked for twice");
            names.Add(name);
        }
        return [.. names];
    }

    private static void ReadParameters(ref Utf8JsonReader reader, string what)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartObject) throw new RecordException($"{what}: an object expected");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
            {
                throw new RecordException($"{what}: a value is neither a string, a number nor a bool");
            }
        }
    }

    private static string ReadText(ref Utf8JsonReader reader, string what, int maxLength)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) throw new RecordException($"{what} is not a string");
        try
        {
            var text = reader.ValueSpan.Length <= maxLength * 6 ? reader.GetString()! : "";
            return text.Length <= maxLength && reader.ValueSpan.Length <= maxLength * 6 ? text : throw new RecordException($"{what} is longer than {maxLength} characters");
        }
        catch (InvalidOperationException)
        {
            throw new RecordException($"{what} is not valid Unicode text");
        }
    }

    private static void Once(bool seen, string key)
    {
        if (seen) throw new RecordException($"'{key}' is given twice");
    }
}
