namespace Slipway.Models.Graph;

/// <summary>
/// The places of a reduction's operands: for each output a first element, and from there the same offsets. Neighbouring axes that are both kept or both reduced are one.
/// </summary>
internal readonly ref struct ReductionWalk
{
    private readonly Span<int> _sizes;
    private readonly Span<int> _steps;

    /// <param name="buffer">Four numbers for each axis.</param>
    public ReductionWalk(ReadOnlySpan<long> shape, ReadOnlySpan<bool> reduced, Span<int> buffer)
    {
        var rank = shape.Length;
        Span<int> keptSizes = buffer[..rank], keptSteps = buffer.Slice(rank, rank);
        _sizes = buffer.Slice(2 * rank, rank);
        _steps = buffer.Slice(3 * rank, rank);
        int kept = 0, over = 0, step = 1;
        ReducedCount = 1;
        KeptCount = 1;
        for (var axis = rank - 1; axis >= 0; axis--)
        {
            var size = (int)shape[axis];
            var joins = axis < rank - 1 && reduced[axis] == reduced[axis + 1];
            if (reduced[axis])
            {
                ReducedCount *= size;
                if (joins) _sizes[over - 1] *= size;
                else (_sizes[over], _steps[over++]) = (size, step);
            }
            else
            {
                KeptCount *= size;
                if (joins) keptSizes[kept - 1] *= size;
                else (keptSizes[kept], keptSteps[kept++]) = (size, step);
            }
            step *= size;
        }
        Kept = keptSizes[..kept];
        KeptSteps = keptSteps[..kept];
        _sizes = _sizes[..over];
        _steps = _steps[..over];
    }

    public int KeptCount { get; }

    public int ReducedCount { get; }

    private ReadOnlySpan<int> Kept { get; }

    private ReadOnlySpan<int> KeptSteps { get; }

    /// <summary>The innermost reduced loop: elements and their distance.</summary>
    public int RunLength => _sizes.Length == 0 ? 1 : _sizes[0];

    public int RunStep => _steps.Length == 0 ? 1 : _steps[0];

    public int Runs => ReducedCount == 0 ? 0 : ReducedCount / RunLength;

    /// <summary>The first element of an output.</summary>
    public int Start(int output)
    {
        var start = 0;
        for (var d = 0; d < Kept.Length; d++)
        {
            start += output % Kept[d] * KeptSteps[d];
            output /= Kept[d];
        }
        return start;
    }

    /// <summary>Where a run begins, from the first element of its output.</summary>
    public int RunStart(int run)
    {
        var start = 0;
        for (var d = 1; d < _sizes.Length; d++)
        {
            start += run % _sizes[d] * _steps[d];
            run /= _sizes[d];
        }
        return start;
    }
}
