using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>An array as numpy pickles it: its bytes as they stand in the file, or a list of objects.</summary>
internal sealed class NumpyArray : Datum
{
    private const int MaxDimensions = 8;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly List<Datum> _objects = [];
    private readonly bool _isFortran;

    /// <param name="shape">Not yet believed.</param>
    /// <param name="isFortran">The first index varies fastest.</param>
    /// <exception cref="ModelException">The data is not of this shape and type.</exception>
    public NumpyArray(DataType type, Datum? shape, bool isFortran, Datum data)
    {
        (Type, Shape) = (type, ShapeOf(shape));
        _isFortran = isFortran && Shape.Length > 1;
        Count = CountOf(Shape);
        if (type.Size == 0 && Count > 1) throw new ModelException($"an array of {Count} items of no size");
        if (type.Kind == 'O')
        {
            if (data is not ListDatum list || list.Items.Count != Count) throw new ModelException($"an array of {Count} objects has {data.Kind}");
            _objects = list.Items;
        }
        else if (!data.TryGetBytes(out _data) || _data.Length != (long)Count * type.Size)
        {
            throw new ModelException($"an array of {Count} items of {type.Size} bytes has {(data.TryGetBytes(out var bytes) ? $"{bytes.Length} bytes" : data.Kind)}");
        }
    }

    public DataType Type { get; }

    public int[] Shape { get; }

    /// <summary>Items.</summary>
    public int Count { get; }

    public override string Kind => $"an array [{string.Join(", ", Shape)}] of {Type}";

    /// <summary>The items when they are objects.</summary>
    public IReadOnlyList<Datum> Objects => _objects;

    /// <summary>The array that a value stands for; null when it stands for something else.</summary>
    /// <exception cref="ModelException">It contradicts itself.</exception>
    public static NumpyArray? Of(Datum? datum)
    {
        if (datum is NumpyArray array) return array;
        if (datum is not ObjectDatum { Callable: GlobalDatum function } call || !function.Module.StartsWith("numpy.", StringComparison.Ordinal)) return null;
        return function.Name switch
        {
            // (version, shape, type, is Fortran, data)
            "_reconstruct" when call.State is ListDatum { Items: [_, var shape, var type, var order, var data] } => new NumpyArray(DataType.Of(type), shape, IsTrue(order), data),
            "_frombuffer" when call.Arguments is ListDatum { Items: [var data, var type, var shape, var order] } => new NumpyArray(DataType.Of(type), shape, order is TextDatum { Value: "F" }, data),
            _ => null,
        };
    }

    /// <summary>A number or a boolean that numpy keeps as a scalar; null when it is something else.</summary>
    public static double? ScalarOf(Datum? datum)
    {
        if (datum is not ObjectDatum { Callable: GlobalDatum { Name: "scalar" } function } call || !function.Module.StartsWith("numpy.", StringComparison.Ordinal)) return null;
        var type = DataType.Of(call.Argument(0));
        if (call.Argument(1) is not { } data || !data.TryGetBytes(out var bytes) || bytes.Length != type.Size) return null;
        Span<double> value = stackalloc double[1];
        return TryRead(type, bytes.Span, type.Size, value) ? value[0] : null;
    }

    /// <summary>The items in row-major order.</summary>
    /// <exception cref="ModelException">They are no numbers.</exception>
    public double[] Numbers() => Rows(Read(Type, 0));

    /// <summary>A field of every item.</summary>
    /// <exception cref="ModelException">There is none, or its values are no numbers.</exception>
    public double[] Numbers(string field) => FieldOf(field) is { } found ? Read(found.Type, found.Offset) : throw new ModelException($"{Kind} has no field '{field}'");

    public bool HasField(string field) => FieldOf(field) is not null;

    /// <summary>The items as Python prints them: what class labels are shown by.</summary>
    /// <exception cref="ModelException">They are no texts, numbers or booleans.</exception>
    public string[] Texts()
    {
        var texts = new string[Count];
        switch (Type.Kind)
        {
            case 'U':
                for (var i = 0; i < Count; i++) texts[i] = (Type.BigEndian ? new UTF32Encoding(true, false) : Encoding.UTF32).GetString(Item(i)).TrimEnd('\0');
                break;
            case 'S':
                for (var i = 0; i < Count; i++) texts[i] = Encoding.UTF8.GetString(Item(i)).TrimEnd('\0');
                break;
            case 'O':
                for (var i = 0; i < Count; i++) texts[i] = Labels.TextOf(_objects[i]) ?? throw new ModelException($"a text or a number expected, {_objects[i].Kind} found");
                break;
            case 'b':
                for (var i = 0; i < Count; i++) texts[i] = _data.Span[i] != 0 ? "True" : "False";
                break;
            case 'i' or 'u':
                var numbers = Read(Type, 0);
                for (var i = 0; i < Count; i++) texts[i] = numbers[i].ToString("F0", CultureInfo.InvariantCulture);
                break;
            default:
                var values = Read(Type, 0);
                for (var i = 0; i < Count; i++) texts[i] = Labels.TextOf(values[i]);
                break;
        }
        return texts;
    }

