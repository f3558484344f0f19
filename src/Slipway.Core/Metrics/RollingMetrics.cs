namespace Slipway.Core;

/// <summary>
/// Calls, rows, errors and latencies of one thing (a model version, a use case) over the last hour and since the start.
/// Recording is three interlocked adds: no lock, no allocation. Memory is fixed, about 230 KB.
/// <para>
/// Time is cut into slices of five seconds, of which six minutes are kept; a slice that ages out is folded into its minute, of which an hour and
/// five minutes are kept. A window begins where a slice does (beyond six minutes, where a minute does), so it may reach back a little further than asked.
/// </para>
/// </summary>
public sealed class RollingMetrics
{
    private const int SliceSeconds = 5;
    private const int FineSlices = 72;
    private const int SlicesPerMinute = 60 / SliceSeconds;
    private const int Minutes = 65;

    private static readonly TimeSpan FineWindow = TimeSpan.FromSeconds((FineSlices - 1) * SliceSeconds);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _timestampsPerSlice;
    private readonly MetricsSlice[] _fine = Slices(FineSlices);
    private readonly MetricsSlice[] _minutes = Slices(Minutes);
    private readonly long[] _agedBuckets = new long[LatencyBuckets.Count];
    private readonly Lock _rotation = new();
    private long _agedTicks;
    private long _agedRows;
    private long _agedErrors;

    public RollingMetrics(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timestampsPerSlice = time.TimestampFrequency * SliceSeconds;
    }

    /// <summary>The longest window that can be asked for.</summary>
    public static TimeSpan MaxWindow => TimeSpan.FromMinutes(60);

    /// <summary>One call that succeeded.</summary>
    public void Record(TimeSpan latency, int rows)
    {
        var slice = Current();
        Interlocked.Increment(ref slice.Buckets[LatencyBuckets.Of(latency.Ticks)]);
        Interlocked.Add(ref slice.Ticks, latency.Ticks);
        Interlocked.Add(ref slice.Rows, rows);
    }

    /// <summary>One call that failed.</summary>
    public void Fail() => Interlocked.Increment(ref Current().Errors);

    /// <summary>What happened in the last <paramref name="window"/>, at most <see cref="MaxWindow"/>.</summary>
    public MetricsSnapshot Over(TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        if (window > MaxWindow) window = MaxWindow;
        var sum = new MetricsSlice();
        TimeSpan covered;
        lock (_rotation)
        {
            var first = Math.Max(0, SliceNow() - (long)Math.Ceiling(window.TotalSeconds / SliceSeconds));
            covered = Since(window > FineWindow ? first / SlicesPerMinute * SlicesPerMinute : first);
            foreach (var slice in _fine)
            {
                if (slice.Index >= first) slice.AddTo(sum);
            }
            foreach (var minute in _minutes)
            {
                if (minute.Index >= first / SlicesPerMinute) minute.AddTo(sum);
            }
        }
        return Summarize(covered, sum);
    }

    /// <summary>The time that one entry of <see cref="History"/> covers.</summary>
    public static TimeSpan SliceLength => TimeSpan.FromSeconds(SliceSeconds);

