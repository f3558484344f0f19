using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// A row-major tensor. Its memory is its own, or lent: a place in a run's arena, a caller's buffer, a mapped file.
/// <see cref="Resize"/> keeps memory that is large enough, so that a run of the shapes of the run before allocates nothing.
/// </summary>
internal sealed class TensorValue : Value
{
    private long[] _dimensions;
    private int _rank;
    private Memory<byte> _memory;
    private string[]? _strings;
    private TensorType? _type;

    /// <summary>A tensor without elements, to be given its shape by <see cref="Resize"/>.</summary>
    public TensorValue(DataType element)
    {
        Element = element;
        _dimensions = [0];
        _rank = 1;
        if (element == DataType.String) _strings = [];
    }

    /// <summary>A zeroed tensor (empty texts for strings).</summary>
    /// <exception cref="RecordException">It is larger than can be held.</exception>
    public TensorValue(DataType element, params ReadOnlySpan<long> shape)
    {
        Element = element;
        _dimensions = [];
        Resize(element, shape);
        if (element == DataType.String) Array.Fill(_strings!, "");
    }

    private TensorValue(DataType element, Memory<byte> memory, ReadOnlySpan<long> shape)
    {
        Element = element;
        _dimensions = shape.ToArray();
        _rank = shape.Length;
        Count = (int)Graph.Shape.CountOf(shape);
        _memory = memory;
    }

    /// <summary>A tensor over memory that outlives it; nothing is copied.</summary>
    public static TensorValue Over(DataType element, Memory<byte> memory, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorValue(element, memory, shape);
        if ((long)tensor.Count * element.Width > memory.Length) throw new ModelException($"a tensor {element.Text}{Graph.Shape.TextOf(shape)} does not fit into {memory.Length} bytes");
        return tensor;
    }

    /// <summary>Copies <paramref name="values"/>; without a shape the tensor is a vector.</summary>
    public static TensorValue Of<T>(DataType element, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var tensor = new TensorValue(element, shape.IsEmpty && values.Length != 1 ? [values.Length] : shape);
        values.CopyTo(tensor.Values<T>());
        return tensor;
    }

    public static TensorValue Of(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Of(DataType.Float32, values, shape);

    public static TensorValue Of(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) => Of(DataType.Int64, values, shape);

    /// <summary>A vector [n] of 64-bit integers.</summary>
    public static TensorValue Vector(params ReadOnlySpan<long> values) => Of(DataType.Int64, values, values.Length);

    public DataType Element { get; private set; }

    public ReadOnlySpan<long> Shape => _dimensions.AsSpan(0, _rank);

    public int Rank => _rank;

    /// <summary>Elements in all.</summary>
    public int Count { get; private set; }

    public long this[int axis] => Shape[axis];

    public long this[Index axis] => Shape[axis];

    public override TensorType Type => _type is { } type && type.Element == Element && type.Shape!.Span.SequenceEqual(Shape) ? type : _type = new TensorType(Element, Graph.Shape.Of(Shape));

    public override TensorValue AsTensor => this;

    /// <summary>The elements as their own type (bool as byte; types of 8 bits and fewer as byte or sbyte; bfloat16 as any two-byte type).</summary>
    /// <exception cref="RecordException">Elements are of another width.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Values<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != Element.Width) ThrowWidth(typeof(T));
        return MemoryMarshal.Cast<byte, T>(_memory.Span[..(Count * Unsafe.SizeOf<T>())]);
    }

    /// <summary>The texts of a tensor of strings.</summary>
    public Span<string> Strings => Element == DataType.String ? _strings.AsSpan(0, Count) : throw new RecordException($"a tensor of strings is expected, {Type} is given");

