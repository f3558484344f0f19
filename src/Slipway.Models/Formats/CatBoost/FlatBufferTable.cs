using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>
/// A table of a FlatBuffers message (https://flatbuffers.dev/internals), read in place. Fields go by their slot: their number in the schema.
/// Every offset is checked before it is followed, so nothing outside the message is read; a fault is a <see cref="ModelException"/> with its byte.
/// </summary>
internal readonly ref struct FlatBufferTable
{
    private readonly FlatBuffer _message;
    private readonly int _position;
    private readonly int _fields;
    private readonly int _slots;

    private FlatBufferTable(FlatBuffer message, int position)
    {
        _message = message;
        _position = position;
        _fields = message.Position(position, -(long)message.Int32(position), 4);
        var size = message.UInt16(_fields);
        if (size < 4 || (size & 1) != 0 || size > message.Length - _fields) throw message.Fault(_fields, $"a table's description of {size} bytes");
        _slots = (size - 4) / 2;
    }

    /// <summary>The table that a whole message is.</summary>
    /// <param name="message">From its first byte.</param>
    /// <param name="start">Of the message in the file, for messages.</param>
    public static FlatBufferTable Root(ReadOnlySpan<byte> message, long start)
    {
        var buffer = new FlatBuffer(message, start);
        return new FlatBufferTable(buffer, buffer.Follow(0, 4));
    }

    public bool Has(int slot) => Field(slot, 1) >= 0;

    public bool Boolean(int slot, bool absent) => Field(slot, 1) is >= 0 and var at ? _message.Bytes[at] != 0 : absent;

    public byte Byte(int slot) => Field(slot, 1) is >= 0 and var at ? _message.Bytes[at] : (byte)0;

    public int Int32(int slot, int absent) => Field(slot, 4) is >= 0 and var at ? _message.Int32(at) : absent;

    public float Float32(int slot, float absent) => Field(slot, 4) is >= 0 and var at ? BitConverter.Int32BitsToSingle(_message.Int32(at)) : absent;

    public double Float64(int slot, double absent) => Field(slot, 8) is >= 0 and var at ? BinaryPrimitives.ReadDoubleLittleEndian(_message.Bytes[at..]) : absent;

    /// <summary>A table in this one; false when it is absent.</summary>
    public bool TryTable(int slot, out FlatBufferTable table)
    {
        table = default;
        if (Field(slot, 4) is not (>= 0 and var at)) return false;
        table = new FlatBufferTable(_message, _message.Follow(at, 4));
        return true;
    }

    /// <summary>A text; empty when it is absent.</summary>
    public string Text(int slot) => Field(slot, 4) is >= 0 and var at ? _message.Text(at) : "";

    /// <summary>A vector of numbers or of structs of them, in place (and so not aligned); empty when it is absent.</summary>
    public ReadOnlySpan<T> Values<T>(int slot)
        where T : unmanaged
    {
        if (Field(slot, 4) is not (>= 0 and var at)) return [];
        var start = _message.Vector(at, Unsafe.SizeOf<T>(), out var count);
        return MemoryMarshal.Cast<byte, T>(_message.Bytes.Slice(start, count * Unsafe.SizeOf<T>()));
    }

    /// <summary>A vector of tables or texts; empty when it is absent.</summary>
    public FlatBufferVector Vector(int slot)
    {
        if (Field(slot, 4) is not (>= 0 and var at)) return default;
        var start = _message.Vector(at, 4, out var count);
        return new FlatBufferVector(_message, start, count);
    }

    /// <summary>Where the field is, -1 when it is absent.</summary>
    private int Field(int slot, int size)
    {
        if (slot >= _slots) return -1;
        var offset = _message.UInt16(_fields + 4 + (2 * slot));
        return offset == 0 ? -1 : _message.Position(_position, offset, size);
    }

    /// <summary>Tables or texts by number.</summary>
    internal readonly ref struct FlatBufferVector(FlatBuffer message, int start, int count)
    {
        private readonly FlatBuffer _message = message;

        public int Count { get; } = count;

        public FlatBufferTable Table(int i) => new(_message, _message.Follow(start + (4 * i), 4));

        public string Text(int i) => _message.Text(start + (4 * i));
    }
}

/// <summary>The bytes of a message, and what is checked of them.</summary>
internal readonly ref struct FlatBuffer(ReadOnlySpan<byte> bytes, long start)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public int Length => Bytes.Length;

    public int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(Bytes[at..]);

    public int UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes[at..]);

    /// <summary>The place <paramref name="distance"/> from here, where <paramref name="size"/> bytes must be.</summary>
    public int Position(int from, long distance, int size)
    {
        var at = from + distance;
        if (at < 0 || at > Length - size) throw Fault(from, $"it leads {distance} bytes on, out of the message of {Length} bytes");
        return (int)at;
    }

    /// <summary>Follows the offset that stands here.</summary>
    public int Follow(int at, int size)
    {
        if (at > Length - 4) throw Fault(at, "the message ends too early");
        var distance = (uint)Int32(at);
        if (distance == 0) throw Fault(at, "an offset of 0");
        return Position(at, distance, size);
    }

    /// <summary>The first item of the vector that the offset here leads to.</summary>
    public int Vector(int at, int itemSize, out int count)
    {
        var start = Follow(at, 4);
        var items = (uint)Int32(start);
        if (items * (long)itemSize > Length - start - 4) throw Fault(start, $"{items} items of {itemSize} bytes, but {Length - start - 4} bytes are left");
        count = (int)items;
        return start + 4;
    }

    public string Text(int at)
    {
        var start = Vector(at, 1, out var count);
        return Encoding.UTF8.GetString(Bytes.Slice(start, count));
    }

    public ModelException Fault(int at, string problem) => new($"byte {start + at}: {problem}");
}
