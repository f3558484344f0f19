using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What the operators of sequences share.</summary>
internal static class SequenceItems
{
    extension(RunContext context)
    {
        /// <exception cref="RecordException">The input is no sequence.</exception>
        public SequenceValue Sequence(int index) => context.InputValue(index) as SequenceValue ?? throw new RecordException($"input {index} must be a sequence, it is {context.InputValue(index).Type}");

        /// <summary>A position counted from the end when it is below zero; <paramref name="count"/> - 1 is the last that is allowed.</summary>
        public int Position(int index, int count)
        {
            if (context.Input(index).Count != 1) throw new RecordException($"the position must be one number, it is {context.Input(index).Type}");
            var position = context.Input(index).IntAt(0);
            return position < -count || position >= count ? throw new RecordException($"position {position} is outside of a sequence of {count} items") : (int)(position < 0 ? position + count : position);
        }
    }

    extension(InferenceContext context)
    {
        /// <summary>The type of the items of a sequence; null when it is not known.</summary>
        public GraphType? ItemType(int index) => context.InputType(index) switch
        {
            null => null,
            SequenceType sequence => sequence.Item,
            var other => throw new ModelException($"input {index} must be a sequence, it is {other}"),
        };
    }

    /// <summary>A sequence item's type: the element type stays, sizes do not matter.</summary>
    public static GraphType Loose(GraphType type) => type is TensorType tensor ? new TensorType(tensor.Element) : type;
}