    /// <summary>The elements for moving them about: <typeparamref name="T"/> is <see cref="string"/> or any type of the elements' width (see <see cref="ElementWidths"/>).</summary>
    public Span<T> Elements<T>()
    {
        if (typeof(T) == typeof(string)) return MemoryMarshal.CreateSpan(ref Unsafe.As<string, T>(ref MemoryMarshal.GetReference(Strings)), Count);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>() || Unsafe.SizeOf<T>() != Element.Width) ThrowWidth(typeof(T));
        var bytes = _memory.Span[..(Count * Unsafe.SizeOf<T>())];
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes)), Count);
    }

    /// <summary>The bytes of the elements; not of strings.</summary>
    public Span<byte> Bytes => _memory.Span[..(Count * Element.Width)];

    /// <summary>The memory behind <see cref="Bytes"/>.</summary>
    public Memory<byte> Memory => _memory[..(Count * Element.Width)];

    /// <summary>Whether the elements are those of another tensor from one of its elements on, in the same memory.</summary>
    public bool IsPartOf(TensorValue whole, long first) => Element == whole.Element && Element != DataType.String && Count > 0 && first >= 0 && first <= whole.Count - Count
        && Unsafe.AreSame(ref MemoryMarshal.GetReference(_memory.Span), ref whole._memory.Span[(int)(first * Element.Width)]);

    /// <summary>Bytes of memory for elements, used or not.</summary>
    public long Capacity => _memory.Length;

    /// <summary>False when only type and shape are left, because operators keep the elements in forms of their own.</summary>
    public bool HasElements => Element == DataType.String ? _strings!.Length >= Count : _memory.Length >= (long)Count * Element.Width;

    /// <summary>The file that the elements lie in; null when they have memory of their own.</summary>
    public FileMemory? File => MemoryMarshal.TryGetMemoryManager<byte, FileMemory>(_memory, out var file) ? file : null;

    /// <summary>Lets the system take the memory back if the elements lie in a file: they are not going to be read, or seldom.</summary>
    public void Discard()
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, FileMemory>(_memory, out var file, out var start, out var length)) file.Discard(start, length);
    }

    /// <summary>Gives the tensor another shape; the elements are arbitrary afterwards. Memory is kept when it is large enough.</summary>
    /// <exception cref="RecordException">It is larger than can be held.</exception>
    public void Resize(DataType element, ReadOnlySpan<long> shape)
    {
        SetShape(shape);
        Element = element;
        if (element == DataType.String)
        {
            if (_strings is null || _strings.Length < Count) _strings = new string[Count];
            return;
        }
        var bytes = (long)Count * element.Width;
        if (bytes > Array.MaxLength) throw new RecordException($"a tensor {element.Text}{Graph.Shape.TextOf(shape)} is larger than can be held: {bytes} bytes");
        if (_memory.Length < bytes) _memory = new byte[bytes];
    }

    /// <summary>States the shape without memory for the elements: they are <see cref="Lend">lent</see> later.</summary>
    public void Declare(DataType element, ReadOnlySpan<long> shape)
    {
        SetShape(shape);
        Element = element;
        if (element == DataType.String && (_strings is null || _strings.Length < Count)) _strings = new string[Count];
    }

    /// <summary>Gives the elements their place.</summary>
    public void Lend(Memory<byte> memory)
    {
        if (memory.Length < (long)Count * Element.Width) throw new ArgumentException("the memory is too small for the shape", nameof(memory));
        _memory = memory;
    }

    /// <summary>Makes this tensor the same elements as <paramref name="source"/> in another shape of as many elements, without copying.</summary>
    public void Alias(TensorValue source, ReadOnlySpan<long> shape)
    {
        SetShape(shape);
        if (Count != source.Count) throw new RecordException($"{source.Type} cannot be seen as {Graph.Shape.TextOf(shape)}: the number of elements differs");
        Element = source.Element;
        _memory = source._memory;
        _strings = source._strings;
    }

    /// <summary>Copies the elements and the shape of another tensor.</summary>
    public void CopyFrom(TensorValue source)
    {
        Resize(source.Element, source.Shape);
        if (Element == DataType.String) source.Strings.CopyTo(Strings);
        else source.Bytes.CopyTo(Bytes);
    }

    public override Value Copy()
    {
        var copy = new TensorValue(Element);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>The elements of a small tensor of integers (shapes, axes, sizes) as 64-bit integers.</summary>
    /// <exception cref="RecordException">The elements are not integers.</exception>
    public long[] ToInts()
    {
        var values = new long[Count];
        for (var i = 0; i < values.Length; i++) values[i] = IntAt(i);
        return values;
    }

    /// <summary>Element <paramref name="index"/> of a tensor of int64, int32 or narrower integers.</summary>
    public long IntAt(int index) => Element switch
    {
        DataType.Int64 => Values<long>()[index],
        DataType.Int32 => Values<int>()[index],
        DataType.UInt64 => (long)Values<ulong>()[index],
        DataType.UInt32 => Values<uint>()[index],
        DataType.Int16 => Values<short>()[index],
        DataType.UInt16 => Values<ushort>()[index],
        DataType.Int8 => Values<sbyte>()[index],
        DataType.UInt8 or DataType.Bool => Values<byte>()[index],
        _ => throw new RecordException($"integers are expected, {Type} is given"),
    };

    /// <summary>Element <paramref name="index"/> of a tensor of numbers.</summary>
    public double NumberAt(int index) => Element switch
    {
        DataType.Float32 => Values<float>()[index],
        DataType.Float64 => Values<double>()[index],
        DataType.Float16 => (double)Values<Half>()[index],
        DataType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)Values<ushort>()[index] << 16),
        _ => IntAt(index),
    };

    private void SetShape(ReadOnlySpan<long> shape)
    {
        var count = Graph.Shape.CountOf(shape);
        if (count < 0) throw new RecordException($"a tensor of shape {Graph.Shape.TextOf(shape)} has no size");
        if (_dimensions.Length < shape.Length) _dimensions = new long[Math.Max(shape.Length, 4)];
        shape.CopyTo(_dimensions);
        _rank = shape.Length;
        Count = (int)count;
    }

    private void ThrowWidth(Type type) => throw new RecordException($"{Type} cannot be read as {type.Name}");
}
