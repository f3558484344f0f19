using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Slipway.Tests.Models.Pmml.Reading;

/// <summary>XML as JSON, in the ways that converters write it.</summary>
internal static class JsonForm
{
    private static readonly HashSet<string> Expressions = ["Apply", "Constant", "FieldRef", "NormContinuous", "NormDiscrete", "Discretize", "MapValues", "TextIndex"];

    /// <summary>As Jackson writes JPMML's classes: attributes are properties, expressions are listed in objects of their own.</summary>
    public static string Jackson(string xml) => Jackson(XDocument.Parse(xml).Root!).ToJsonString();

    /// <summary>As Python's xmltodict writes it: <c>@</c> before attributes, <c>#text</c>, null for empty elements, arrays only for several of one name.</summary>
    public static string XmlToDict(string xml) => new JsonObject { ["PMML"] = XmlToDict(XDocument.Parse(xml).Root!) }.ToJsonString();

    private static JsonObject Jackson(XElement element)
    {
        var json = new JsonObject();
        foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration)) json[attribute.Name.LocalName] = attribute.Value;
        if (!element.HasElements && element.Value.Length > 0) json["value"] = element.Value;
        foreach (var child in element.Elements())
        {
            var (name, item) = (child.Name.LocalName, (JsonNode)Jackson(child));
            if (element.Name.LocalName == "row") item = child.Value;
            if (Expressions.Contains(name)) (name, item) = ("Expression", new JsonObject { [name] = item });
            if (json[name] is not JsonArray array) json[name] = array = [];
            array.Add(item);
        }
        return json;
    }

    private static JsonNode? XmlToDict(XElement element)
    {
        if (!element.HasElements && !element.HasAttributes) return element.Value.Length == 0 ? null : element.Value;
        var json = new JsonObject();
        foreach (var attribute in element.Attributes()) json["@" + (attribute.IsNamespaceDeclaration ? "xmlns" : attribute.Name.LocalName)] = attribute.Value;
        foreach (var group in element.Elements().GroupBy(c => c.Name.LocalName))
        {
            json[group.Key] = group.Count() == 1 ? XmlToDict(group.First()) : new JsonArray([.. group.Select(XmlToDict)]);
        }
        if (!element.HasElements && element.Value.Length > 0) json["#text"] = element.Value;
        return json;
    }
}
