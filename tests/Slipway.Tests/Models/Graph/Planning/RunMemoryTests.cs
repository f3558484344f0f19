using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public class RunMemoryTests
{
    [Fact]
    public void Memory_of_a_body_counts_for_the_run_around_it_until_it_is_released()
    {
        var around = new RunMemory(100);
        var body = new RunMemory(100, around);
        around.Grow(0, 40);
        body.Grow(10, 70);
        Assert.Contains("take 101 bytes, more than the 100 that are allowed", Assert.Throws<RecordException>(() => around.Grow(0, 1)).Message);
        Assert.Throws<RecordException>(() => body.Grow(0, long.MaxValue));
        body.Release();
        around.Grow(0, 60);
        Assert.Throws<RecordException>(() => body.Grow(0, 1));
        around.Shrink(1);
        body.Grow(0, 1);
    }
}
