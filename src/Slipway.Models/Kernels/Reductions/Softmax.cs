using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// Softmax and its logarithm over the middle of three dimensions [outer, n, inner]: e^(x − max) / Σ e^(x − max). With an inner dimension of one
/// the sum is taken in lanes (see <see cref="LaneReduction"/>), else in order.
/// </summary>
internal static class Softmax
{
    private const int ColumnsPerTile = 256;
    private const int ElementsPerPart = 8192;

    /// <param name="x">[outer, n, inner], row-major.</param>
    /// <param name="y">As <paramref name="x"/>; the same memory or none of it.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static void Run(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner, int threads = 1) =>
        Run<float, Functions.Exp, Functions.Log>(x, y, outer, n, inner, logarithm: false, threads);

    /// <inheritdoc cref="Run(ReadOnlySpan{float}, Span{float}, int, int, int, int)"/>
    public static void Run(ReadOnlySpan<double> x, Span<double> y, int outer, int n, int inner, int threads = 1) =>
        Run<double, Functions.Exp, Functions.Log>(x, y, outer, n, inner, logarithm: false, threads);

    /// <summary>x − max − ln Σ e^(x − max).</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, Span{float}, int, int, int, int)"/>
    public static void RunLog(ReadOnlySpan<float> x, Span<float> y, int outer, int n, int inner, int threads = 1) =>
        Run<float, Functions.Exp, Functions.Log>(x, y, outer, n, inner, logarithm: true, threads);

    /// <summary>x − max − ln Σ e^(x − max).</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, Span{float}, int, int, int, int)"/>
    public static void RunLog(ReadOnlySpan<double> x, Span<double> y, int outer, int n, int inner, int threads = 1) =>
        Run<double, Functions.Exp, Functions.Log>(x, y, outer, n, inner, logarithm: true, threads);

