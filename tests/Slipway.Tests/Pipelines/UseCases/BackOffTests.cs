using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class BackOffTests
{
    [Fact]
    public void Waits_double_up_to_the_longest()
    {
        double[] waits = [.. new[] { 1, 2, 3, 6, 7, 8, 1000, int.MaxValue }.Select(failures => BackOff.Default.After(failures).TotalSeconds)];
        Assert.Equal([1, 2, 4, 32, 60, 60, 60, 60], waits);
    }
}
