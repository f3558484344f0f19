using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>The elements that a slice takes along one dimension, as in Python's <c>[start:end:step]</c>: positions below zero count from the end, those outside are moved to the edge (backwards, too, a start before the first element is the first).
/// The largest int32 or int64 as the end is the end in the slice's direction, as the text of version 10 has it and ONNX Runtime reads all: backwards, down to the first element.</summary>
internal readonly record struct SliceRange(long Start, long Step, long Count)
{
    public static SliceRange Of(long start, long end, long step, long size)
    {
        if (step == 0) throw new ModelException("the step of a slice is 0");
        if (step == long.MinValue) step = -long.MaxValue;
        if (start < 0) start = Math.Max(start + size, 0);
        if (step < 0 && IsOpen(end)) end = -1;
        else if (end < 0) end = Math.Max(end + size, -1);
        if (step > 0)
        {
            start = Math.Min(start, size);
            end = Math.Clamp(end, 0, size);
            return new SliceRange(start, step, end > start ? (end - start - 1) / step + 1 : 0);
        }
        start = Math.Min(start, size - 1);
        end = Math.Min(end, size - 1);
        return new SliceRange(start, step, start > end ? (start - end - 1) / -step + 1 : 0);
    }

    /// <summary>Whether an end stands for none.</summary>
    public static bool IsOpen(long end) => end is int.MaxValue or long.MaxValue;
}
