using System.Reflection;
using System.Text.Json.Nodes;
using Slipway.Core.Specs.Docs;
using Slipway.Core.Specs.Shapes;

namespace Slipway.Core.Specs;

/// <summary>The JSON Schema (draft 2020-12) of a spec, for editors: it accepts what <see cref="SpecReader"/> accepts, up to checks that records make of their own values.</summary>
public static class SpecSchema
{
    /// <param name="root">The record (or component base) of a whole file.</param>
    public static JsonObject Export(Type root, ComponentCatalog catalog, string title) => new Writer(catalog).Document(SpecShapes.Of(root), title);

    private sealed class Writer(ComponentCatalog catalog)
    {
        private readonly Dictionary<Type, string> _names = [];
        private readonly SortedDictionary<string, JsonNode?> _definitions = new(StringComparer.Ordinal);

        public JsonObject Document(SpecShape root, string title)
        {
            var document = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
            foreach (var (keyword, value) in Of(root)) document[keyword] = value?.DeepClone();
            document["$defs"] = new JsonObject(_definitions);
            return document;
        }

        private JsonObject Of(SpecShape shape) => shape switch
        {
            NullableShape nullable => OrNull(Of(nullable.Inner)),
            TextShape or AnyScalarShape => Typed("string", "number", "boolean"),
            SecretShape => new() { ["type"] = "string", ["pattern"] = SecretShape.Pattern },
            BooleanShape => Typed("boolean"),
            WholeNumberShape => Typed("integer"),
            NumberShape => Typed("number"),
            FreeFormShape { IsObject: true } => Typed("object"),
            FreeFormShape => [],
            EnumShape choice => Defined(choice.Type, () => Choice(choice)),
            ParsableShape parsable => Defined(parsable.Type, () => Parsable(parsable)),
            ListShape list => new() { ["type"] = "array", ["items"] = Of(list.Item) },
            MapShape map => new() { ["type"] = "object", ["additionalProperties"] = Of(map.Value) },
            ComponentShape component => Defined(component.BaseType, () => Component(component)),
            RecordShape record => Defined(record.Type, () => Record(record)),
            _ => throw new NotSupportedException($"{shape.GetType().Name} has no schema"),
        };

        private JsonObject Defined(Type type, Func<JsonObject> define)
        {
            if (!_names.TryGetValue(type, out var name))
            {
                var plain = SpecText.Kebab(type);
                name = plain;
                for (var n = 2; _names.ContainsValue(name); n++) name = $"{plain}-{n}";
                _names.Add(type, name);
                _definitions[name] = define();
            }
            return new() { ["$ref"] = $"#/$defs/{name}" };
        }

        private static JsonObject Choice(EnumShape choice)
        {
            var members = choice.Summaries.ToList();
            if (members.TrueForAll(m => m.Summary is null)) return Described(choice.Type, new() { ["enum"] = Strings(choice.Names) });
            return Described(choice.Type, new()
            {
                ["oneOf"] = new JsonArray([.. members.Select(m => m.Summary is null ? new JsonObject { ["const"] = m.Name } : new JsonObject { ["const"] = m.Name, ["description"] = m.Summary })]),
            });
        }

        private static JsonObject Parsable(ParsableShape parsable)
        {
            var schema = parsable.Pattern is { } pattern ? new JsonObject { ["type"] = "string", ["pattern"] = pattern } : Typed("string", "number", "boolean");
            return Described(parsable.Type, schema);
        }

        /// <summary>Exactly one key, rather than one alternative a component: editors then complete and blame the key itself.</summary>
        private JsonObject Component(ComponentShape component)
        {
            var named = new JsonObject { ["type"] = "object", ["properties"] = Bodies(component), ["minProperties"] = 1, ["maxProperties"] = 1, ["additionalProperties"] = false };
            var bare = Bare(component);
            return Described(component.BaseType, bare.Count == 0 ? named : new() { ["oneOf"] = new JsonArray(named, new JsonObject { ["enum"] = Strings(bare) }) });
        }

        private JsonObject Bodies(ComponentShape component)
        {
            var bodies = new JsonObject();
            foreach (var (key, type) in catalog.Of(component.BaseType))
            {
                var record = RecordShape.Of(type);
                var body = record.IsBareAllowed ? OrNull(Of(record)) : Of(record);
                if (SpecText.SummaryOf(type) is { } summary) body["description"] = summary;
                bodies[key] = body;
            }
            return bodies;
        }

