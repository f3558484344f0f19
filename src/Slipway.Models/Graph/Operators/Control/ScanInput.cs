namespace Slipway.Models.Graph;

/// <summary>Hands out the slices of a tensor along an axis one after another.</summary>
internal sealed class ScanInput
{
    private readonly TensorValue _source;
    private readonly bool _isReversed;
    private readonly long _inner;
    private readonly long _outer;
    private readonly long _start;

    public ScanInput(TensorValue source, int axis, bool isReversed) : this(source, axis, isReversed, 0, [.. source.Shape[..axis], .. source.Shape[(axis + 1)..]], source[axis])
    {
    }

    private ScanInput(TensorValue source, int axis, bool isReversed, long start, long[] shape, long length)
    {
        (_source, _isReversed, _start, Length) = (source, isReversed, start, length);
        _inner = Strides.Product(shape.AsSpan(axis));
        _outer = Strides.Product(shape.AsSpan(0, axis));
        Slice = new TensorValue(source.Element, shape);
    }

    /// <summary>The slices of one row of a batch: [batch, length, …], the first <paramref name="length"/> of them.</summary>
    public static ScanInput OfRow(TensorValue source, int row, long length, bool isReversed) =>
        new(source, 0, isReversed, row * Strides.Product(source.Shape[1..]), source.Shape[2..].ToArray(), length);

    public long Length { get; }

    /// <summary>Where <see cref="Take"/> puts the slice.</summary>
    public TensorValue Slice { get; }

    public void Take(long position)
    {
        if (_isReversed) position = Length - 1 - position;
        var width = Length * _inner;
        StridedCopy.Run(_source, _start + position * _inner, [width, 1], Slice, 0, [_inner, 1], [_outer, _inner]);
    }
}

/// <summary>The passes of a scan.</summary>
internal static class ScanPasses
{
    public static void Run(RunContext context, Subgraph body, CarriedValues values, ScanInput[] scanned, ScanOutput[] outputs, long length)
    {
        var states = values.Current.Length;
        var inputs = new Value[states + scanned.Length];
        var results = new Value[states + outputs.Length];
        for (long i = 0; i < length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            values.Current.CopyTo(inputs);
            for (var s = 0; s < scanned.Length; s++)
            {
                scanned[s].Take(i);
                inputs[states + s] = scanned[s].Slice;
            }
            body.Run(context, inputs, results);
            for (var s = 0; s < outputs.Length; s++) outputs[s].Add(results[states + s].AsTensor);
            values.Replace(results.AsSpan(0, states));
        }
    }
}
