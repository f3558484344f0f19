using Slipway.Monitoring.Sketches;

namespace Slipway.Tests.Monitoring.Sketches;

public sealed class MomentsTests
{
    [Fact]
    public void Moments_are_those_of_the_values()
    {
        var moments = Of([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
        Assert.Equal((4, 1e9 + 10, 30.0, 1e9 + 4, 1e9 + 16), (moments.Count, moments.Mean, moments.Variance, moments.Minimum, moments.Maximum));
    }

    [Fact]
    public void Empty_and_single_have_no_spread()
    {
        Assert.True(double.IsNaN(new Moments().Mean) && double.IsNaN(new Moments().Maximum) && double.IsNaN(Of([3]).Variance));
        Assert.Equal((3, 3), (Of([3]).Mean, Of([3]).Minimum));
    }

    [Fact]
    public void Merge_equals_one_pass()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            double[] values = [.. Enumerable.Range(0, random.Next(0, 50)).Select(_ => (random.NextDouble() * 100) - 30)];
            var cut = random.Next(0, values.Length + 1);
            var merged = Of(values[..cut]);
            merged.Merge(Of(values[cut..]));
            var whole = Of(values);
            Assert.Equal(whole.Count, merged.Count);
            Assert.Equal(whole.Mean, merged.Mean, 1e-10);
            Assert.Equal(whole.Variance, merged.Variance, 1e-8);
            Assert.Equal((whole.Minimum, whole.Maximum), (merged.Minimum, merged.Maximum));
        }
    }

    private static Moments Of(double[] values)
    {
        var moments = new Moments();
        foreach (var value in values) moments.Add(value);
        return moments;
    }
}
