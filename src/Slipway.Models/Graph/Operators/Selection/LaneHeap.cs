using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>Which of two different numbers comes first.</summary>
internal interface IRank
{
    static abstract bool IsBefore<T>(T a, T b) where T : INumber<T>;
}

/// <summary>Selects the first few of a lane in order with a heap of their positions: n log k comparisons and no memory of its own.</summary>
internal static class LaneHeap
{
    /// <param name="values">Element i is at <c>i * stride</c>.</param>
    /// <param name="heap">Gets the positions of the first elements, best first; as many as it has room for.</param>
    public static void Select<T, TRank>(ReadOnlySpan<T> values, int stride, int count, Span<int> heap) where T : INumber<T> where TRank : IRank
    {
        for (var i = 0; i < heap.Length; i++) heap[i] = i;
        for (var i = heap.Length / 2 - 1; i >= 0; i--) Sink<T, TRank>(values, stride, heap, i);
        for (var i = heap.Length; i < count; i++)
        {
            // The worst kept is on top; of equal elements the later is worse, and i is later than all.
            if (!TRank.IsBefore(values[i * stride], values[heap[0] * stride])) continue;
            heap[0] = i;
            Sink<T, TRank>(values, stride, heap, 0);
        }
        for (var last = heap.Length - 1; last > 0; last--)
        {
            (heap[0], heap[last]) = (heap[last], heap[0]);
            Sink<T, TRank>(values, stride, heap[..last], 0);
        }
    }

    private static void Sink<T, TRank>(ReadOnlySpan<T> values, int stride, Span<int> heap, int at) where T : INumber<T> where TRank : IRank
    {
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= heap.Length) return;
            if (child + 1 < heap.Length && IsWorse<T, TRank>(values, stride, heap[child + 1], heap[child])) child++;
            if (!IsWorse<T, TRank>(values, stride, heap[child], heap[at])) return;
            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }

    private static bool IsWorse<T, TRank>(ReadOnlySpan<T> values, int stride, int a, int b) where T : INumber<T> where TRank : IRank
    {
        var (x, y) = (values[a * stride], values[b * stride]);
        return TRank.IsBefore(y, x) || (a > b && !TRank.IsBefore(x, y));
    }
}