    private DataTypeField? FieldOf(string name) => Type.Find(name);

    private ReadOnlySpan<byte> Item(int index) => _data.Span.Slice(index * Type.Size, Type.Size);

    private double[] Read(DataType type, int offset)
    {
        var numbers = new double[Count];
        if (type.Kind == 'O') ReadObjects(numbers);
        else if (Count > 0 && !TryRead(type, _data.Span[offset..], Type.Size, numbers)) throw new ModelException($"numbers expected, {Kind} found");
        return numbers;
    }

    private void ReadObjects(double[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++) numbers[i] = Labels.NumberOf(_objects[i]) ?? throw new ModelException($"a number expected, {_objects[i].Kind} found");
    }

    /// <param name="stride">Bytes from one value to the next; the last may have fewer behind it.</param>
    private static bool TryRead(DataType type, ReadOnlySpan<byte> data, int stride, Span<double> numbers)
    {
        if (type.BigEndian) return TryReadBigEndian(type, data, stride, numbers);
        switch (type.Kind, type.Size)
        {
            case ('f', 8): Read<double>(data, stride, numbers); return true;
            case ('f', 4): Read<float>(data, stride, numbers); return true;
            case ('i', 8): Read<long>(data, stride, numbers); return true;
            case ('i', 4): Read<int>(data, stride, numbers); return true;
            case ('i', 2): Read<short>(data, stride, numbers); return true;
            case ('i', 1): Read<sbyte>(data, stride, numbers); return true;
            case ('u', 8): Read<ulong>(data, stride, numbers); return true;
            case ('u', 4): Read<uint>(data, stride, numbers); return true;
            case ('u', 2): Read<ushort>(data, stride, numbers); return true;
            case ('u' or 'b', 1): Read<byte>(data, stride, numbers); return true;
            default: return false;
        }
    }

    private static void Read<T>(ReadOnlySpan<byte> data, int stride, Span<double> numbers)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        for (int i = 0, at = 0; i < numbers.Length; i++, at += stride) numbers[i] = double.CreateTruncating(MemoryMarshal.Read<T>(data[at..]));
    }

    private static bool TryReadBigEndian(DataType type, ReadOnlySpan<byte> data, int stride, Span<double> numbers)
    {
        for (int i = 0, at = 0; i < numbers.Length; i++, at += stride)
        {
            var item = data[at..];
            switch (type.Kind, type.Size)
            {
                case ('f', 8): numbers[i] = BinaryPrimitives.ReadDoubleBigEndian(item); break;
                case ('f', 4): numbers[i] = BinaryPrimitives.ReadSingleBigEndian(item); break;
                case ('i', 8): numbers[i] = BinaryPrimitives.ReadInt64BigEndian(item); break;
                case ('i', 4): numbers[i] = BinaryPrimitives.ReadInt32BigEndian(item); break;
                case ('u', 4): numbers[i] = BinaryPrimitives.ReadUInt32BigEndian(item); break;
                case ('u' or 'b', 1): numbers[i] = item[0]; break;
                default: return false;
            }
        }
        return true;
    }

    private double[] Rows(double[] numbers)
    {
        if (!_isFortran) return numbers;
        var rows = new double[numbers.Length];
        Span<int> index = stackalloc int[Shape.Length];
        foreach (var number in numbers)
        {
            var at = 0;
            for (var d = 0; d < Shape.Length; d++) at = (at * Shape[d]) + index[d];
            rows[at] = number;
            for (var d = 0; d < Shape.Length && ++index[d] == Shape[d]; d++) index[d] = 0;
        }
        return rows;
    }

    private static int[] ShapeOf(Datum? shape)
    {
        var dimensions = shape switch
        {
            ListDatum list => list.Items,
            IntegerDatum one => [one],
            _ => throw new ModelException($"the shape of an array expected, {shape?.Kind ?? "nothing"} found"),
        };
        if (dimensions.Count > MaxDimensions) throw new ModelException($"an array of {dimensions.Count} dimensions");
        var sizes = new int[dimensions.Count];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (Labels.NumberOf(dimensions[i]) is not (>= 0 and <= int.MaxValue and var size)) throw new ModelException($"the shape of an array has {dimensions[i].Kind}");
            sizes[i] = (int)size;
        }
        return sizes;
    }

    private static int CountOf(int[] shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
            if (count > int.MaxValue) throw new ModelException($"an array of [{string.Join(", ", shape)}] is too large");
        }
        return (int)count;
    }

    private static bool IsTrue(Datum order) => order is BooleanDatum { Value: true } or IntegerDatum { Value: not 0 };
}