    /// <summary>
    /// The last whole slices, oldest first: at most <paramref name="slices"/>, at most six minutes, none from before the start. The slice at hand is not among them.
    /// </summary>
    public MetricsSnapshot[] History(int slices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slices);
        var untouched = new MetricsSlice();
        lock (_rotation)
        {
            var end = SliceNow();
            var first = Math.Max(0, end - Math.Min(slices, FineSlices - 1));
            var history = new MetricsSnapshot[end - first];
            for (var i = 0; i < history.Length; i++)
            {
                var slice = _fine[(first + i) % FineSlices];
                history[i] = Summarize(SliceLength, Volatile.Read(ref slice.Index) == first + i ? slice : untouched);
            }
            return history;
        }
    }

    /// <summary>Everything since the start.</summary>
    public MetricsTotals Totals()
    {
        lock (_rotation)
        {
            long calls = 0, ticks = _agedTicks, rows = _agedRows, errors = _agedErrors;
            foreach (var count in _agedBuckets) calls += count;
            foreach (var slice in _fine)
            {
                foreach (var count in slice.Buckets) calls += count;
                ticks += slice.Ticks;
                rows += slice.Rows;
                errors += slice.Errors;
            }
            return new MetricsTotals(calls, rows, errors, TimeSpan.FromTicks(ticks));
        }
    }

    /// <summary>
    /// Upper bounds for a cumulative histogram: powers of two of 100 ns from 25.6 µs to 26.8 s, which are bucket edges, so that its counts are exact.
    /// </summary>
    public static IReadOnlyList<TimeSpan> HistogramBounds { get; } = [.. Enumerable.Range(8, 21).Select(power => TimeSpan.FromTicks(1L << power))];

    /// <summary>Calls since the start that took less than each of <see cref="HistogramBounds"/>, and last all calls.</summary>
    public long[] Histogram()
    {
        var counts = new long[HistogramBounds.Count + 1];
        lock (_rotation)
        {
            for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++)
            {
                var count = _agedBuckets[bucket];
                foreach (var slice in _fine) count += slice.Buckets[bucket];
                var bound = 0;
                while (bound < HistogramBounds.Count && HistogramBounds[bound].Ticks <= LatencyBuckets.LowerBound(bucket)) bound++;
                counts[bound] += count;
            }
        }
        for (var i = 1; i < counts.Length; i++) counts[i] += counts[i - 1];
        return counts;
    }

    private MetricsSlice Current()
    {
        var index = SliceNow();
        var slice = _fine[index % FineSlices];
        return Volatile.Read(ref slice.Index) == index ? slice : Rotate(slice, index);
    }

    // At least a second, so that rates at the very start mean something.
    private TimeSpan Since(long slice)
    {
        var covered = _time.GetElapsedTime(_start + (slice * _timestampsPerSlice));
        return covered > TimeSpan.FromSeconds(1) ? covered : TimeSpan.FromSeconds(1);
    }

    private long SliceNow() => (_time.GetTimestamp() - _start) / _timestampsPerSlice;

    // A slice is folded only when its place is needed again, minutes later: by then no writer still holds it.
    private MetricsSlice Rotate(MetricsSlice slice, long index)
    {
        lock (_rotation)
        {
            if (slice.Index >= index) return slice;
            if (slice.Index >= 0)
            {
                var minuteIndex = slice.Index / SlicesPerMinute;
                var minute = _minutes[minuteIndex % Minutes];
                if (minute.Index < minuteIndex) minute.Clear(minuteIndex);
                slice.AddTo(minute);
                for (var i = 0; i < _agedBuckets.Length; i++) _agedBuckets[i] += slice.Buckets[i];
                _agedTicks += slice.Ticks;
                _agedRows += slice.Rows;
                _agedErrors += slice.Errors;
            }
            slice.Clear(index);
            return slice;
        }
    }

    private static MetricsSnapshot Summarize(TimeSpan window, MetricsSlice sum)
    {
        long calls = 0;
        var last = -1;
        for (var i = 0; i < sum.Buckets.Length; i++)
        {
            calls += sum.Buckets[i];
            if (sum.Buckets[i] > 0) last = i;
        }
        if (calls == 0) return new MetricsSnapshot(window, 0, sum.Rows, sum.Errors, default, default, default, default, default);
        return new MetricsSnapshot(
            window, calls, sum.Rows, sum.Errors, TimeSpan.FromTicks(sum.Ticks / calls),
            Quantile(sum, calls, 0.5), Quantile(sum, calls, 0.9), Quantile(sum, calls, 0.99),
            TimeSpan.FromTicks(LatencyBuckets.LowerBound(last + 1)));
    }

    // Linear within the bucket that holds the quantile's rank.
    private static TimeSpan Quantile(MetricsSlice sum, long calls, double quantile)
    {
        var rank = quantile * calls;
        double below = 0;
        for (var i = 0; i < sum.Buckets.Length; i++)
        {
            var count = sum.Buckets[i];
            if (count == 0 || below + count < rank)
            {
                below += count;
                continue;
            }
            var low = LatencyBuckets.LowerBound(i);
            var width = LatencyBuckets.LowerBound(i + 1) - low;
            return TimeSpan.FromTicks(low + (long)(width * (rank - below) / count));
        }
        return TimeSpan.Zero;
    }

    private static MetricsSlice[] Slices(int count)
    {
        var slices = new MetricsSlice[count];
        for (var i = 0; i < count; i++) slices[i] = new MetricsSlice();
        return slices;
    }
}
