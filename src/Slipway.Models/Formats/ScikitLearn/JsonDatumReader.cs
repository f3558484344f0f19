using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>JSON as <see cref="Datum"/>s; arrays of numbers become numbers at once, without a value for each.</summary>
internal ref struct JsonDatumReader
{
    private const int MaxDepth = 32;

    private Utf8JsonReader _reader;
    private readonly ReadOnlySpan<string> _passedOver;
    private double[] _numbers = [];

    private JsonDatumReader(ReadOnlySpan<byte> file, ReadOnlySpan<string> passedOver)
    {
        _reader = new Utf8JsonReader(file, new JsonReaderOptions { MaxDepth = MaxDepth });
        _passedOver = passedOver;
    }

    /// <param name="passedOver">Names of values that are not wanted: they are left out.</param>
    /// <exception cref="ModelException">It is no JSON.</exception>
    public static Datum Read(ReadOnlySpan<byte> file, ReadOnlySpan<string> passedOver = default)
    {
        var reader = new JsonDatumReader(file, passedOver);
        try
        {
            reader.Next();
            var document = reader.Value();
            if (reader._reader.Read()) throw new ModelException($"byte {reader._reader.TokenStartIndex}: the end expected");
            return document;
        }
        catch (JsonException e)
        {
            throw new ModelException($"byte {reader._reader.BytesConsumed}: not valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelException($"byte {reader._reader.TokenStartIndex}: the text is not valid UTF-8", e);
        }
    }

    private void Next()
    {
        if (!_reader.Read()) throw new ModelException($"byte {_reader.BytesConsumed}: the file ends too early");
    }

    private Datum Value()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject: return Map();
            case JsonTokenType.StartArray: return List();
            case JsonTokenType.String: return new TextDatum(_reader.GetString()!);
            case JsonTokenType.Number: return _reader.TryGetInt64(out var integer) ? IntegerDatum.Of(integer) : new RealDatum(Number());
            case JsonTokenType.True: return BooleanDatum.True;
            case JsonTokenType.False: return BooleanDatum.False;
            default: return NoneDatum.Value;
        }
    }

    private MapDatum Map()
    {
        var map = new MapDatum();
        while (true)
        {
            Next();
            if (_reader.TokenType == JsonTokenType.EndObject) return map;
            var isWanted = !IsPassedOver();
            var name = new TextDatum(_reader.GetString()!);
            Next();
            if (isWanted) map.Entries.Add(new(name, Value()));
            else _reader.Skip();
        }
    }

    private readonly bool IsPassedOver()
    {
        foreach (var name in _passedOver)
        {
            if (_reader.ValueTextEquals(name)) return true;
        }
        return false;
    }

    private Datum List()
    {
        var count = 0;
        var areIntegers = true;
        for (Next(); _reader.TokenType == JsonTokenType.Number; Next())
        {
            if (count == _numbers.Length) Array.Resize(ref _numbers, Math.Max(64, 2 * count));
            var number = Number();
            areIntegers &= BitConverter.DoubleToInt64Bits((int)number) == BitConverter.DoubleToInt64Bits(number);
            _numbers[count++] = number;
        }
        if (_reader.TokenType == JsonTokenType.EndArray) return count == 0 ? new ListDatum([]) : NumbersDatum.Of(_numbers.AsSpan(0, count), areIntegers);
        var items = new List<Datum>(count);
        for (var i = 0; i < count; i++) items.Add(new RealDatum(_numbers[i]));
        for (; _reader.TokenType != JsonTokenType.EndArray; Next()) items.Add(Value());
        return new ListDatum(items);
    }

    private readonly double Number() => _reader.TryGetDouble(out var number) ? number : throw new ModelException($"byte {_reader.TokenStartIndex}: a number expected");
}
