using System.Text.Json;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>A document in JSON, with the bare <c>NaN</c> and <c>Infinity</c> that XGBoost writes.</summary>
internal ref struct JsonDocumentReader : IDocumentReader
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    /// <summary>Where the reader's bytes begin.</summary>
    private int _start;
    private bool _itemIsRead;

    public JsonDocumentReader(ReadOnlySpan<byte> json)
    {
        _json = WithStandardLiterals(json);
        _reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = 64 });
    }

    public readonly string Name => GetString();

    public readonly bool NameIs(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    public void BeginObject() => Expect(JsonTokenType.StartObject, "an object");

    public void BeginArray() => Expect(JsonTokenType.StartArray, "an array");

    public bool NextName()
    {
        Next();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    public bool NextItem()
    {
        Next();
        _itemIsRead = _reader.TokenType != JsonTokenType.EndArray;
        return _itemIsRead;
    }

    public string ReadText()
    {
        Value();
        return _reader.TokenType switch
        {
            JsonTokenType.String => GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(_reader.ValueSpan),
            JsonTokenType.True => "1",
            JsonTokenType.False => "0",
            _ => throw Unexpected("text"),
        };
    }

    public void ReadIntegers(GrowingArray<int> values)
    {
        BeginArray();
        values.Clear();
        if (TryMoveTo(JsonNumberArray.ReadIntegers(_json, Position, values))) return;
        values.Clear();
        while (NextItem())
        {
            _itemIsRead = false;
            values.Add(_reader.TokenType switch
            {
                JsonTokenType.Number when _reader.TryGetInt32(out var value) => value,
                JsonTokenType.True => 1,
                JsonTokenType.False => 0,
                _ => throw Unexpected("a 32-bit integer"),
            });
        }
    }

    public void ReadNumbers(GrowingArray<float> values)
    {
        BeginArray();
        values.Clear();
        if (TryMoveTo(JsonNumberArray.ReadNumbers(_json, Position, values))) return;
        values.Clear();
        while (NextItem())
        {
            _itemIsRead = false;
            values.Add(_reader.TokenType switch
            {
                JsonTokenType.Number when _reader.TryGetSingle(out var value) => value,
                JsonTokenType.Null => float.NaN,
                _ => throw Unexpected("a number"),
            });
        }
    }

    public void Skip()
    {
        Value();
        if (_reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return;
        if (_reader.TokenType == JsonTokenType.StartArray && TryMoveTo(JsonNumberArray.FindEnd(_json, Position))) return;
        for (var depth = 1; depth > 0;)
        {
            Next();
            if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) depth++;
            else if (_reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject) depth--;
        }
    }

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

    private readonly int Position => _start + (int)_reader.BytesConsumed;

    /// <summary>Leaves the array that was just entered by its closing bracket; false when the place is none.</summary>
    private bool TryMoveTo(int bracket)
    {
        if (bracket < 0) return false;
        // To the reader it is an empty array.
        _reader = new Utf8JsonReader(_json[bracket..], isFinalBlock: true, _reader.CurrentState);
        _start = bracket;
        Next();
        return true;
    }

    private void Expect(JsonTokenType type, string what)
    {
        Value();
        if (_reader.TokenType != type) throw Unexpected(what);
    }

    private void Value()
    {
        if (!_itemIsRead) Next();
        _itemIsRead = false;
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

    private readonly string GetString()
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

    private readonly ModelException Unexpected(string wanted) => new($"byte {_start + _reader.TokenStartIndex}: {wanted} expected, {_reader.TokenType} found");

    private readonly ModelException Damaged(JsonException e) => new($"byte {Position}: not valid JSON: {e.Message}", e);

    /// <summary>The same document with <c>null</c> for NaN and 1e999 for Infinity where they stand outside of strings; the bytes themselves when there are none.</summary>
    private static ReadOnlySpan<byte> WithStandardLiterals(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("NaN"u8) < 0 && json.IndexOf("Infinity"u8) < 0) return json;
        var copy = new List<byte>(json.Length + (json.Length / 8));
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'\\' when inText && i + 1 < json.Length:
                    copy.Add(json[i++]);
                    break;
                case (byte)'"':
                    inText = !inText;
                    break;
                case (byte)'N' when !inText && json[i..].StartsWith("NaN"u8):
                    copy.AddRange("null"u8);
                    i += 2;
                    continue;
                case (byte)'I' when !inText && json[i..].StartsWith("Infinity"u8):
                    copy.AddRange("1e999"u8);
                    i += 7;
                    continue;
            }
            copy.Add(json[i]);
        }
        return copy.ToArray();
    }
}
