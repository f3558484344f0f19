using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>
/// PMML as JSON, in the ways that converters write it: an element is an object under its name, several of one name are an array of objects; attributes are
/// properties with or without <c>@</c>; text is a property <c>#text</c>, <c>$</c>, <c>value</c> or <c>content</c>, or stands alone when there are no attributes.
/// Objects under the name of a group of elements (<c>Model</c>, <c>Expression</c>, <c>Predicate</c>) hold one element each, under its name.
/// </summary>
internal sealed class JsonElementReader : ElementReader
{
    /// <summary>An element may take an array, an object of its group and an object of its own.</summary>
    private const int MaxJsonDepth = 3 * MaxDepth;

    private static readonly string[] TextProperties = ["#text", "$", "value", "content", "_", "$t"];

    /// <summary>What of a document must be known before its models are read.</summary>
    private static readonly string[] First = ["Header", "DataDictionary", "TransformationDictionary"];

    private static readonly HashSet<string> Groups = new(
        ["Model", "Models", "EmbeddedModel", "EmbeddedModels", "Expression", "Expressions", "Predicate", "Rule", "Rules", "Content", "Contents"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Lists = ["Indices", "INT-Entries", "REAL-Entries"];

    private readonly JsonDocument _document;
    private readonly List<Frame> _frames = [];

    /// <summary>Attributes have an <c>@</c>, so that <c>null</c> is an element without content.</summary>
    private readonly bool _marksAttributes;

    /// <summary>Moves to the root element.</summary>
    /// <param name="stream">Owned by the reader.</param>
    /// <exception cref="ModelException">It is not JSON, or not PMML.</exception>
    public JsonElementReader(Stream stream)
    {
        _document = Parse(stream);
        try
        {
            var root = Root(_document.RootElement);
            _frames.Add(root);
            foreach (var property in root.Value.EnumerateObject()) _marksAttributes |= property.Name.StartsWith('@');
        }
        catch (Exception e) when (e is InvalidOperationException or ModelException)
        {
            _document.Dispose();
            throw e as ModelException ?? NoText(e);
        }
    }

    public override string Name => Current.Name;

    public override int Depth => _frames.Count - 1;

    public override Place Place => new(Current.Name, 0, 0, Current.Path);

    private Frame Current => _frames[^1];

    public override string? Attribute(string name)
    {
        var value = Current.Value;
        if (value.ValueKind != JsonValueKind.Object) return null;
        try
        {
            return (value.TryGetProperty(name, out var plain) ? Scalar(plain) : null) ?? (value.TryGetProperty("@" + name, out var marked) ? Scalar(marked) : null);
        }
        catch (InvalidOperationException e)
        {
            throw NoText(e);
        }
    }

    public override bool ReadChild(int depth, bool anyNamespace = false)
    {
        _frames.RemoveRange(depth + 1, _frames.Count - depth - 1);
        var frame = Current;
        try
        {
            frame.Children ??= Children(frame, anyNamespace);
        }
        catch (InvalidOperationException e)
        {
            throw NoText(e);
        }
        if (frame.Next == frame.Children.Count) return false;
        var child = frame.Children[frame.Next];
        frame.Children[frame.Next++] = default;
        if (_frames.Count > MaxDepth) throw Fault($"elements are nested more than {MaxDepth} deep");
        _frames.Add(new Frame(child.Name, child.Value, child.Path));
        return true;
    }

    public override string ReadText()
    {
        var value = Current.Value;
        try
        {
            if (value.ValueKind != JsonValueKind.Object) return Text(value);
            foreach (var name in TextProperties)
            {
                if (value.TryGetProperty(name, out var text)) return Text(text);
            }
            return "";
        }
        catch (InvalidOperationException e)
        {
            throw NoText(e);
        }
    }

    public override void Dispose() => _document.Dispose();

    private static Frame Root(JsonElement document)
    {
        if (document.ValueKind == JsonValueKind.Object)
        {
            if (document.TryGetProperty("PMML", out var inner) && inner.ValueKind == JsonValueKind.Object) return new Frame("PMML", inner, new JsonPath(JsonPath.Root, "PMML", -1));
            if (document.TryGetProperty("DataDictionary", out _)) return new Frame("PMML", document, JsonPath.Root);
        }
        throw new ModelException("$: this is not a PMML document in JSON: it has neither a property 'PMML' nor a property 'DataDictionary'");
    }

    /// <summary>Bytes and escapes that are no characters are noticed when they are asked for.</summary>
    private ModelException NoText(Exception e) => new($"{(_frames.Count > 0 ? Current.Path : JsonPath.Root)}: not well-formed JSON: {e.Message}", e);

    private static JsonDocument Parse(Stream stream)
    {
        using (stream)
        {
            try
            {
                return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            }
            catch (JsonException e)
            {
                throw new ModelException($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not well-formed JSON: {e.Message}", e);
            }
            catch (Exception e) when (e is ArgumentException or OutOfMemoryException or InvalidOperationException)
            {
                throw new ModelException($"the JSON document cannot be read: {e.Message}", e);
            }
        }
    }

    private List<Child> Children(Frame frame, bool anyNamespace)
    {
        var children = new List<Child>();
        if (frame.Value.ValueKind != JsonValueKind.Object) return children;
        if (Depth == 0)
        {
            foreach (var name in First)
            {
                if (frame.Value.TryGetProperty(name, out var value)) Add(children, name, value, frame.Path, anyNamespace);
            }
        }
        foreach (var property in frame.Value.EnumerateObject())
        {
            if (property.Name.Length == 0 || property.Name[0] is '@' or '#' or '$' || (Depth == 0 && First.AsSpan().Contains(property.Name))) continue;
            Add(children, property.Name, property.Value, frame.Path, anyNamespace);
        }
        return children;
    }

    private void Add(List<Child> children, string property, JsonElement value, JsonPath path, bool anyNamespace)
    {
        if (!anyNamespace && Groups.Contains(property) && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            AddGroup(children, property, value, path);
            return;
        }
        var name = property[(property.LastIndexOf(':') + 1)..];
        if (value.ValueKind != JsonValueKind.Array || Lists.Contains(name))
        {
            if (IsElement(name, value, anyNamespace)) children.Add(new Child(name, value, new JsonPath(path, property, -1)));
            return;
        }
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (IsElement(name, item, anyNamespace)) children.Add(new Child(name, item, new JsonPath(path, property, index)));
            index++;
        }
    }

    private void AddGroup(List<Child> children, string property, JsonElement value, JsonPath path)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            var place = new JsonPath(path, property, -1);
            foreach (var element in value.EnumerateObject()) Add(children, element.Name, element.Value, place, anyNamespace: false);
            return;
        }
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = new JsonPath(path, property, index++);
            if (item.ValueKind != JsonValueKind.Object) continue;
            foreach (var element in item.EnumerateObject()) Add(children, element.Name, element.Value, place, anyNamespace: false);
        }
    }

    /// <summary>Where attributes are not marked, elements are known by their capital; in the rows of a table everything is an element.</summary>
    private bool IsElement(string name, JsonElement value, bool anyNamespace) => value.ValueKind switch
    {
        JsonValueKind.Object => true,
        JsonValueKind.Null => _marksAttributes,
        _ => _marksAttributes || anyNamespace || IsCapital(name),
    };

    private static bool IsCapital(string name) => name.Length > 0 && char.IsAsciiLetterUpper(name[0]);

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static string Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return Scalar(value) ?? "";
        var parts = new List<string>();
        foreach (var part in value.EnumerateArray())
        {
            if (Scalar(part) is { } text) parts.Add(text);
        }
        return string.Join(' ', parts);
    }

    private readonly record struct Child(string Name, JsonElement Value, JsonPath Path);

    private sealed class Frame(string name, JsonElement value, JsonPath path)
    {
        public string Name => name;

        public JsonElement Value => value;

        public JsonPath Path => path;

        /// <summary>Listed when the first is asked for.</summary>
        public List<Child>? Children;

        public int Next;
    }
}
