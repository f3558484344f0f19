using System.Buffers.Binary;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Reads a pickle stream front to back. Nothing is taken that is not there: every length is held against the bytes that are left.</summary>
internal sealed class PickleCursor(ReadOnlyMemory<byte> file)
{
    public int Position { get; private set; }

    public int Length => file.Length;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double DoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <exception cref="ModelException">There are fewer.</exception>
    public ReadOnlyMemory<byte> Bytes(ulong length)
    {
        if (length > (ulong)(file.Length - Position)) throw new ModelException($"byte {Position}: {length} bytes are announced, {file.Length - Position} are left");
        var bytes = file.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    /// <summary>To the end of the line, which is passed over.</summary>
    public ReadOnlyMemory<byte> Line()
    {
        var length = file.Span[Position..].IndexOf((byte)'\n');
        if (length < 0) throw EndsEarly();
        var line = file.Slice(Position, length);
        Position += length + 1;
        return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
    }

    public string Name()
    {
        var line = Line();
        return System.Text.Encoding.UTF8.GetString(line.Span);
    }

    public long LineInteger()
    {
        var start = Position;
        var line = Line().Span;
        if (line is [.., (byte)'L']) line = line[..^1];
        return long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new ModelException($"byte {start}: an integer expected");
    }

    public double LineNumber()
    {
        var start = Position;
        var line = Line().Span;
        if (double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        return line switch
        {
            [(byte)'n', (byte)'a', (byte)'n'] => double.NaN,
            [(byte)'i', (byte)'n', (byte)'f'] => double.PositiveInfinity,
            [(byte)'-', (byte)'i', (byte)'n', (byte)'f'] => double.NegativeInfinity,
            _ => throw new ModelException($"byte {start}: a number expected"),
        };
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > file.Length - Position) throw EndsEarly();
        var bytes = file.Span.Slice(Position, count);
        Position += count;
        return bytes;
    }

    private ModelException EndsEarly() => new($"byte {Position}: the file ends too early");
}
