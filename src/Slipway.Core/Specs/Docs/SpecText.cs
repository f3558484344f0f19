using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Core.Specs.Shapes;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Docs;

/// <summary>What schema and reference say about a record, taken from its attributes and defaults.</summary>
internal static partial class SpecText
{
    public static string Kebab(Type type) => Wording.Kebab(type.Name);

    /// <summary><c>SourceSpec</c> → <c>source</c>.</summary>
    public static string Heading(Type type) => Kebab(type) is var name && name.EndsWith("-spec", StringComparison.Ordinal) ? name[..^5] : name;

    public static string? SummaryOf(MemberInfo member) => member.GetCustomAttribute<SummaryAttribute>(inherit: false) is { } summary ? OneLine(summary.Text) : null;

    public static string OneLine(string text) => Whitespace().Replace(text.Trim(), " ");

    /// <summary>The default as JSON; null when there is none to show (absent means nothing, or is explained in words).</summary>
    public static JsonNode? Default(SpecField field)
    {
        var shape = field.Shape is NullableShape nullable ? nullable.Inner : field.Shape;
        return (shape, field.IsRequired ? null : field.Default) switch
        {
            (_, null) => null,
            (EnumShape choice, { } member) => choice.NameOf(member),
            (_, bool value) => value,
            (_, int value) => value,
            (_, long value) => value,
            (_, double value) => double.IsFinite(value) ? value : null,
            (ParsableShape or TextShape, { } value) => value.ToString(),
            _ => null,
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
