using System.Globalization;
using System.Text;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>The way to a value of a JSON document: <c>$.PMML.DataDictionary.DataField[2]</c>.</summary>
/// <param name="Name">The property; the root has none.</param>
/// <param name="Index">0-based, when the property is an array; else -1.</param>
internal sealed record JsonPath(JsonPath? Parent, string Name, int Index)
{
    public static JsonPath Root { get; } = new(null, "$", -1);

    public override string ToString()
    {
        var steps = new List<JsonPath>();
        for (var step = this; step is not null; step = step.Parent) steps.Add(step);
        var text = new StringBuilder();
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            if (i < steps.Count - 1) text.Append('.');
            text.Append(steps[i].Name);
            if (steps[i].Index >= 0) text.Append(CultureInfo.InvariantCulture, $"[{steps[i].Index}]");
        }
        return text.ToString();
    }
}
