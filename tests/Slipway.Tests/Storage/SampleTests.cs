using Slipway.Core;
using Slipway.Storage;

namespace Slipway.Tests.Storage;

public class SampleTests
{
    [Fact]
    public void Ten_thousand_samples_go_in_at_once_and_come_out()
    {
        using var stores = new SqliteStores();
        var samples = Enumerable.Range(0, 10_000)
            .Select(i => new Sample($"s{i}", "bike", "m", 1, DateTimeOffset.UnixEpoch.AddSeconds(i), $$"""{"temp":{{i}}}""", """{"prediction":1}"""))
            .ToArray();
        stores.Samples.Write(samples);
        Assert.Equal(10_000, stores.Samples.Count("bike"));
        Assert.Equal(samples.Reverse(), stores.Samples.Read(new SampleQuery("bike", Limit: 20_000)));
    }

    [Fact]
    public void Writing_allocates_nothing_for_each_sample()
    {
        using var stores = new SqliteStores();
        var batches = Enumerable.Range(0, 2)
            .Select(b => Enumerable.Range(0, 5000).Select(i => new Sample($"s{b}-{i}", "bike", "m", 1, DateTimeOffset.UnixEpoch, """{"temp":21}""", """{"prediction":1}""")).ToArray())
            .ToArray();
        stores.Samples.Write(batches[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        stores.Samples.Write(batches[1]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5000 * 10);
    }

    [Fact]
    public void Batch_with_a_sample_that_cannot_be_kept_keeps_none_of_it()
    {
        using var stores = new SqliteStores();
        var good = new Sample("a", "bike", "m", 1, DateTimeOffset.UnixEpoch, "{}", "{}");
        Assert.ThrowsAny<Exception>(() => stores.Samples.Write([good, good with { Id = "b", Input = null! }]));
        Assert.Equal(0, stores.Samples.Count("bike"));
        stores.Samples.Write([good]);
        Assert.Equal(1, stores.Samples.Count("bike"));
    }

    [Fact]
    public void Microseconds_round_down_and_keep_the_order()
    {
        var random = new Random(20261120);
        for (var i = 0; i < 1000; i++)
        {
            var ticks = random.NextInt64(DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks);
            var time = new DateTimeOffset(ticks, TimeSpan.Zero);
            var back = UnixMicroseconds.ToTime(UnixMicroseconds.From(time));
            Assert.InRange((time - back).Ticks, 0, 9);
            Assert.Equal(back, UnixMicroseconds.ToTime(UnixMicroseconds.From(back)));
        }
        Assert.Equal(-1, UnixMicroseconds.From(DateTimeOffset.UnixEpoch.AddTicks(-1)));
        Assert.Equal(0, UnixMicroseconds.From(DateTimeOffset.UnixEpoch.AddTicks(9)));
    }
}
