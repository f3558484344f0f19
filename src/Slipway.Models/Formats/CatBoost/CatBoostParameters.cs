using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>What the texts of <c>model_info</c> tell: the loss, and the classes as CatBoost's own readers find them.</summary>
internal sealed class CatBoostParameters
{
    private CatBoostParameters()
    {
    }

    /// <summary>The name of the loss; empty when the file does not tell.</summary>
    public string Loss { get; private set; } = "";

    /// <summary>The levels of a loss for several quantiles, as they are written; else none.</summary>
    public ImmutableArray<string> Quantiles { get; private set; } = [];

    /// <summary>What users call the classes; may be more than there are in the trees, or none.</summary>
    public ImmutableArray<string> ClassNames { get; private set; } = [];

    /// <summary>How many classes there are, when they have no names.</summary>
    public int ClassCount { get; private set; }

    /// <summary>The label of each dimension: its number among the classes when these have names or a count, else the label itself.</summary>
    public ImmutableArray<double> Labels { get; private set; } = [];

    /// <summary>Above this probability the second of two classes is chosen.</summary>
    public double Threshold { get; private set; } = 0.5;

    /// <exception cref="ModelException">A text is not the JSON it should be.</exception>
    public static CatBoostParameters Of(Dictionary<string, string> info)
    {
        var parameters = new CatBoostParameters();
        ImmutableArray<string> namesInParameters = [];
        foreach (var key in new[] { "loss_function", "params" })
        {
            Read(info, key, root =>
            {
                var loss = key == "params" ? Member(root, "loss_function") : root;
                if (loss is { ValueKind: JsonValueKind.String }) parameters.Loss = loss.Value.GetString()!.Split(':')[0];
                else if (loss is { } options && Member(options, "type") is { ValueKind: JsonValueKind.String } type)
                {
                    parameters.Loss = type.GetString()!;
                    if (Member(options, "params") is { } arguments && Member(arguments, "alpha") is { ValueKind: JsonValueKind.String } levels) parameters.Quantiles = [.. levels.GetString()!.Split(',', StringSplitOptions.TrimEntries)];
                }
                if (Member(root, "data_processing_options") is { } data) namesInParameters = Texts(data, "class_names");
            });
        }
        var classes = info.ContainsKey("class_params") ? "class_params" : "multiclass_params";
        Read(info, classes, root =>
        {
            parameters.ClassNames = Texts(root, "class_names");
            if (Member(root, "classes_count") is { ValueKind: JsonValueKind.Number } count && count.TryGetInt32(out var number)) parameters.ClassCount = number;
            parameters.Labels = [.. Items(root, "class_to_label").Where(i => i.ValueKind == JsonValueKind.Number).Select(i => i.GetDouble())];
        });
        if (parameters is { ClassNames.IsEmpty: true, ClassCount: 0, Labels.IsEmpty: true }) parameters.ClassNames = namesInParameters;
        if (info.TryGetValue("binclass_probability_threshold", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)) parameters.Threshold = threshold;
        return parameters;
    }

    private static void Read(Dictionary<string, string> info, string key, Action<JsonElement> read)
    {
        if (!info.TryGetValue(key, out var text) || text.Length == 0) return;
        try
        {
            using var document = JsonDocument.Parse(text);
            read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelException($"model_info.{key}: not valid JSON: {e.Message}", e);
        }
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>Texts as they are, numbers as they are written.</summary>
    private static ImmutableArray<string> Texts(JsonElement element, string name) =>
        [.. Items(element, name).Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : i.GetRawText())];
}
