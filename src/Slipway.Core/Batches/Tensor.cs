using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Core;

/// <summary>
/// A named, row-major array of one element type in a pooled buffer that it owns.
/// Elements may be missing (see <see cref="IsMissing"/>); the stored value of a missing element is zero (or an empty string).
/// Not thread-safe while written; safe to read from many threads.
/// </summary>
public sealed class Tensor : IDisposable
{
    private readonly long[] _shape;
    private byte[]? _data;
    private int[]? _ends;
    private int _appended;
    private ulong[]? _missing;

    /// <summary>Rents a zeroed tensor.</summary>
    /// <param name="shape">Dimensions, none negative; empty for a scalar.</param>
    /// <exception cref="RecordException">A dimension is negative or the tensor exceeds 2 GiB.</exception>
    public Tensor(string name, ElementType type, params ReadOnlySpan<long> shape)
        : this(name, type, shape, zeroed: true)
    {
    }

    private Tensor(string name, ElementType type, ReadOnlySpan<long> shape, bool zeroed)
    {
        Name = name;
        Type = type;
        _shape = shape.ToArray();
        Count = CountOf(name, shape);
        var bytes = (long)Count * (type == ElementType.Bytes ? 4 : type.Size);
        if (bytes > Array.MaxLength) throw new RecordException($"tensor {name}: {bytes} bytes is more than one tensor can hold");
        if (type == ElementType.Bytes)
        {
            _ends = ArrayPool<int>.Shared.Rent(Count);
            _data = ArrayPool<byte>.Shared.Rent(Math.Max(16, Math.Min(Count * 8, 1 << 20)));
        }
        else
        {
            _data = ArrayPool<byte>.Shared.Rent((int)bytes);
            if (zeroed) _data.AsSpan(0, (int)bytes).Clear();
        }
    }

    /// <summary>Rents a tensor whose elements are arbitrary until written: for callers that write every one.</summary>
    public static Tensor Uninitialized(string name, ElementType type, params ReadOnlySpan<long> shape) => new(name, type, shape, zeroed: false);

