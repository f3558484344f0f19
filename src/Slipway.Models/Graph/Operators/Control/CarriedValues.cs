namespace Slipway.Models.Graph;

/// <summary>
/// Values that one pass of a body hands to the next. Results live in the body's own memory until its next run, and may be its inputs:
/// so tensors are copied to the one of two places that the pass before did not use.
/// </summary>
internal sealed class CarriedValues(int count)
{
    private readonly Value[] _current = new Value[count];
    private readonly TensorValue?[,] _places = new TensorValue?[count, 2];
    private int _turn;

    public ReadOnlySpan<Value> Current => _current;

    /// <summary>The first values; they are read, not changed.</summary>
    public void Begin(int index, Value value) => _current[index] = value;

    public void Replace(RunContext context, ReadOnlySpan<Value> results)
    {
        for (var i = 0; i < count; i++)
        {
            if (results[i] is TensorValue tensor)
            {
                var place = _places[i, _turn] ??= new TensorValue(tensor.Element);
                context.Resize(place, tensor.Element, tensor.Shape);
                place.CopyFrom(tensor);
                _current[i] = place;
            }
            else _current[i] = results[i].Copy();
        }
        _turn ^= 1;
    }

    /// <summary>The types of carried values once more passes than one may have changed them: what any pass changes is left open.</summary>
    /// <param name="types">The types before the first pass; become those before every pass.</param>
    /// <param name="first">Where the carried values begin among a pass's results.</param>
    /// <param name="infer">The types of a pass's results by those of the carried values before it.</param>
    /// <returns>The types after a pass.</returns>
    public static GraphType?[] Generalise(InferenceContext context, GraphType?[] types, int first, Func<GraphType?[], GraphType?[]> infer)
    {
        var open = new HashSet<long>();
        for (var round = 0; ; round++)
        {
            var results = infer(types);
            var isStable = true;
            for (var i = 0; i < types.Length; i++)
            {
                var wider = round < 8 ? Widen(context, types[i], results[first + i], open) : types[i] is TensorType ? new TensorType(((TensorType)types[i]!).Element) : null;
                if (Equals(wider, types[i])) continue;
                types[i] = wider;
                isStable = false;
            }
            if (isStable) return results;
        }
    }

    private static GraphType? Widen(InferenceContext context, GraphType? before, GraphType? after, HashSet<long> open)
    {
        if (before is not TensorType a || after is not TensorType b) return Loose(before);
        if (a.Shape is null || b.Shape is null || a.Shape.Rank != b.Shape.Rank) return a.Shape is null ? a : new TensorType(a.Element);
        var dimensions = a.Shape.Span.ToArray();
        for (var d = 0; d < dimensions.Length; d++)
        {
            if (dimensions[d] == b.Shape[d] || open.Contains(dimensions[d])) continue;
            open.Add(dimensions[d] = context.NewSymbol());
        }
        var shape = Shape.Of(dimensions);
        return shape.Equals(a.Shape) ? a : new TensorType(a.Element, shape);
    }

    /// <summary>Of sequences and optionals, passes may change everything but the element type.</summary>
    private static GraphType? Loose(GraphType? type) => type switch
    {
        TensorType tensor => new TensorType(tensor.Element),
        SequenceType sequence => new SequenceType(Loose(sequence.Item)!),
        OptionalType optional => new OptionalType(Loose(optional.Item)!),
        _ => type,
    };
}
