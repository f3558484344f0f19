namespace Slipway.Models.Graph;

/// <summary>
/// Walks the elements of <i>indices</i> line by line (along the last dimension), telling where the same coordinates, with that of an axis left out, are in <i>data</i>.
/// GatherElements and ScatterElements are this walk.
/// </summary>
internal ref struct ElementLines
{
    private readonly ReadOnlySpan<long> _shape;
    private readonly Span<long> _position;
    private readonly Span<long> _strides;

    /// <param name="workspace">Twice the rank.</param>
    public ElementLines(TensorValue data, TensorValue indices, int axis, Span<long> workspace)
    {
        var rank = indices.Rank;
        _shape = indices.Shape;
        _position = workspace[..rank];
        _strides = workspace.Slice(rank, rank);
        Strides.Of(data.Shape, _strides);
        AxisStride = (int)_strides[axis];
        _strides[axis] = 0;
        _position.Clear();
        Count = (int)_shape[^1];
        Step = (int)_strides[^1];
    }

    /// <summary>Elements in a line.</summary>
    public int Count { get; }

    /// <summary>The distance in data from one element of a line to the next: 1, or 0 when the axis is the last.</summary>
    public int Step { get; }

    /// <summary>The distance in data from one position along the axis to the next.</summary>
    public int AxisStride { get; }

    /// <summary>Where the line begins in data, at position 0 of the axis.</summary>
    public int Start { get; private set; }

    public bool MoveNext()
    {
        for (var d = _shape.Length - 2; d >= 0; d--)
        {
            Start += (int)_strides[d];
            if (++_position[d] < _shape[d]) return true;
            Start -= (int)(_strides[d] * _shape[d]);
            _position[d] = 0;
        }
        return false;
    }

    /// <summary>Checks that <paramref name="indices"/> fit <paramref name="data"/> in rank and, but for the axis, in size.</summary>
    public static void Check(Shape data, Shape indices, int axis)
    {
        if (data.Rank == 0) throw new Slipway.Core.ModelException("the data must have at least one dimension");
        if (data.Rank != indices.Rank) throw new Slipway.Core.ModelException($"indices of shape {indices} have another rank than the data of shape {data}");
        for (var d = 0; d < data.Rank; d++)
        {
            if (d != axis && data[d] >= 0 && indices[d] > data[d]) throw new Slipway.Core.ModelException($"indices of shape {indices} are larger than the data of shape {data} in dimension {d}");
        }
    }
}
