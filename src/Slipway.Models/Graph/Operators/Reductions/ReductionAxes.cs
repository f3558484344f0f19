using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Which axes a reduction goes over: an attribute, or the second input in later versions of the operators.</summary>
/// <param name="node">Read are <c>axes</c>, <c>keepdims</c> and <c>noop_with_empty_axes</c>.</param>
/// <param name="asInput">The version of the operator takes the axes as an input.</param>
internal sealed class ReductionAxes(NodeInfo node, bool asInput)
{
    private readonly long[]? _axes = asInput ? null : node.Ints("axes");
    private readonly bool _noopWhenEmpty = node.Flag("noop_with_empty_axes");

    public bool KeepDimensions { get; } = node.Flag("keepdims", true);

    public void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        var isGiven = asInput && context.HasInput(1);
        if (isGiven && context.Constant(1) is null)
        {
            var rank = context.Rank(0);
            var left = KeepDimensions ? rank : context.Shape(1) is { Rank: 1 } axes && axes[0] > 0 ? rank - axes[0] : -1;
            context.SetOutput(0, element, rank >= 0 && left >= 0 ? context.UnknownShape((int)left) : null);
            return;
        }
        if (context.Shape(0) is not { } shape)
        {
            context.SetOutput(0, element, (Shape?)null);
            return;
        }
        Span<bool> reduced = stackalloc bool[shape.Rank];
        Mark(isGiven ? context.Constant(1) : null, reduced);
        Span<long> result = stackalloc long[shape.Rank];
        var count = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (!reduced[axis]) result[count++] = shape[axis];
            else if (KeepDimensions) result[count++] = 1;
        }
        context.SetOutput(0, element, Shape.Of(result[..count]));
    }

    /// <summary>True for each axis that is reduced.</summary>
    /// <param name="input">The axes as an input, if given.</param>
    /// <exception cref="ModelException">There is no such axis.</exception>
    public void Mark(TensorValue? input, Span<bool> reduced)
    {
        var count = input?.Count ?? _axes?.Length ?? 0;
        reduced.Fill(count == 0 && !_noopWhenEmpty);
        for (var i = 0; i < count; i++) reduced[InferenceContext.Axis(input is null ? _axes![i] : input.IntAt(i), reduced.Length)] = true;
    }
}
