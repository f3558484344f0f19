using System.Text.Json;
using Slipway.Models.Formats.Json;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>A document in JSON, with the bare <c>NaN</c> and <c>Infinity</c> that XGBoost writes.</summary>
internal ref struct JsonDocumentReader : IDocumentReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private JsonCursor _json;

    public JsonDocumentReader(ReadOnlySpan<byte> json)
    {
        _bytes = WithStandardLiterals(json);
        _json = new JsonCursor(_bytes, MaxDepth);
    }

    public readonly string Name => _json.Name;

    public readonly bool NameIs(ReadOnlySpan<byte> name) => _json.NameIs(name);

    public void BeginObject()
    {
        if (!_json.BeginObject()) throw _json.Unexpected("an object");
    }

    public void BeginArray()
    {
        if (!_json.BeginArray()) throw _json.Unexpected("an array");
    }

    public bool NextName() => _json.NextName();

    public bool NextItem() => _json.NextItem();

    public string ReadText() => _json.Peek() switch
    {
        JsonTokenType.String or JsonTokenType.Number => _json.Text(),
        JsonTokenType.True or JsonTokenType.False => _json.Boolean() ? "1" : "0",
        _ => throw _json.Unexpected("text"),
    };

    public void ReadIntegers(GrowingArray<int> values)
    {
        BeginArray();
        values.Clear();
        if (_json.TryLeaveAt(JsonNumberArray.ReadIntegers(_bytes, _json.Position, values))) return;
        values.Clear();
        while (_json.NextItem()) values.Add(_json.Peek() is JsonTokenType.True or JsonTokenType.False ? _json.Boolean() ? 1 : 0 : _json.Int32());
    }

    public void ReadNumbers(GrowingArray<float> values)
    {
        BeginArray();
        values.Clear();
        if (_json.TryLeaveAt(JsonNumberArray.ReadNumbers(_bytes, _json.Position, values))) return;
        values.Clear();
        while (_json.NextItem()) values.Add(_json.TryNull() ? float.NaN : _json.Float32());
    }

    public void Skip() => _json.Skip();

    public void End() => _json.End();

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
