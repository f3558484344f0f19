using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.Json;

/// <summary>Walks a JSON document once, front to back. The caller says what it expects; anything else is a <see cref="ModelException"/> with its byte.</summary>
/// <param name="maxDepth">Arrays and objects in each other.</param>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, int maxDepth)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = maxDepth });

    /// <summary>Where the reader's bytes begin.</summary>
    private int _start;
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

    /// <summary>Passes the next value if it is null.</summary>
    public bool TryNull()
    {
        _itemIsRead = Peek() != JsonTokenType.Null;
        return !_itemIsRead;
    }

    public int Int32() => Value() == JsonTokenType.Number && _reader.TryGetInt32(out var value) ? value : throw Unexpected("a 32-bit integer");

    public float Float32() => Value() == JsonTokenType.Number && _reader.TryGetSingle(out var value) ? value : throw Unexpected("a number");

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
        var start = _start + (int)_reader.TokenStartIndex;
        SkipChildren();
        return Encoding.UTF8.GetString(_json[start..Position]);
    }

    public void Skip()
    {
        if (Value() == JsonTokenType.StartArray && TryLeaveAt(JsonNumberArray.FindEnd(_json, Position))) return;
        SkipChildren();
    }

    /// <summary>After what was read last.</summary>
    public readonly int Position => _start + (int)_reader.BytesConsumed;

    /// <summary>Leaves the array that was just entered by its closing bracket, when its items were read from their bytes; false when the place is none.</summary>
    public bool TryLeaveAt(int bracket)
    {
        if (bracket < 0) return false;
        // To the reader it is an empty array.
        _reader = new Utf8JsonReader(_json[bracket..], isFinalBlock: true, _reader.CurrentState);
        _start = bracket;
        Next();
        return true;
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

    public readonly ModelException Unexpected(string wanted) => new($"byte {_start + _reader.TokenStartIndex}: {wanted} expected, {_reader.TokenType} found");

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
            if (!_reader.Read()) throw new ModelException($"byte {Position}: the file ends too early");
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
            throw new ModelException($"byte {_start + _reader.TokenStartIndex}: the text is not valid UTF-8", e);
        }
    }

    private readonly ModelException Damaged(JsonException e) => new($"byte {Position}: not valid JSON: {e.Message}", e);
}