    private static unsafe void Run<T, TExp, TLog>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner, bool logarithm, int threads)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TExp : struct, IFunction<T>
        where TLog : struct, IFunction<T>
    {
        if (outer < 0 || n < 0 || inner < 0 || x.Length != (long)outer * n * inner) throw new ArgumentException($"has {x.Length} elements where {outer} · {n} · {inner} are wanted", nameof(x));
        if (y.Length != x.Length) throw new ArgumentException($"has {y.Length} elements where {x.Length} are wanted", nameof(y));
        if (x.IsEmpty) return;
        var tiles = (inner + ColumnsPerTile - 1) / ColumnsPerTile;
        fixed (T* source = x, target = y)
        {
            var rows = new Rows<T, TExp, TLog>(source, target, n, inner, tiles, logarithm);
            ParallelRows.Run(rows, (long)outer * tiles, x.Length / ((long)outer * tiles), ElementsPerPart, threads);
        }
    }

    private readonly unsafe struct Rows<T, TExp, TLog>(T* x, T* y, int n, int inner, int tiles, bool logarithm) : IRows
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TExp : struct, IFunction<T>
        where TLog : struct, IFunction<T>
    {
        public void Run(long first, long end)
        {
            var lanes = SimdVector512<T>.Count;
            if (inner == 1 && n <= lanes)
            {
                for (var at = first; at < end; at += lanes) ShortRows(x + (at * n), y + (at * n), (int)Math.Min(lanes, end - at));
                return;
            }
            for (var at = first; at < end; at++)
            {
                var (row, tile) = Math.DivRem(at, tiles);
                var start = row * n * inner;
                if (inner == 1)
                {
                    RowOf(new ReadOnlySpan<T>(x + start, n), new Span<T>(y + start, n));
                    continue;
                }
                var column = tile * ColumnsPerTile;
                ColumnsOf(x + start + column, y + start + column, (int)Math.Min(ColumnsPerTile, inner - column));
            }
        }

        /// <summary>As many rows at once as a vector has lanes, with the sums of <see cref="RowOf"/>: rows that do not fill a vector would each cost one.</summary>
        /// <param name="rows">At most the lanes.</param>
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void ShortRows(T* source, T* target, int rows)
        {
            var lanes = SimdVector512<T>.Count;
            T* columns = stackalloc T[lanes * lanes], sums = stackalloc T[lanes * lanes];
            if (rows < lanes) new Span<T>(columns, n * lanes).Clear();
            for (var row = 0; row < rows; row++)
            {
                for (var i = 0; i < n; i++) columns[(i * lanes) + row] = source[(row * n) + i];
            }
            var max = SimdVector512<T>.Load(ref *columns, 0);
            for (var i = 1; i < n; i++) max = SimdVector512<T>.Max(max, SimdVector512<T>.Load(ref *columns, i * lanes));
            for (var i = 0; i < n; i++)
            {
                var power = TExp.Invoke(SimdVector512<T>.Load(ref *columns, i * lanes) - max);
                SimdVector512<T>.Store(power, ref *sums, i * lanes);
                if (!logarithm) SimdVector512<T>.Store(power, ref *columns, i * lanes);
            }
            for (var half = lanes / 2; half > 0; half /= 2)
            {
                for (var i = 0; i < half && i + half < n; i++)
                {
                    SimdVector512<T>.Store(SimdVector512<T>.Load(ref *sums, i * lanes) + SimdVector512<T>.Load(ref *sums, (i + half) * lanes), ref *sums, i * lanes);
                }
            }
            var sum = SimdVector512<T>.Load(ref *sums, 0);
            var log = logarithm ? TLog.Invoke(sum) : sum;
            for (var i = 0; i < n; i++)
            {
                var value = SimdVector512<T>.Load(ref *columns, i * lanes);
                SimdVector512<T>.Store(logarithm ? value - max - log : value / sum, ref *columns, i * lanes);
            }
            for (var row = 0; row < rows; row++)
            {
                for (var i = 0; i < n; i++) target[(row * n) + i] = columns[(i * lanes) + row];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void RowOf(ReadOnlySpan<T> source, Span<T> target)
        {
            var max = LaneReduction.Reduce<T, MaxReduction<T>>(source);
            var sum = Exponentials(source, target, max, store: !logarithm);
            if (logarithm)
            {
                SubtractBoth(source, target, max, LogOf(sum));
            }
            else
            {
                var divisor = SimdVector512<T>.Create(sum);
                var i = 0;
                ref var start = ref MemoryMarshal.GetReference(target);
                for (; i <= target.Length - SimdVector512<T>.Count; i += SimdVector512<T>.Count)
                {
                    SimdVector512<T>.Store(SimdVector512<T>.Load(ref start, i) / divisor, ref start, i);
                }
                for (; i < target.Length; i++) target[i] /= sum;
            }
        }

        /// <summary>The sum of e^(x − max), in lanes of one vector; the powers themselves when they are to be stored.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static T Exponentials(ReadOnlySpan<T> source, Span<T> target, T max, bool store)
        {
            var lanes = SimdVector512<T>.Count;
            ref var from = ref MemoryMarshal.GetReference(source);
            ref var to = ref MemoryMarshal.GetReference(target);
            var largest = SimdVector512<T>.Create(max);
            var sum = SimdVector512<T>.Create(T.Zero);
            var i = 0;
            for (; i <= source.Length - lanes; i += lanes)
            {
                var power = TExp.Invoke(SimdVector512<T>.Load(ref from, i) - largest);
                sum += power;
                if (store) SimdVector512<T>.Store(power, ref to, i);
            }
            if (i < source.Length)
            {
                // e^−∞ adds nothing.
                var block = SimdVector512<T>.Create(MaxReduction<T>.Neutral);
                var padded = MemoryMarshal.CreateSpan(ref Unsafe.As<SimdVector512<T>, T>(ref block), lanes);
                source[i..].CopyTo(padded);
                block = TExp.Invoke(block - largest);
                sum += block;
                if (store) padded[..(source.Length - i)].CopyTo(target[i..]);
            }
            return LaneReduction.Fold<T, SumReduction<T>>(sum);
        }

        private static void SubtractBoth(ReadOnlySpan<T> source, Span<T> target, T max, T log)
        {
            var i = 0;
            ref var from = ref MemoryMarshal.GetReference(source);
            ref var to = ref MemoryMarshal.GetReference(target);
            var (first, second) = (SimdVector512<T>.Create(max), SimdVector512<T>.Create(log));
            for (; i <= source.Length - SimdVector512<T>.Count; i += SimdVector512<T>.Count)
            {
                SimdVector512<T>.Store(SimdVector512<T>.Load(ref from, i) - first - second, ref to, i);
            }
            for (; i < source.Length; i++) target[i] = source[i] - max - log;
        }

        private static T LogOf(T x)
        {
            var lanes = TLog.Invoke(SimdVector512<T>.Create(x));
            return Unsafe.As<SimdVector512<T>, T>(ref lanes);
        }

        [SkipLocalsInit]
        private void ColumnsOf(T* source, T* target, int columns)
        {
            Span<T> max = stackalloc T[ColumnsPerTile], sum = stackalloc T[ColumnsPerTile], power = stackalloc T[ColumnsPerTile];
            max = max[..columns];
            sum = sum[..columns];
            power = power[..columns];
            max.Fill(MaxReduction<T>.Identity);
            sum.Clear();
            for (var i = 0; i < n; i++)
            {
                var row = new ReadOnlySpan<T>(source + ((long)i * inner), columns);
                for (var j = 0; j < columns; j++) max[j] = T.Max(max[j], row[j]);
            }
            for (var i = 0; i < n; i++)
            {
                var row = new ReadOnlySpan<T>(source + ((long)i * inner), columns);
                var powers = logarithm ? power : new Span<T>(target + ((long)i * inner), columns);
                for (var j = 0; j < columns; j++) powers[j] = row[j] - max[j];
                FunctionMap.Map<TExp, T>(powers, powers);
                for (var j = 0; j < columns; j++) sum[j] += powers[j];
            }
            if (logarithm) FunctionMap.Map<TLog, T>(sum, sum);
            for (var i = 0; i < n; i++)
            {
                var row = new ReadOnlySpan<T>(source + ((long)i * inner), columns);
                var result = new Span<T>(target + ((long)i * inner), columns);
                if (logarithm)
                {
                    for (var j = 0; j < columns; j++) result[j] = row[j] - max[j] - sum[j];
                }
                else
                {
                    for (var j = 0; j < columns; j++) result[j] /= sum[j];
                }
            }
        }
    }
}
