namespace Slipway.Models.Graph;

/// <summary>Hands out the slices of a tensor along an axis one after another.</summary>
internal sealed class ScanInput
{
    private TensorValue? _source;
    private bool _isReversed;
    private long _inner;
    private long _outer;
    private long _start;

    public long Length { get; private set; }

    /// <summary>Where <see cref="Take"/> puts the slice.</summary>
    public TensorValue Slice { get; } = new(DataType.Float32);

    /// <summary>All slices of a tensor along an axis.</summary>
    public void Begin(TensorValue source, int axis, bool isReversed)
    {
        Span<long> shape = source.Rank <= 8 ? stackalloc long[source.Rank] : new long[source.Rank];
        source.Shape[..axis].CopyTo(shape);
        source.Shape[(axis + 1)..].CopyTo(shape[axis..]);
        Begin(source, axis, isReversed, 0, shape[..^1], source[axis]);
    }

    /// <summary>The slices of one row of a batch: [batch, length, …], the first <paramref name="length"/> of them.</summary>
    public void BeginRow(TensorValue source, int row, long length, bool isReversed) =>
        Begin(source, 0, isReversed, row * Strides.Product(source.Shape[1..]), source.Shape[2..], length);

    public void Take(long position)
    {
        if (_isReversed) position = Length - 1 - position;
        var width = Length * _inner;
        StridedCopy.Run(_source!, _start + position * _inner, [width, 1], Slice, 0, [_inner, 1], [_outer, _inner]);
    }

    private void Begin(TensorValue source, int axis, bool isReversed, long start, ReadOnlySpan<long> shape, long length)
    {
        (_source, _isReversed, _start, Length) = (source, isReversed, start, length);
        _inner = Strides.Product(shape[axis..]);
        _outer = Strides.Product(shape[..axis]);
        Slice.Resize(source.Element, shape);
    }
}
