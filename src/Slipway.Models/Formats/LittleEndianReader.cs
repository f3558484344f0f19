using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats;

/// <summary>
/// Reads little-endian scalars, counted arrays and texts, front to back. A file that ends too early, and a count that the rest of the file
/// cannot hold, is a <see cref="ModelException"/> with its byte position, before anything is allocated.
/// </summary>
internal ref struct LittleEndianReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    public byte Byte(string what) => Take(1, what)[0];

    public int Int32(string what) => Scalar<int>(what);

    public uint UInt32(string what) => Scalar<uint>(what);

    public long Int64(string what) => Scalar<long>(what);

    public float Single(string what) => Scalar<float>(what);

    public double Double(string what) => Scalar<double>(what);

    /// <summary>A byte that is 0 or 1.</summary>
    public bool Boolean(string what) => Byte(what) switch
    {
        0 => false,
        1 => true,
        var other => throw At(Position - 1, $"{what} is {other}, 0 or 1 expected"),
    };

    /// <summary>A 64-bit number of things of at least <paramref name="size"/> bytes each, which must still be in the file.</summary>
    public int Count(string what, int size)
    {
        var count = Scalar<ulong>(what);
        return count <= (ulong)(Left / size) ? (int)count : throw At(Position - sizeof(ulong), $"{count} {what} announced, {Left} bytes left");
    }

    /// <summary>A counted array.</summary>
    public ReadOnlySpan<T> Array<T>(string what) where T : unmanaged => Array<T>(Count(what, Unsafe.SizeOf<T>()), what);

    /// <summary>That many values. The span may not be aligned: read elements, do not pin.</summary>
    public ReadOnlySpan<T> Array<T>(int count, string what) where T : unmanaged => MemoryMarshal.Cast<byte, T>(Take((long)count * Unsafe.SizeOf<T>(), what));

    /// <summary>A counted run of UTF-8.</summary>
    public string Text(string what) => Encoding.UTF8.GetString(Take(Count($"characters of {what}", 1), what));

    public ReadOnlySpan<byte> Take(long count, string what)
    {
        if (count < 0 || count > Left) throw At(Position, $"the file ends in {what}: {count} bytes expected, {Left} left");
        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>Demands that nothing follows.</summary>
    public readonly void End()
    {
        if (Left > 0) throw At(Position, $"{Left} bytes follow the end of the model");
    }

    private T Scalar<T>(string what) where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>(), what));

    private static ModelException At(int position, string problem) => new($"byte {position}: {problem}");
}
