using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Axes of tensors taken together. The order is fixed by the shape: elements next to each other as <see cref="LaneReduction"/> says, such runs one
/// after another; where the last dimension is kept, its elements side by side and their rows one after another in groups of 128. Threads take
/// whole elements of the result, so their number changes nothing.
/// </summary>
internal static class Reductions
{
    private const int RowsPerGroup = 128;

    /// <summary>Columns that stay in the nearest cache while their rows pass.</summary>
    private const int ColumnsPerTile = 512;

    /// <summary>Elements worth a thread.</summary>
    private const int ElementsPerPart = 32768;

    /// <param name="plan">Of the tensor's shape.</param>
    /// <param name="x">Row-major.</param>
    /// <param name="result">Row-major, shares no memory with <paramref name="x"/>.</param>
    /// <param name="threads">Most threads to use.</param>
    public static unsafe void Run<T, TReduction>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        if (x.Length != plan.Count) throw new ArgumentException($"has {x.Length} elements where {plan.Count} are wanted", nameof(x));
        if (result.Length != plan.ResultCount) throw new ArgumentException($"has {result.Length} elements where {plan.ResultCount} are wanted", nameof(result));
        if (result.IsEmpty) return;
        if (x.IsEmpty)
        {
            result.Fill(TReduction.Identity);
            return;
        }
        var rows = plan.ResultCount / plan.Width;
        var tiles = (plan.Width + ColumnsPerTile - 1) / ColumnsPerTile;
        fixed (T* source = x, target = result)
        {
            var work = new Rows<T, TReduction>(plan, source, x.Length, target, tiles);
            ParallelRows.Run(work, rows * tiles, plan.Count / (rows * tiles), ElementsPerPart, threads);
        }
    }

    private readonly unsafe struct Rows<T, TReduction>(ReductionPlan plan, T* x, int count, T* result, int tiles) : IRows
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        public void Run(long first, long end)
        {
            var tensor = new ReadOnlySpan<T>(x, count);
            for (var at = first; at < end; at++)
            {
                var (row, tile) = Math.DivRem(at, tiles);
                var start = plan.KeptOffset(row);
                if (plan.Width == 1)
                {
                    result[row] = RunsOf(tensor[start..]);
                    continue;
                }
                var column = (int)tile * ColumnsPerTile;
                var columns = Math.Min(ColumnsPerTile, plan.Width - column);
                ColumnsOf(tensor[(start + column)..], new Span<T>(result + (row * plan.Width) + column, columns));
            }
        }

        private T RunsOf(ReadOnlySpan<T> tensor)
        {
            var runs = plan.ReducedCount / plan.Run;
            var sum = LaneReduction.Reduce<T, TReduction>(tensor[..plan.Run]);
            for (long run = 1; run < runs; run++)
            {
                sum = TReduction.Combine(sum, LaneReduction.Reduce<T, TReduction>(tensor.Slice(plan.ReducedOffset(run), plan.Run)));
            }
            return sum;
        }

        [SkipLocalsInit]
        private void ColumnsOf(ReadOnlySpan<T> tensor, Span<T> sums)
        {
            Span<T> group = stackalloc T[ColumnsPerTile];
            group = group[..sums.Length];
            sums.Fill(TReduction.Identity);
            for (long row = 0; row < plan.ReducedCount; row += RowsPerGroup)
            {
                group.Fill(TReduction.Identity);
                var end = Math.Min(row + RowsPerGroup, plan.ReducedCount);
                for (var i = row; i < end; i++) AddRow(group, tensor.Slice(plan.ReducedOffset(i), sums.Length));
                for (var i = 0; i < sums.Length; i++) sums[i] = TReduction.Combine(sums[i], group[i]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void AddRow(Span<T> sums, ReadOnlySpan<T> row)
        {
            var i = 0;
            if (Vector512<T>.IsSupported)
            {
                ref var source = ref MemoryMarshal.GetReference(row);
                ref var target = ref MemoryMarshal.GetReference(sums);
                for (; i <= sums.Length - SimdVector512<T>.Count; i += SimdVector512<T>.Count)
                {
                    SimdVector512<T>.Store(TReduction.Accumulate(SimdVector512<T>.Load(ref target, i), SimdVector512<T>.Load(ref source, i)), ref target, i);
                }
            }
            for (; i < sums.Length; i++) sums[i] = TReduction.Accumulate(sums[i], row[i]);
        }
    }
}
