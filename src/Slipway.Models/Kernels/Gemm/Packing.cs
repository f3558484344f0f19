namespace Slipway.Models.Kernels;

/// <summary>Copies an operand into the order in which a micro-kernel reads it.</summary>
internal static unsafe class Packing<T>
    where T : unmanaged
{
    /// <summary>Writes <paramref name="steps"/> times <paramref name="width"/> elements: the lanes of a step side by side, then zeros up to the width.</summary>
    /// <param name="from">The first element of the first lane.</param>
    /// <param name="step">From a step to the next, in elements.</param>
    /// <param name="lane">From a lane to the next, in elements.</param>
    /// <param name="steps">0 or more.</param>
    /// <param name="lanes">1 to <paramref name="width"/>.</param>
    /// <param name="width">Elements of a packed step.</param>
    /// <param name="to">Where they go.</param>
    public static void Pack(T* from, nint step, nint lane, nint steps, int lanes, int width, T* to)
    {
        if (lanes < width) new Span<T>(to, checked((int)(steps * width))).Clear();
        if (lane == 1)
        {
            for (nint k = 0; k < steps; k++, from += step, to += width) new ReadOnlySpan<T>(from, lanes).CopyTo(new Span<T>(to, lanes));
            return;
        }
        for (var j = 0; j < lanes; j++, from += lane, to++)
        {
            T* read = from, write = to;
            for (nint k = 0; k < steps; k++, read += step, write += width) *write = *read;
        }
    }
}
