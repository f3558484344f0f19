using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>A document in Universal Binary JSON (https://ubjson.org, draft 12): big-endian, with typed and counted containers.</summary>
internal ref struct UbjDocumentReader(ReadOnlySpan<byte> bytes) : IDocumentReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly Container[] _open = new Container[MaxDepth];
    private ReadOnlySpan<byte> _name;
    private int _depth;
    private int _position;

    public readonly string Name => Encoding.UTF8.GetString(_name);

    public readonly bool NameIs(ReadOnlySpan<byte> name) => _name.SequenceEqual(name);

    public void BeginObject()
    {
        var marker = Marker();
        if (marker != '{') throw Unexpected("an object", marker);
        Open(isObject: true);
    }

    public void BeginArray()
    {
        var marker = Marker();
        if (marker != '[') throw Unexpected("an array", marker);
        Open(isObject: false);
    }

    public bool NextName()
    {
        if (!NextElement((byte)'}')) return false;
        _name = Take(Length(Byte()));
        return true;
    }

    public bool NextItem() => NextElement((byte)']');

    public string ReadText()
    {
        var marker = Marker();
        return (char)marker switch
        {
            'S' or 'H' => Encoding.UTF8.GetString(Take(Length(Byte()))),
            'C' => ((char)Byte()).ToString(),
            'T' => "1",
            'F' => "0",
            'd' or 'D' => Number(marker).ToString("R", CultureInfo.InvariantCulture),
            _ => Integer(marker, "text").ToString(CultureInfo.InvariantCulture),
        };
    }

    public void ReadIntegers(GrowingArray<int> values)
    {
        BeginArray();
        values.Clear();
        if (TypedLength() is { } count)
        {
            var type = _open[_depth - 1].Type;
            var span = values.Grow(count);
            if (type == 'l') BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(Take(4L * count)), span);
            else if (type == 'U') Widen(Take(count), span);
            else foreach (ref var value in span) value = Int32(type);
            _depth--;
            return;
        }
        while (NextItem()) values.Add(Int32(Marker()));
    }

    public void ReadNumbers(GrowingArray<float> values)
    {
        BeginArray();
        values.Clear();
        if (TypedLength() is { } count)
        {
            var type = _open[_depth - 1].Type;
            var span = values.Grow(count);
            if (type == 'd') BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(Take(4L * count)), MemoryMarshal.Cast<float, int>(span));
            else foreach (ref var value in span) value = (float)Number(type);
            _depth--;
            return;
        }
        while (NextItem())
        {
            var marker = Marker();
            values.Add(marker == 'Z' ? float.NaN : (float)Number(marker));
        }
    }

    public void Skip()
    {
        var marker = Marker();
        if (marker is not ((byte)'{' or (byte)'['))
        {
            SkipScalar(marker);
            return;
        }
        var outside = _depth;
        Open(marker == '{');
        while (_depth > outside)
        {
            if (TypedLength() is { } count && !_open[_depth - 1].IsObject)
            {
                Take((long)count * SizeOf(_open[_depth - 1].Type));
                _depth--;
                continue;
            }
            if (!(_open[_depth - 1].IsObject ? NextName() : NextItem())) continue;
            marker = Marker();
            if (marker is (byte)'{' or (byte)'[') Open(marker == '{');
            else SkipScalar(marker);
        }
    }

    public void End()
    {
        while (_position < _bytes.Length && _bytes[_position] == 'N') _position++;
        if (_position < _bytes.Length) throw At($"{_bytes.Length - _position} bytes follow the end");
    }

    private void Open(bool isObject)
    {
        if (_depth == MaxDepth) throw At($"nested deeper than {MaxDepth}");
        var container = new Container { IsObject = isObject, Remaining = -1 };
        if (Peek() == '$')
        {
            _position++;
            container.Type = Byte();
            if (SizeOf(container.Type) == 0) throw At($"a container of type '{(char)container.Type}' is not supported");
            if (Peek() != '#') throw At("a typed container without a count");
        }
        if (Peek() == '#')
        {
            _position++;
            container.Remaining = Length(Byte());
            // Every element takes at least its type's bytes, or one: a count the rest of the file cannot hold is damage.
            var least = Math.Max(1, SizeOf(container.Type)) + (isObject ? 2 : 0);
            if (container.Remaining > (_bytes.Length - _position) / least) throw At($"{container.Remaining} elements announced, {_bytes.Length - _position} bytes left");
        }
        _open[_depth++] = container;
    }

    private bool NextElement(byte end)
    {
        ref var container = ref _open[_depth - 1];
        if (container.Remaining >= 0)
        {
            if (container.Remaining-- > 0) return true;
            _depth--;
            return false;
        }
        while (Peek() == 'N') _position++;
        if (Peek() != end) return true;
        _position++;
        _depth--;
        return false;
    }

    /// <summary>The number of elements when the innermost container, just opened, is typed; else null.</summary>
    private readonly int? TypedLength() => _open[_depth - 1] is { Type: not 0 } container ? (int)container.Remaining : null;

    private byte Marker()
    {
        if (_depth > 0 && _open[_depth - 1].Type != 0) return _open[_depth - 1].Type;
        byte marker;
        do marker = Byte();
        while (marker == 'N');
        return marker;
    }

    private static void Widen(ReadOnlySpan<byte> bytes, Span<int> integers)
    {
        for (var i = 0; i < integers.Length; i++) integers[i] = bytes[i];
    }

    private int Length(byte marker)
    {
        var length = Integer(marker, "a length");
        return length >= 0 && length <= _bytes.Length - _position ? (int)length : throw At($"a length of {length}, {_bytes.Length - _position} bytes left");
    }

    private int Int32(byte marker)
    {
        if (marker is (byte)'T' or (byte)'F') return marker == 'T' ? 1 : 0;
        var value = Integer(marker, "an integer");
        return value == (int)value ? (int)value : throw At($"{value} does not fit a 32-bit integer");
    }

    private long Integer(byte marker, string wanted) => (char)marker switch
    {
        'i' => (sbyte)Byte(),
        'U' => Byte(),
        'I' => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
        'l' => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        'L' => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
        _ => throw Unexpected(wanted, marker),
    };

    private double Number(byte marker) => (char)marker switch
    {
        'd' => BinaryPrimitives.ReadSingleBigEndian(Take(4)),
        'D' => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
        _ => Integer(marker, "a number"),
    };

    private void SkipScalar(byte marker)
    {
        if ((char)marker is 'S' or 'H') Take(Length(Byte()));
        else if ((char)marker is not ('Z' or 'T' or 'F')) Take(SizeOf(marker) is > 0 and var size ? size : throw Unexpected("a value", marker));
    }

    private static int SizeOf(byte type) => (char)type switch
    {
        'i' or 'U' or 'C' => 1,
        'I' => 2,
        'l' or 'd' => 4,
        'L' or 'D' => 8,
        _ => 0,
    };

    private byte Byte() => Take(1)[0];

    private readonly byte Peek() => _position < _bytes.Length ? _bytes[_position] : throw At("the file ends too early");

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > _bytes.Length - _position) throw At("the file ends too early");
        var taken = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private readonly ModelException At(string problem) => new($"byte {_position}: {problem}");

    private readonly ModelException Unexpected(string wanted, byte marker) =>
        At(marker is > 32 and < 127 ? $"{wanted} expected, '{(char)marker}' found" : $"{wanted} expected, byte 0x{marker:X2} found");

    private struct Container
    {
        public bool IsObject;

        /// <summary>The marker all elements share; 0 when each has its own.</summary>
        public byte Type;

        /// <summary>Elements still to come; -1 when an end marker closes the container.</summary>
        public long Remaining;
    }
}
