using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Models.Formats.Onnx;

/// <summary>How a field's value is laid out (https://protobuf.dev/programming-guides/encoding).</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}

/// <summary>Walks the fields of one protobuf message in memory; never reads outside it, never copies.</summary>
/// <param name="start">Where in the file the message begins: for error messages.</param>
internal ref struct ProtobufWireReader(ReadOnlySpan<byte> message, string source, int start = 0)
{
    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _message.Length;

    /// <summary>The byte of the file that is read next.</summary>
    public readonly int Offset => start + Position;

    /// <summary>Reads the next field's number and wire type; false at the end of the message.</summary>
    /// <exception cref="ModelException">The message is damaged here.</exception>
    public bool TryReadTag(out int field, out WireType type)
    {
        (field, type) = (0, default);
        if (AtEnd) return false;
        var from = Position;
        var tag = ReadVarint();
        type = (WireType)(tag & 7);
        if (tag > uint.MaxValue || tag >> 3 == 0) Throw(from, "a field number is out of range");
        if (type is not (WireType.Varint or WireType.Fixed64 or WireType.LengthDelimited or WireType.Fixed32)) Throw(from, $"wire type {(int)type} is not used by ONNX");
        field = (int)(tag >> 3);
        return true;
    }

    public ulong ReadVarint()
    {
        if (Position < _message.Length && _message[Position] < 0x80) return _message[Position++];
        var from = Position;
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (AtEnd) Throw(from, "the file ends inside a number");
            var b = _message[Position++];
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        Throw(from, "a number is longer than 64 bits");
        return 0;
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        var from = Position;
        var length = ReadVarint();
        if (length > (ulong)(_message.Length - Position)) Throw(from, $"{length} bytes are announced, {_message.Length - Position} are left");
        return Take((int)length, from);
    }

    /// <summary>A message inside this one.</summary>
    public ProtobufWireReader ReadMessage()
    {
        var message = ReadBytes();
        return new ProtobufWireReader(message, source, Offset - message.Length);
    }

    public ReadOnlySpan<byte> ReadFixed(int size) => Take(size, Position);

    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint: ReadVarint(); break;
            case WireType.Fixed64: ReadFixed(8); break;
            case WireType.Fixed32: ReadFixed(4); break;
            default: ReadBytes(); break;
        }
    }

    /// <exception cref="ModelException">Always: names the file and the byte.</exception>
    [DoesNotReturn]
    public readonly void Throw(int position, string what) => throw new ModelException($"{source}: byte {start + position}: {what}");

    private ReadOnlySpan<byte> Take(int size, int from)
    {
        if (size > _message.Length - Position) Throw(from, $"{size} bytes expected, {_message.Length - Position} are left");
        var taken = _message.Slice(Position, size);
        Position += size;
        return taken;
    }
}
