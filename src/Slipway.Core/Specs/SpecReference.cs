using System.Reflection;
using System.Text;
using System.Text.Json;
using Slipway.Core.Specs.Docs;
using Slipway.Core.Specs.Shapes;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs;

/// <summary>The reference docs of a spec, from the same records that read it: each field with type, default and meaning, each component with its examples.</summary>
public static class SpecReference
{
    /// <summary>One Markdown page: the root first, then everything it leads to, in the order in which it is met.</summary>
    public static string Markdown(Type root, ComponentCatalog catalog) => new Writer(catalog).Page(SpecShapes.Of(root));

    private sealed class Writer(ComponentCatalog catalog)
    {
        private readonly StringBuilder _page = new();
        private readonly Queue<Action> _sections = new();
        private readonly Dictionary<Type, string> _headings = [];
        private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

        public string Page(SpecShape root)
        {
            TypeOf(root);
            while (_sections.TryDequeue(out var section)) section();
            if (_values.Count > 0) Paragraph("## Values");
            foreach (var (name, summary) in _values) Paragraph($"**{name}**: {summary}");
            return _page.ToString().TrimEnd('\n') + "\n";
        }

        private string TypeOf(SpecShape shape) => shape switch
        {
            NullableShape nullable => TypeOf(nullable.Inner),
            TextShape => "text",
            SecretShape => "secret: `${env:NAME}` or `${file:PATH}`",
            BooleanShape => "`true` or `false`",
            WholeNumberShape => "whole number",
            NumberShape => "number",
            AnyScalarShape => "any single value",
            FreeFormShape free => free.IsObject ? "any mapping" : "anything",
            EnumShape choice => string.Join(" or ", choice.Names.Select(n => $"`{n}`")),
            ParsableShape parsable => Value(parsable.Type),
            ListShape list => $"list of {TypeOf(list.Item)}",
            MapShape map => $"mapping of names to {TypeOf(map.Value)}",
            ComponentShape component => Link(component.BaseType, heading => Components(component, heading)),
            RecordShape { IsBodyOnly: true, Body: { } body } => TypeOf(body.Shape),
            RecordShape { Body: { IsRequired: true } body } record => $"{TypeOf(body.Shape)}, or {Link(record.Type, heading => Record(record, "##", heading))}",
            RecordShape record => Link(record.Type, heading => Record(record, "##", heading)),
            _ => throw new NotSupportedException($"{shape.GetType().Name} has no place in the reference"),
        };

        private string Value(Type type)
        {
            if (SpecText.SummaryOf(type) is { } summary) _values[Wording.Words(type)] = summary;
            return Wording.Words(type);
        }

        private string Link(Type type, Action<string> section)
        {
            if (!_headings.TryGetValue(type, out var heading))
            {
                var plain = SpecText.Heading(type);
                heading = plain;
                for (var n = 2; _headings.ContainsValue(heading); n++) heading = $"{plain}-{n}";
                _headings.Add(type, heading);
                _sections.Enqueue(() => section(heading));
            }
            return $"[{heading}](#{heading})";
        }

        private void Components(ComponentShape component, string heading)
        {
            var components = catalog.Of(component.BaseType);
            Paragraph($"## {heading}");
            Paragraph(SpecText.SummaryOf(component.BaseType));
            Paragraph(components.Count == 0 ? "Nothing is registered here." : $"One of {string.Join(", ", components.Keys.Select(key => $"[{key}](#{heading}-{key})"))}.");
            foreach (var (key, type) in components)
            {
                Record(RecordShape.Of(type), "###", $"{heading}: {key}");
            }
        }

        private void Record(RecordShape record, string level, string heading)
        {
            Paragraph($"{level} {heading}");
            Paragraph(SpecText.SummaryOf(record.Type));
            if (record.IsBodyOnly) Paragraph($"Its value: {TypeOf(record.Body!.Shape)}. {Meaning(record.Body)}");
            else if (record.Fields.Count > 0) Table(record);
            if (record is { IsBodyOnly: false, Body: { } body } && record.Fields.All(f => f.IsBody || !f.IsRequired)) Paragraph($"Where only `{body.Name}` is given, its value may stand alone.");
            if (record.IsBareAllowed && record.Type.IsDefined(typeof(ComponentAttribute), inherit: false)) Paragraph("Its bare name is enough.");
            var key = record.Type.GetCustomAttribute<ComponentAttribute>(inherit: false)?.Key;
            foreach (var example in record.Type.GetCustomAttributes<ExampleAttribute>())
            {
                ExampleYaml.ValueOf(example.Yaml, key, record, catalog);
                Paragraph($"```yaml\n{example.Yaml.ReplaceLineEndings("\n").TrimEnd()}\n```");
            }
        }

        private void Table(RecordShape record)
        {
            _page.Append("| field | type | default | meaning |\n|---|---|---|---|\n");
            foreach (var field in record.Fields)
            {
                var name = field.Inline is null ? $"`{field.Name}`" : string.Join(" or ", catalog.Of(field.Inline.BaseType).Keys.Select(key => $"`{key}`"));
                _page.Append($"| {name} | {Cell(TypeOf(field.Shape))} | {Cell(Default(field))} | {Cell(Meaning(field))} |\n");
            }
            _page.Append('\n');
        }

        private static string Default(SpecField field) =>
            field.IsRequired ? "required" : SpecText.Default(field) is { } value ? $"`{(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString())}`" : "";

        private string Meaning(SpecField field)
        {
            var meaning = new StringBuilder(SpecText.OneLine(field.Summary ?? ""));
            if ((field.Shape is NullableShape nullable ? nullable.Inner : field.Shape) is EnumShape choice)
            {
                foreach (var (name, summary) in choice.Summaries) meaning.Append(summary is null ? "" : $" `{name}`: {summary}");
            }
            foreach (var example in field.Examples)
            {
                ExampleYaml.ValueOf(example, field.Name, field.Shape, catalog);
                meaning.Append($" Example: `{SpecText.OneLine(example)}`.");
            }
            return meaning.ToString().Trim();
        }

        private void Paragraph(string? text)
        {
            if (text is not null) _page.Append(text).Append("\n\n");
        }

        private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
    }
}