    /// <summary>Copies <paramref name="values"/> into a new tensor; without a shape it is a column of that many rows.</summary>
    public static Tensor Of<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var tensor = new Tensor(name, ElementTypes.Of<T>(), shape.IsEmpty ? [values.Length] : shape, zeroed: false);
        if (tensor.Count != values.Length)
        {
            tensor.Dispose();
            throw new RecordException($"tensor {name}: shape holds {tensor.Count} elements, {values.Length} given");
        }
        values.CopyTo(tensor.Values<T>());
        return tensor;
    }

    /// <summary>A column of text; a null is a missing element.</summary>
    public static Tensor OfText(string name, params IReadOnlyList<string?> values)
    {
        var tensor = new Tensor(name, ElementType.Bytes, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } text) tensor.Append(text);
            else tensor.AppendMissing();
        }
        return tensor;
    }

    public string Name { get; internal set; }

    public ElementType Type { get; }

    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Elements in all.</summary>
    public int Count { get; }

    /// <summary>The first dimension; 1 for a scalar.</summary>
    public int Rows => _shape.Length == 0 ? 1 : (int)_shape[0];

    /// <summary>Elements per row: the product of all dimensions but the first.</summary>
    public int Stride
    {
        get
        {
            var stride = 1;
            for (var i = 1; i < _shape.Length; i++) stride *= (int)_shape[i];
            return stride;
        }
    }

    /// <summary>The elements as <typeparamref name="T"/>, which must be the tensor's own type (<see cref="ElementType.BFloat16"/> reads as <see cref="ushort"/>).</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public Span<T> Values<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != Type.Size || (ElementTypes.Of<T>() != Type && Type != ElementType.BFloat16)) ThrowType(typeof(T));
        return MemoryMarshal.Cast<byte, T>(Data.AsSpan(0, Count * Type.Size));
    }

    /// <summary>The little-endian bytes of the elements. Not for <see cref="ElementType.Bytes"/>.</summary>
    public Span<byte> RawData
    {
        get
        {
            if (Type == ElementType.Bytes) ThrowType(typeof(byte));
            return Data.AsSpan(0, Count * Type.Size);
        }
    }

    /// <summary>The pooled array behind <see cref="RawData"/>, from index 0: for handing to native code without a copy.</summary>
    public byte[] Buffer => Data;

    /// <summary>Element <paramref name="index"/> of a <see cref="ElementType.Bytes"/> tensor.</summary>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        if (Type != ElementType.Bytes) ThrowType(typeof(byte[]));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_appended, nameof(index));
        var start = index == 0 ? 0 : _ends![index - 1];
        return Data.AsSpan(start, _ends![index] - start);
    }

    /// <summary>Element <paramref name="index"/> of a <see cref="ElementType.Bytes"/> tensor as text; null if missing.</summary>
    public string? GetText(int index) => IsMissing(index) ? null : Encoding.UTF8.GetString(GetBytes(index));

    /// <summary>Writes the next element of a <see cref="ElementType.Bytes"/> tensor: its elements are written in order, once.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Grow(value.Length));
        _ends![_appended] = Start(_appended) + value.Length;
        _appended++;
    }

    /// <inheritdoc cref="Append(ReadOnlySpan{byte})"/>
    public void Append(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Grow(length));
        _ends![_appended] = Start(_appended) + length;
        _appended++;
    }

    /// <summary>Writes the next element of a <see cref="ElementType.Bytes"/> tensor as missing.</summary>
    public void AppendMissing()
    {
        SetMissing(_appended);
        Append(ReadOnlySpan<byte>.Empty);
    }

    /// <summary>True when some element was marked missing.</summary>
    public bool HasMissing => _missing is not null;

    public bool IsMissing(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _missing is not null && (_missing[index >> 6] >> (index & 63) & 1) != 0;
    }

    public void SetMissing(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        if (_missing is null)
        {
            var words = (Count + 63) >> 6;
            _missing = ArrayPool<ulong>.Shared.Rent(words);
            _missing.AsSpan(0, words).Clear();
        }
        _missing[index >> 6] |= 1UL << (index & 63);
    }

    /// <summary>The missing elements, one bit each, element 0 in the lowest bit of the first word; empty when nothing is missing.</summary>
    public ReadOnlySpan<ulong> MissingBits => _missing is null ? default : _missing.AsSpan(0, (Count + 63) >> 6);

    /// <summary>Copies the given rows, in that order, into a new tensor.</summary>
    public Tensor Take(ReadOnlySpan<int> rows)
    {
        if (_shape.Length == 0) throw new InvalidOperationException($"tensor {Name} is a scalar: it has no rows to take");
        Span<long> shape = stackalloc long[_shape.Length];
        Shape.CopyTo(shape);
        shape[0] = rows.Length;
        var taken = Uninitialized(Name, Type, shape);
        var stride = Stride;
        for (var i = 0; i < rows.Length; i++)
        {
            var from = rows[i] * stride;
            if (Type == ElementType.Bytes)
            {
                for (var j = 0; j < stride; j++) taken.Append(GetBytes(from + j));
            }
            else
            {
                var size = stride * Type.Size;
                Data.AsSpan(rows[i] * size, size).CopyTo(taken.Data.AsSpan(i * size, size));
            }
            if (_missing is null) continue;
            for (var j = 0; j < stride; j++)
            {
                if (IsMissing(from + j)) taken.SetMissing((i * stride) + j);
            }
        }
        return taken;
    }

    /// <summary>Returns the buffers to the pool. The tensor must not be used afterwards.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _data, null) is not { } data) return;
        ArrayPool<byte>.Shared.Return(data);
        if (_ends is not null) ArrayPool<int>.Shared.Return(_ends);
        if (_missing is not null) ArrayPool<ulong>.Shared.Return(_missing);
        _ends = null;
        _missing = null;
    }

    public override string ToString() => $"{Name} {Type.ProtocolName}[{string.Join(',', _shape)}]";

    private byte[] Data => _data ?? throw new ObjectDisposedException($"tensor {Name}");

    private int Start(int index) => index == 0 ? 0 : _ends![index - 1];

    private Span<byte> Grow(int length)
    {
        if (Type != ElementType.Bytes) ThrowType(typeof(byte[]));
        if (_appended >= Count) throw new InvalidOperationException($"tensor {Name}: all {Count} elements are already written");
        var start = Start(_appended);
        var data = Data;
        if (length > data.Length - start)
        {
            var needed = (long)start + length;
            if (needed > Array.MaxLength) throw new RecordException($"tensor {Name}: {needed} bytes is more than one tensor can hold");
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, data.Length * 2L)));
            data.AsSpan(0, start).CopyTo(larger);
            _data = larger;
            ArrayPool<byte>.Shared.Return(data);
            data = larger;
        }
        return data.AsSpan(start, length);
    }

    private static int CountOf(string name, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0) throw new RecordException($"tensor {name}: dimension {dimension} is negative");
            if (dimension > int.MaxValue || (count *= dimension) > int.MaxValue)
            {
                throw new RecordException($"tensor {name}: shape [{string.Join(',', shape.ToArray())}] is more than one tensor can hold");
            }
        }
        return (int)count;
    }

    [DoesNotReturn]
    private void ThrowType(Type wanted) => throw new InvalidOperationException($"tensor {Name} holds {Type.ProtocolName}, not {wanted.Name}");
}
