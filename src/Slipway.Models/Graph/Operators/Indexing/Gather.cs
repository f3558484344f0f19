using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Gather: takes slices of an axis by their positions (ai.onnx 1; 11: positions from the end).</summary>
internal sealed class Gather(NodeInfo node) : Operator
{
    private const int ElementsPerPart = 1 << 16;

    private readonly long _axis = node.Int("axis", 0);

    public override void Infer(InferenceContext context)
    {
        Shape? result = null;
        if (context.Shape(0) is { } data)
        {
            var axis = InferenceContext.Axis(_axis, data.Rank);
            if (context.Shape(1) is { } indices) result = new Shape([.. data.Span[..axis], .. indices.Span, .. data.Span[(axis + 1)..]]);
        }
        context.SetOutput(0, context.Element(0), result);
        PassDimensions(context, result);
    }

    private static void PassDimensions(InferenceContext context, Shape? result)
    {
        if (result is not { Rank: <= 1 } || context.Rank(0) != 1 || context.Sizes(0) is not { } sizes || context.Integers(1) is not { } positions) return;
        var known = new long[positions.Length];
        for (var i = 0; i < known.Length; i++)
        {
            var position = positions[i] < 0 ? positions[i] + sizes.Length : positions[i];
            if ((ulong)position >= (ulong)sizes.Length) throw new ModelException($"index {positions[i]} is outside of a vector of {sizes.Length} elements");
            known[i] = sizes[position];
        }
        context.SetOutputDimensions(0, known);
    }

    public override void Run(RunContext context)
    {
        var (data, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        var axis = InferenceContext.Axis(_axis, data.Rank);
        var slices = new Slices(data, context.Input(1), target, (int)data[axis], (int)Strides.Product(data.Shape[(axis + 1)..]));
        ParallelRows.Run(slices, target.Count / slices.Width, slices.Width, ElementsPerPart, context.Threads);
    }

    /// <summary>The slices of the output, in order: each is one of the data's, as its index says.</summary>
    /// <param name="size">Slices of the data to a row.</param>
    private readonly struct Slices(TensorValue data, TensorValue indices, TensorValue target, int size, int width) : IRows
    {
        /// <summary>Elements of a slice.</summary>
        public int Width => width;

        public void Run(long first, long end)
        {
            var move = new SliceMove(data, indices, target, size, width, (int)first, (int)end);
            ElementWidths.Move(data.Element, ref move);
        }
    }

    private readonly struct SliceMove(TensorValue data, TensorValue indices, TensorValue target, int size, int width, int first, int end) : IElementMove
    {
        public void Move<T>()
        {
            ReadOnlySpan<T> from = data.Elements<T>();
            var to = target.Elements<T>();
            var positions = new IndexReader(indices);
            var (row, index) = Math.DivRem(first, indices.Count);
            for (var slice = first; slice < end; slice++)
            {
                var start = ((row * size) + (int)positions.At(index, size)) * width;
                if (width == 1) to[slice] = from[start];
                else from.Slice(start, width).CopyTo(to.Slice(slice * width, width));
                if (++index < indices.Count) continue;
                index = 0;
                row++;
            }
        }
    }
}
