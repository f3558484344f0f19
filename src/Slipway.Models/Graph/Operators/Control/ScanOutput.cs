using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Collects what a body gives in each pass; all must be tensors of one shape.</summary>
internal sealed class ScanOutput
{
    private TensorValue? _all;
    private long[] _shape = [];
    private int _size;

    /// <summary>The rank of what a pass gives.</summary>
    public int Rank => _shape.Length;

    /// <summary>Passes so far.</summary>
    public int Count { get; private set; }

    public static ScanOutput[] Create(int count)
    {
        var outputs = new ScanOutput[count];
        for (var i = 0; i < count; i++) outputs[i] = new ScanOutput();
        return outputs;
    }

    /// <summary>Forgets all passes; the memory stays for others.</summary>
    public void Begin() => Count = 0;

    /// <exception cref="RecordException">The tensor has another shape than those before, or there are more elements than a tensor can hold.</exception>
    public void Add(RunContext context, TensorValue item)
    {
        if (Count == 0)
        {
            if (!item.Shape.SequenceEqual(_shape)) _shape = item.Shape.ToArray();
            _size = item.Count;
            _all ??= new TensorValue(item.Element);
            var room = _size == 0 || item.Element == DataType.String ? 4 : Math.Max(4, _all.Capacity / ((long)_size * item.Element.Width));
            context.Resize(_all, item.Element, [room, _size]);
        }
        else if (item.Element != _all!.Element || !item.Shape.SequenceEqual(_shape))
        {
            throw new RecordException($"a pass gives {item.Type} where those before gave {_all.Element.Text}{Shape.TextOf(_shape)}");
        }
        if (Count == _all[0])
        {
            var larger = new TensorValue(_all.Element);
            context.Resize(larger, _all.Element, [2L * Count, _size]);
            context.Memory.Shrink(_all.Capacity);
            Copy(_all, larger, 0, Count);
            _all = larger;
        }
        Copy(item, _all, Count, 1);
        Count++;
    }

    private void Copy(TensorValue source, TensorValue target, int row, int rows) => StridedCopy.Run(source, 0, [1], target, (long)row * _size, [1], [(long)rows * _size]);

    /// <summary>Writes the passes as the slices of an axis of an output; there must be at least one.</summary>
    public void Store(RunContext context, int output, int axis, bool isReversed)
    {
        if (!context.HasOutput(output)) return;
        Span<long> shape = stackalloc long[8];
        if (_shape.Length >= shape.Length) shape = new long[_shape.Length + 1];
        shape = shape[..(_shape.Length + 1)];
        _shape.AsSpan(0, axis).CopyTo(shape);
        shape[axis] = Count;
        _shape.AsSpan(axis).CopyTo(shape[(axis + 1)..]);
        var target = context.Allocate(output, _all!.Element, shape);
        var inner = Strides.Product(_shape.AsSpan(axis));
        var outer = Strides.Product(_shape.AsSpan(0, axis));
        var last = isReversed ? (Count - 1L) * _size : 0;
        StridedCopy.Run(_all, last, [isReversed ? -_size : _size, inner, 1], target, 0, [inner, Count * inner, 1], [Count, outer, inner]);
    }

    /// <summary>Writes the passes as the slices of one row of [batch, longest, …], which begins as zeros.</summary>
    /// <param name="isBegun">A row was written before.</param>
    public void StoreRow(RunContext context, int output, int row, int batch, long longest, ref bool isBegun)
    {
        if (!context.HasOutput(output) || Count == 0) return;
        var target = isBegun ? context.Output(output) : context.Allocate(output, _all!.Element, [batch, longest, .. _shape]);
        if (!isBegun) Clear(target);
        isBegun = true;
        var passes = (long)Count * _size;
        StridedCopy.Run(_all!, 0, [1], target, row * longest * _size, [1], [passes]);
    }

    /// <summary>Zeros, or empty texts.</summary>
    public static void Clear(TensorValue tensor)
    {
        if (tensor.Element == DataType.String) tensor.Strings.Fill("");
        else tensor.Bytes.Clear();
    }
}
