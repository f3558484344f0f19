using Slipway.Core;

namespace Slipway.Tests.Core.Metrics;

public sealed class RollingMetricsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_window_without_calls_is_all_zero()
    {
        var metrics = new RollingMetrics(_time);
        var snapshot = metrics.Over(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0, 0), (snapshot.Calls, snapshot.Rows, snapshot.Errors));
        Assert.Equal(TimeSpan.Zero, snapshot.P99);
        Assert.Equal(0, snapshot.ErrorRate);
    }

    [Fact]
    public void Calls_rows_errors_and_the_mean_are_exact()
    {
        var metrics = new RollingMetrics(_time);
        metrics.Record(TimeSpan.FromMilliseconds(1), 10);
        metrics.Record(TimeSpan.FromMilliseconds(3), 5);
        metrics.Fail();
        _time.Advance(TimeSpan.FromSeconds(4));
        var snapshot = metrics.Over(TimeSpan.FromMinutes(1));
        Assert.Equal((2, 15, 1), (snapshot.Calls, snapshot.Rows, snapshot.Errors));
        Assert.Equal(TimeSpan.FromMilliseconds(2), snapshot.Mean);
        Assert.Equal(1 / 3.0, snapshot.ErrorRate, 12);
        Assert.Equal(0.5, snapshot.CallsPerSecond, 12);
    }

    [Fact]
    public void History_holds_whole_slices_oldest_first_with_gaps_at_zero()
    {
        var metrics = new RollingMetrics(_time);
        Assert.Empty(metrics.History(60));
        for (var slice = 0; slice < 100; slice++)
        {
            if (slice % 2 == 0) metrics.Record(TimeSpan.FromMilliseconds(2), slice);
            else if (slice % 3 == 0) metrics.Fail();
            _time.Advance(RollingMetrics.SliceLength);
        }
        metrics.Record(TimeSpan.FromMilliseconds(2), 1_000_000);

        var history = metrics.History(10);

        Assert.Equal([90L, 0, 92, 0, 94, 0, 96, 0, 98, 0], history.Select(s => s.Rows));
        Assert.Equal([0L, 0, 0, 1, 0, 0, 0, 0, 0, 1], history.Select(s => s.Errors));
        Assert.All(history, s => Assert.Equal(RollingMetrics.SliceLength, s.Window));
        Assert.Equal(71, metrics.History(10_000).Length);
    }

    [Fact]
    public void Quantiles_are_within_a_bucket_of_the_sorted_ones()
    {
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var metrics = new RollingMetrics(_time);
            var latencies = new double[random.Next(1, 5000)];
            for (var i = 0; i < latencies.Length; i++)
            {
                latencies[i] = Math.Exp((random.NextDouble() * 12) + 3);
                metrics.Record(TimeSpan.FromMicroseconds(latencies[i]), 1);
            }
            Array.Sort(latencies);
            var snapshot = metrics.Over(TimeSpan.FromSeconds(10));
            Check(0.5, snapshot.P50);
            Check(0.9, snapshot.P90);
            Check(0.99, snapshot.P99);
            Assert.InRange(snapshot.Max.TotalMicroseconds, latencies[^1], latencies[^1] * 1.0626);

            void Check(double quantile, TimeSpan found)
            {
                var exact = latencies[(int)Math.Ceiling(quantile * latencies.Length) - 1];
                Assert.InRange(found.TotalMicroseconds, exact / 1.0626, exact * 1.0626);
            }
        }
    }

    [Fact]
    public void Every_latency_falls_between_the_bounds_of_its_bucket()
    {
        for (var ticks = 0L; ticks < 1L << 29; ticks += 1 + (ticks / 50))
        {
            var bucket = LatencyBuckets.Of(ticks);
            Assert.InRange(ticks, LatencyBuckets.LowerBound(bucket), LatencyBuckets.LowerBound(bucket + 1) - 1);
        }
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.Of(long.MaxValue));
        Assert.Equal(0, LatencyBuckets.Of(-5));
    }

    [Theory]
    [InlineData(10, 20, 0)]
    [InlineData(60, 64, 1)]
    [InlineData(60, 66, 0)]
    [InlineData(300, 299, 1)]
    [InlineData(300, 306, 0)]
    [InlineData(3600, 3599, 1)]
    [InlineData(3600, 3661, 0)]
    public void A_call_leaves_the_window_when_it_is_older(int windowSeconds, int ageSeconds, int expected)
    {
        var metrics = new RollingMetrics(_time);
        metrics.Record(TimeSpan.FromMilliseconds(1), 1);
        _time.Advance(TimeSpan.FromSeconds(ageSeconds));
        Assert.Equal(expected, metrics.Over(TimeSpan.FromSeconds(windowSeconds)).Calls);
    }

    [Fact]
    public void A_long_window_agrees_with_a_list_of_every_call()
    {
        var random = new Random(9);
        var metrics = new RollingMetrics(_time);
        var calls = new List<DateTimeOffset>();
        for (var i = 0; i < 20_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 1500)));
            metrics.Record(TimeSpan.FromMilliseconds(1), 1);
            calls.Add(_time.GetUtcNow());
            if (i % 500 != 0) continue;
            foreach (var minutes in (int[])[1, 5, 7, 30, 60])
            {
                var snapshot = metrics.Over(TimeSpan.FromMinutes(minutes));
                var since = _time.GetUtcNow() - snapshot.Window;
                Assert.InRange(snapshot.Window.TotalSeconds, 0, (minutes * 60) + 66);
                Assert.Equal(calls.Count(c => c >= since), snapshot.Calls);
            }
        }
        Assert.Equal(20_000, metrics.Totals().Calls);
        Assert.Equal(20_000, metrics.Totals().Rows);
        Assert.Equal(TimeSpan.FromSeconds(20), metrics.Totals().LatencySum);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_threads_record()
    {
        var metrics = new RollingMetrics(_time);
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                metrics.Record(TimeSpan.FromMicroseconds(i % 100), 2);
                if (i % 10 == 0) metrics.Fail();
                if (i % 1000 == 0) _time.Advance(TimeSpan.FromSeconds(1));
            }
        })).ToArray();
        await Task.WhenAll(writers);
        var totals = metrics.Totals();
        Assert.Equal((200_000, 400_000, 20_000), (totals.Calls, totals.Rows, totals.Errors));
        Assert.Equal(200_000, metrics.Histogram()[^1]);
    }

    [Fact]
    public void The_histogram_counts_calls_below_each_bound()
    {
        var metrics = new RollingMetrics(_time);
        foreach (var microseconds in (double[])[10, 25.5, 25.6, 100, 60_000_000]) metrics.Record(TimeSpan.FromMicroseconds(microseconds), 1);
        var counts = metrics.Histogram();
        Assert.Equal(TimeSpan.FromMicroseconds(25.6), RollingMetrics.HistogramBounds[0]);
        Assert.Equal(2, counts[0]);
        Assert.Equal(3, counts[1]);
        Assert.Equal(4, counts[2]);
        Assert.Equal(4, counts[^2]);
        Assert.Equal(5, counts[^1]);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var metrics = new RollingMetrics(_time);
        var microseconds = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            metrics.Record(TimeSpan.FromMicroseconds(microseconds++), 1);
            metrics.Fail();
            _time.Advance(TimeSpan.FromSeconds(1));
        }));
    }
}
