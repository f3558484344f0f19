using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Slipway.Models.Formats.Onnx;

/// <summary>Builds one protobuf message. Large byte fields are not copied: they are written to the stream from where they lie.</summary>
internal sealed class ProtobufWireWriter
{
    private const int SharedFrom = 4096;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private ArrayBufferWriter<byte> _tail = new();
    private long _partsLength;

    /// <summary>Bytes of the message.</summary>
    public long Length => _partsLength + _tail.WrittenCount;

    public void Varint(int field, long value)
    {
        Tag(field, WireType.Varint);
        Raw((ulong)value);
    }

    public void Single(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_tail.GetSpan(sizeof(float)), value);
        _tail.Advance(sizeof(float));
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A text that is left out when it is empty, as it is then by default.</summary>
    public void OptionalText(int field, string value)
    {
        if (value.Length > 0) Text(field, value);
    }

    public void Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Tag(field, WireType.LengthDelimited);
        Raw((ulong)value.Length);
        Append(value);
    }

    public void Message(int field, ProtobufWireWriter message)
    {
        Tag(field, WireType.LengthDelimited);
        Raw((ulong)message.Length);
        foreach (var part in message._parts) Append(part);
        Append(message._tail.WrittenMemory);
    }

    /// <summary>Numbers behind one another.</summary>
    public void Packed(int field, ReadOnlySpan<long> values)
    {
        var packed = new ProtobufWireWriter();
        foreach (var value in values) packed.Raw((ulong)value);
        Message(field, packed);
    }

    /// <inheritdoc cref="Packed(int, ReadOnlySpan{long})"/>
    public void Packed(int field, ReadOnlySpan<float> values)
    {
        var packed = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(i * sizeof(float)), values[i]);
        Bytes(field, packed);
    }

    public void WriteTo(Stream stream)
    {
        foreach (var part in _parts) stream.Write(part.Span);
        stream.Write(_tail.WrittenSpan);
    }

    private void Append(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < SharedFrom)
        {
            _tail.Write(bytes.Span);
            return;
        }
        _parts.Add(_tail.WrittenMemory);
        _parts.Add(bytes);
        _partsLength += _tail.WrittenCount + bytes.Length;
        _tail = new ArrayBufferWriter<byte>();
    }

    private void Tag(int field, WireType type) => Raw((ulong)((field << 3) | (int)type));

    private void Raw(ulong value)
    {
        var bytes = _tail.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        _tail.Advance(length);
    }
}
