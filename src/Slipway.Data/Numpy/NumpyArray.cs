using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Data.Numpy;

/// <summary>One array of a file, read from front to back.</summary>
internal sealed class NumpyArray : IDisposable
{
    private const int MostEmptyTexts = 1 << 20;

    private readonly Stream _stream;
    private readonly NumpyHeader _header;

    /// <param name="stream">At the array's beginning; disposed with this.</param>
    /// <param name="length">Bytes of the array, head and all.</param>
    /// <exception cref="SlipwayException">It is no array, or not of a size and type that tensors have.</exception>
    public NumpyArray(string name, Stream stream, long length)
    {
        (Name, _stream) = (name, stream);
        var head = new byte[NumpyHeader.PrefixLength];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        Array.Resize(ref head, NumpyHeader.LengthOf(head.AsSpan(0, read)));
        stream.ReadExactly(head.AsSpan(NumpyHeader.PrefixLength));
        _header = NumpyHeader.Parse(head);
        Type = NumpyElements.TypeOf(_header);
        if (_header is { IsFortran: true, Shape.Length: > 1 }) throw new SlipwayException("it is in the order of Fortran: save numpy.ascontiguousarray(…) of it");
        var bytes = length - head.Length;
        var count = Int128.One;
        foreach (var dimension in _header.Shape) count = Int128.Min(count * dimension, long.MaxValue);
        if (count * _header.Width != bytes) throw new SlipwayException($"{bytes} bytes of elements do not make shape ({string.Join(", ", _header.Shape)}) of {_header.Width} bytes each");
        if (_header.Width == 0 && count > MostEmptyTexts) throw new SlipwayException($"{count} empty texts are not read");
    }

    public string Name { get; set; }

    public ElementType Type { get; }

    public ImmutableArray<long> Shape => _header.Shape;

    /// <summary>Of all of it where it has no rows.</summary>
    public long RowBytes => _header.Shape.Skip(1).Aggregate((long)_header.Width, (bytes, dimension) => bytes * dimension);

    /// <summary>The next rows; null for the whole array.</summary>
    public Tensor Read(int? rows)
    {
        var tensor = Tensor.Uninitialized(Name, Type, rows is { } count ? [count, .. _header.Shape.AsSpan()[1..]] : _header.Shape.AsSpan());
        try
        {
            if (Type == ElementType.Bytes) ReadTexts(tensor);
            else _stream.ReadExactly(tensor.RawData);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    private void ReadTexts(Tensor tensor)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, _header.Width));
        var element = buffer.AsSpan(0, _header.Width);
        var characters = new char[_header.Width];
        for (var i = 0; i < tensor.Count; i++)
        {
            _stream.ReadExactly(element);
            if (_header.Kind == 'S') tensor.Append(element.TrimEnd((byte)0));
            else tensor.Append(characters.AsSpan(0, Encoding.UTF32.GetChars(MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, int>(element).TrimEnd(0)), characters)));
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