        private List<string> Bare(ComponentShape component) =>
            [.. catalog.Of(component.BaseType).Where(c => RecordShape.Of(c.Value).IsBareAllowed).Select(c => c.Key)];

        private JsonObject Record(RecordShape record)
        {
            var forms = new List<JsonObject>();
            if (!record.IsBodyOnly) forms.Add(Mapping(record));
            var others = record.Fields.Where(f => f is { IsBody: false, Inline: null });
            if (record.Body is { } body && (record.IsBodyOnly || record.Fields.All(f => f.IsBody || !f.IsRequired)))
            {
                var shorthand = Field(body);
                forms.Add(record.IsBodyOnly ? shorthand : new JsonObject { ["not"] = Typed("object"), ["allOf"] = new JsonArray(shorthand) });
            }
            else if (record.Inline is { Inline: { } component } && others.All(f => !f.IsRequired) && Bare(component) is { Count: > 0 } bare)
            {
                forms.Add(new JsonObject { ["enum"] = Strings(bare) });
            }
            var schema = Described(record.Type, forms is [var only] ? only : new() { ["anyOf"] = new JsonArray([.. forms]) });
            if (Examples(record) is { Count: > 0 } examples) schema["examples"] = examples;
            return schema;
        }

        private JsonObject Mapping(RecordShape record)
        {
            var properties = new JsonObject();
            foreach (var field in record.Fields.Where(f => f.Inline is null)) properties[field.Name] = Field(field);
            var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
            var required = record.Fields.Where(f => f.IsRequired && f.Inline is null).Select(f => f.Name).ToList();
            if (required.Count > 0) schema["required"] = Strings(required);
            schema["additionalProperties"] = false;
            if (record.Inline is { } inline) AddInline(schema, properties, inline);
            return schema;
        }

        private void AddInline(JsonObject schema, JsonObject properties, SpecField inline)
        {
            var alternatives = new JsonArray();
            foreach (var (key, body) in Bodies(inline.Inline!).ToList())
            {
                if (properties.ContainsKey(key)) continue;
                properties[key] = body!.DeepClone();
                alternatives.Add(new JsonObject { ["required"] = new JsonArray(key) });
            }
            if (!inline.IsRequired) alternatives.Add(new JsonObject { ["not"] = new JsonObject { ["anyOf"] = alternatives.DeepClone() } });
            schema["oneOf"] = alternatives;
        }

        private JsonObject Field(SpecField field)
        {
            var schema = Of(field.Shape);
            if (field.Summary is { } summary) schema["description"] = SpecText.OneLine(summary);
            if (SpecText.Default(field) is { } value) schema["default"] = value;
            if (field.Examples.Length > 0) schema["examples"] = new JsonArray([.. field.Examples.Select(e => ExampleYaml.ValueOf(e, field.Name, field.Shape, catalog))]);
            return schema;
        }

        private JsonArray Examples(RecordShape record)
        {
            var key = record.Type.GetCustomAttribute<ComponentAttribute>(inherit: false)?.Key;
            return [.. record.Type.GetCustomAttributes<ExampleAttribute>().Select(e => ExampleYaml.ValueOf(e.Yaml, key, record, catalog))];
        }

        private static JsonObject Described(Type type, JsonObject schema)
        {
            if (SpecText.SummaryOf(type) is { } summary) schema["description"] = summary;
            return schema;
        }

        private static JsonObject OrNull(JsonObject schema)
        {
            if (schema.Count == 0) return schema;
            if (schema["type"] is JsonValue type && !schema.ContainsKey("enum")) schema["type"] = new JsonArray(type.DeepClone(), "null");
            else if (schema["type"] is JsonArray types) types.Add("null");
            else return new() { ["anyOf"] = new JsonArray(schema, Typed("null")) };
            return schema;
        }

        private static JsonObject Typed(params ReadOnlySpan<string> types) => new() { ["type"] = types is [var only] ? only : Strings(types.ToArray()) };

        private static JsonArray Strings(IEnumerable<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];
    }
}
