using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>The logarithm of the sum of powers of e over axes, max + ln Σ e^(x − max), so that no power overflows. Runs and rows in order, see <see cref="Reductions"/>.</summary>
internal static class LogSumExp
{
    private const int ColumnsPerTile = 256;
    private const int ElementsPerPart = 8192;

    /// <param name="plan">Of the tensor's shape.</param>
    /// <param name="x">Row-major.</param>
    /// <param name="result">Row-major, shares no memory with <paramref name="x"/>.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static void Run(ReductionPlan plan, ReadOnlySpan<float> x, Span<float> result, int threads = 1) =>
        Run<float, Functions.Exp, Functions.Log>(plan, x, result, threads);

    /// <inheritdoc cref="Run(ReductionPlan, ReadOnlySpan{float}, Span{float}, int)"/>
    public static void Run(ReductionPlan plan, ReadOnlySpan<double> x, Span<double> result, int threads = 1) =>
        Run<double, Functions.Exp, Functions.Log>(plan, x, result, threads);

    private static unsafe void Run<T, TExp, TLog>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TExp : struct, IFunction<T>
        where TLog : struct, IFunction<T>
    {
        Reductions.Run<T, MaxReduction<T>>(plan, x, result, threads);
        if (x.IsEmpty) return;
        var rows = plan.ResultCount / plan.Width;
        var tiles = (plan.Width + ColumnsPerTile - 1) / ColumnsPerTile;
        fixed (T* source = x, target = result)
        {
            var work = new Rows<T, TExp, TLog>(plan, source, x.Length, target, tiles);
            ParallelRows.Run(work, rows * tiles, plan.Count / (rows * tiles), ElementsPerPart, threads);
        }
    }

    /// <summary>The results hold the maxima when the rows begin.</summary>
    private readonly unsafe struct Rows<T, TExp, TLog>(ReductionPlan plan, T* x, int count, T* result, int tiles) : IRows
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TExp : struct, IFunction<T>
        where TLog : struct, IFunction<T>
    {
        [SkipLocalsInit]
        public void Run(long first, long end)
        {
            Span<T> sums = stackalloc T[ColumnsPerTile], powers = stackalloc T[ColumnsPerTile];
            var tensor = new ReadOnlySpan<T>(x, count);
            for (var at = first; at < end; at++)
            {
                var (row, tile) = Math.DivRem(at, tiles);
                var column = (int)tile * ColumnsPerTile;
                var columns = Math.Min(ColumnsPerTile, plan.Width - column);
                var maxima = new Span<T>(result + (row * plan.Width) + column, columns);
                for (var j = 0; j < columns; j++)
                {
                    if (T.IsInfinity(maxima[j])) maxima[j] = T.Zero;
                }
                var rest = tensor[(plan.KeptOffset(row) + column)..];
                if (plan.Width == 1) sums[0] = SumOfRuns(rest, maxima[0], powers);
                else SumColumns(rest, maxima, sums[..columns], powers[..columns]);
                FunctionMap.Map<TLog, T>(sums[..columns], sums[..columns]);
                for (var j = 0; j < columns; j++) maxima[j] += sums[j];
            }
        }

        private T SumOfRuns(ReadOnlySpan<T> tensor, T max, Span<T> powers)
        {
            var sum = T.Zero;
            for (long run = 0; run < plan.ReducedCount / plan.Run; run++)
            {
                var elements = tensor.Slice(plan.ReducedOffset(run), plan.Run);
                while (!elements.IsEmpty)
                {
                    var block = powers[..Math.Min(powers.Length, elements.Length)];
                    for (var i = 0; i < block.Length; i++) block[i] = elements[i] - max;
                    FunctionMap.Map<TExp, T>(block, block);
                    sum += LaneReduction.Reduce<T, SumReduction<T>>(block);
                    elements = elements[block.Length..];
                }
            }
            return sum;
        }

        private void SumColumns(ReadOnlySpan<T> tensor, ReadOnlySpan<T> maxima, Span<T> sums, Span<T> powers)
        {
            sums.Clear();
            for (long i = 0; i < plan.ReducedCount; i++)
            {
                var row = tensor.Slice(plan.ReducedOffset(i), sums.Length);
                for (var j = 0; j < row.Length; j++) powers[j] = row[j] - maxima[j];
                FunctionMap.Map<TExp, T>(powers, powers);
                for (var j = 0; j < row.Length; j++) sums[j] += powers[j];
            }
        }
    }
}
