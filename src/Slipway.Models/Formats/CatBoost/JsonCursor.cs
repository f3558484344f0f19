using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>Walks a JSON document once, front to back. The caller says what it expects; anything else is a <see cref="ModelException"/> with its byte.</summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    /// <summary>A level of a tree is a level of the document; CatBoost grows no trees of more than 64 levels.</summary>
    private const int MaxDepth = 256;

    private readonly ReadOnlySpan<byte> _json = json;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    private bool _itemIsRead;

    public readonly string Name => String();

    public readonly bool NameIs(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    /// <summary>Enters an object; false for null. Then: <c>while (NextName()) { … one value … }</c>.</summary>
    public bool BeginObject() => Begin(JsonTokenType.StartObject, "an object");

    /// <summary>Enters an array; false for null. Then: <c>while (NextItem()) { … one value … }</c>.</summary>
    public bool BeginArray() => Begin(JsonTokenType.StartArray, "an array");

    /// <summary>Moves to the next name of the object; false, and out of the object, at its end.</summary>
    public bool NextName()
    {
        Next();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next value of the array; false, and out of the array, at its end.</summary>
    public bool NextItem()
    {
        Next();
        _itemIsRead = _reader.TokenType != JsonTokenType.EndArray;
        return _itemIsRead;
    }

    /// <summary>What the next value is, without passing it.</summary>
    public JsonTokenType Peek()
    {
        if (!_itemIsRead) Next();
        _itemIsRead = true;
        return _reader.TokenType;
    }

    public int Int32() => Value() == JsonTokenType.Number && _reader.TryGetInt32(out var value) ? value : throw Unexpected("a 32-bit integer");

    public double Float64() => Value() == JsonTokenType.Number && _reader.TryGetDouble(out var value) ? value : throw Unexpected("a number");

    public bool Boolean() => Value() is JsonTokenType.True or JsonTokenType.False ? _reader.TokenType == JsonTokenType.True : throw Unexpected("true or false");

    /// <summary>A 64-bit number, as a number or as text.</summary>
    public ulong UInt64() =>
        Value() is JsonTokenType.Number or JsonTokenType.String && Utf8Parser.TryParse(_reader.ValueSpan, out ulong value, out var length) && length == _reader.ValueSpan.Length
            ? value
            : throw Unexpected("a 64-bit number");

    /// <summary>A text; of anything else its JSON.</summary>
    public string Text()
    {
        if (Value() == JsonTokenType.String) return String();
        var start = (int)_reader.TokenStartIndex;
        SkipChildren();
        return Encoding.UTF8.GetString(_json[start..(int)_reader.BytesConsumed]);
    }

    public void Skip()
    {
        Value();
        SkipChildren();
    }

    public void Numbers(List<double> values)
    {
        if (!BeginArray()) return;
        while (NextItem()) values.Add(Float64());
    }

    /// <summary>Demands that nothing follows.</summary>
    public void End()
    {
        try
        {
            if (_reader.Read()) throw Unexpected("the end");
        }
        catch (JsonException e)
        {
            throw Damaged(e);
        }
    }

    public readonly ModelException Unexpected(string wanted) => new($"byte {_reader.TokenStartIndex}: {wanted} expected, {_reader.TokenType} found");

    private bool Begin(JsonTokenType type, string what)
    {
        if (Value() == JsonTokenType.Null) return false;
        if (_reader.TokenType != type) throw Unexpected(what);
        return true;
    }

    private JsonTokenType Value()
    {
        if (!_itemIsRead) Next();
        _itemIsRead = false;
        return _reader.TokenType;
    }

    private void SkipChildren()
    {
        if (_reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;
        // The end of an array or object has the depth of its start.
        var depth = _reader.CurrentDepth;
        do
        {
            Next();
        }
        while (_reader.CurrentDepth > depth);
    }

    private void Next()
    {
        try
        {
            if (!_reader.Read()) throw new ModelException($"byte {_reader.BytesConsumed}: the file ends too early");
        }
        catch (JsonException e)
        {
            throw Damaged(e);
        }
    }

    private readonly string String()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new ModelException($"byte {_reader.TokenStartIndex}: the text is not valid UTF-8", e);
        }
    }

    private readonly ModelException Damaged(JsonException e) => new($"byte {_reader.BytesConsumed}: not valid JSON: {e.Message}", e);
}
