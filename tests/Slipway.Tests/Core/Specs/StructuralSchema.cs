using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Tests.Core.Specs;

/// <summary>A judge of documents by the JSON Schema keywords that Slipway writes (2020-12 validation and applicator vocabularies); an unknown keyword is an error, so that none goes unjudged.</summary>
internal sealed class StructuralSchema(JsonObject root)
{
    public bool Accepts(JsonNode? value) => Accepts(root, value);

    private bool Accepts(JsonObject schema, JsonNode? value) => schema.All(keyword => Holds(schema, keyword.Key, keyword.Value, value));

    private bool Holds(JsonObject schema, string keyword, JsonNode? argument, JsonNode? value)
    {
        switch (keyword)
        {
            case "$schema" or "title" or "$defs" or "description" or "default" or "examples":
                return true;
            case "$ref":
                return Accepts((JsonObject)root["$defs"]![argument!.GetValue<string>()["#/$defs/".Length..]]!, value);
            case "type":
                return (argument as JsonArray ?? [argument!.DeepClone()]).Any(type => Is(type!.GetValue<string>(), value));
            case "enum":
                return ((JsonArray)argument!).Any(allowed => JsonNode.DeepEquals(allowed, value));
            case "const":
                return JsonNode.DeepEquals(argument, value);
            case "pattern":
                return value is not JsonValue text || text.GetValueKind() != JsonValueKind.String || Regex.IsMatch(text.GetValue<string>(), argument!.GetValue<string>(), RegexOptions.ECMAScript);
            case "properties":
                return value is not JsonObject mapping || ((JsonObject)argument!).All(p => !mapping.TryGetPropertyValue(p.Key, out var property) || Accepts((JsonObject)p.Value!, property));
            case "additionalProperties":
                if (value is not JsonObject given) return true;
                var others = given.Where(p => schema["properties"]?[p.Key] is null);
                return argument is JsonObject each ? others.All(p => Accepts(each, p.Value)) : !others.Any();
            case "required":
                return value is not JsonObject has || ((JsonArray)argument!).All(key => has.ContainsKey(key!.GetValue<string>()));
            case "minProperties":
                return value is not JsonObject few || few.Count >= argument!.GetValue<int>();
            case "maxProperties":
                return value is not JsonObject many || many.Count <= argument!.GetValue<int>();
            case "items":
                return value is not JsonArray list || list.All(item => Accepts((JsonObject)argument!, item));
            case "oneOf":
                return ((JsonArray)argument!).Count(s => Accepts((JsonObject)s!, value)) == 1;
            case "anyOf":
                return ((JsonArray)argument!).Any(s => Accepts((JsonObject)s!, value));
            case "allOf":
                return ((JsonArray)argument!).All(s => Accepts((JsonObject)s!, value));
            case "not":
                return !Accepts((JsonObject)argument!, value);
            default:
                throw new InvalidOperationException($"the schema uses '{keyword}', which this judge does not know");
        }
    }

    private static bool Is(string type, JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => type == "null",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "number" || (type == "integer" && value.AsValue().TryGetValue<long>(out _)),
    };
}
