using System.Text.Json;
using Slipway.Core;

namespace Slipway.Serving.OpenInference;

/// <summary>Writes an infer response: <c>{"model_name", "model_version", "id"?, "parameters"?, "outputs"}</c>.</summary>
internal static class InferResponse
{
    /// <param name="wanted">Names of the outputs to send, in that order; null for all.</param>
    /// <exception cref="RecordException">An output that is asked for does not exist.</exception>
    public static void Write(
        Utf8JsonWriter writer, string model, string version, string? id, IReadOnlyList<KeyValuePair<string, string>>? parameters, Batch outputs, string[]? wanted)
    {
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, model);
        writer.WriteString("model_version"u8, version);
        if (id is not null) writer.WriteString("id"u8, id);
        if (parameters is { Count: > 0 })
        {
            writer.WriteStartObject("parameters"u8);
            foreach (var (name, value) in parameters) writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        writer.WritePropertyName("outputs"u8);
        TensorJson.WriteTensors(writer, wanted is null ? outputs : Select(outputs, wanted));
        writer.WriteEndObject();
    }

    private static Tensor[] Select(Batch outputs, string[] wanted)
    {
        var selected = new Tensor[wanted.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            selected[i] = outputs.TryGet(wanted[i], out var tensor)
                ? tensor
                : throw new RecordException($"no output is called '{wanted[i]}'; there are: {string.Join(", ", outputs.Select(o => o.Name))}");
        }
        return selected;
    }
}
