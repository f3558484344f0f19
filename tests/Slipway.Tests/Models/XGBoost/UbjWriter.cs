using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>Writes JSON as Universal Binary JSON, choosing at each place one of the encodings the format allows.</summary>
internal sealed class UbjWriter(Random random)
{
    private readonly List<byte> _bytes = [];

    public static byte[] Write(JsonNode node, Random random)
    {
        var writer = new UbjWriter(random);
        writer.Value(node);
        return [.. writer._bytes];
    }

    private void Value(JsonNode? node)
    {
        if (random.Next(20) == 0) Add('N');
        switch (node)
        {
            case null: Add('Z'); break;
            case JsonObject o: Object(o); break;
            case JsonArray a: Array(a); break;
            default: Scalar((JsonValue)node); break;
        }
    }

    private void Object(JsonObject node)
    {
        Add('{');
        var counted = random.Next(2) == 0;
        if (counted) Count(node.Count);
        foreach (var (name, value) in node)
        {
            Text(name);
            Value(value);
        }
        if (!counted) Add('}');
    }

    private void Array(JsonArray node)
    {
        Add('[');
        if (TypeOf(node) is { } type && random.Next(3) > 0)
        {
            Add('$');
            Add(type);
            Count(node.Count);
            foreach (var item in node) Number(type, (JsonValue)item!);
            return;
        }
        var counted = random.Next(2) == 0;
        if (counted) Count(node.Count);
        foreach (var item in node) Value(item);
        if (!counted) Add(']');
    }

    private char? TypeOf(JsonArray node)
    {
        if (node.Count == 0 || !node.All(i => i is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number)) return null;
        char[] fitting = [.. "iUIlLdD".Where(type => node.All(i => Fits(type, (JsonValue)i!)))];
        return fitting[random.Next(fitting.Length)];
    }

    private void Scalar(JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case System.Text.Json.JsonValueKind.True: Add('T'); break;
            case System.Text.Json.JsonValueKind.False: Add('F'); break;
            case System.Text.Json.JsonValueKind.String:
                Add('S');
                Text(value.GetValue<string>());
                break;
            default:
                char[] fitting = [.. "iUIlLdD".Where(type => Fits(type, value))];
                var chosen = fitting[random.Next(fitting.Length)];
                Add(chosen);
                Number(chosen, value);
                break;
        }
    }

    /// <summary>Numbers that are integers stay integers, so that ids are not written as floats.</summary>
    private static bool Fits(char type, JsonValue value)
    {
        if (!long.TryParse(value.ToJsonString(), out var integer)) return type is 'd' or 'D';
        return type switch
        {
            'i' => integer is >= sbyte.MinValue and <= sbyte.MaxValue,
            'U' => integer is >= 0 and <= byte.MaxValue,
            'I' => integer is >= short.MinValue and <= short.MaxValue,
            'l' => integer is >= int.MinValue and <= int.MaxValue,
            'L' => true,
            _ => false,
        };
    }

    private void Number(char type, JsonValue value)
    {
        Span<byte> buffer = stackalloc byte[8];
        var text = value.ToJsonString();
        var size = 8;
        switch (type)
        {
            case 'i' or 'U':
                Add((char)(byte)long.Parse(text));
                return;
            case 'I':
                BinaryPrimitives.WriteInt16BigEndian(buffer, short.Parse(text));
                size = 2;
                break;
            case 'l':
                BinaryPrimitives.WriteInt32BigEndian(buffer, int.Parse(text));
                size = 4;
                break;
            case 'L':
                BinaryPrimitives.WriteInt64BigEndian(buffer, long.Parse(text));
                break;
            case 'd':
                BinaryPrimitives.WriteSingleBigEndian(buffer, float.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
                size = 4;
                break;
            default:
                BinaryPrimitives.WriteDoubleBigEndian(buffer, float.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
        _bytes.AddRange(buffer[..size]);
    }

    private void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Length(utf8.Length);
        _bytes.AddRange(utf8);
    }

    private void Count(int count)
    {
        Add('#');
        Length(count);
    }

    private void Length(int length)
    {
        var value = JsonValue.Create(length);
        char[] fitting = [.. "iUIlL".Where(type => Fits(type, value))];
        var type = fitting[random.Next(fitting.Length)];
        Add(type);
        Number(type, value);
    }

    private void Add(char marker) => _bytes.Add((byte)marker);
}
