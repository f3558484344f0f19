using Slipway.Models.Formats.ScikitLearn;

namespace Slipway.Tests.Models.ScikitLearn;

public class PairwiseSumTests
{
    /// <summary>numpy 1.24.2: <c>x = 1 / np.arange(1, n + 1); x.sum()</c> and <c>(x * 1e16).sum() - 1e16</c>.</summary>
    [Theory]
    [InlineData(0, 0.0, -1e+16)]
    [InlineData(1, 1.0, 0.0)]
    [InlineData(5, 2.283333333333333, 1.2833333333333332e+16)]
    [InlineData(7, 2.5928571428571425, 1.5928571428571428e+16)]
    [InlineData(8, 2.7178571428571425, 1.7178571428571428e+16)]
    [InlineData(9, 2.8289682539682537, 1.828968253968254e+16)]
    [InlineData(15, 3.3182289932289937, 2.3182289932289932e+16)]
    [InlineData(16, 3.3807289932289937, 2.3807289932289932e+16)]
    [InlineData(100, 5.187377517639621, 4.18737751763962e+16)]
    [InlineData(127, 5.425334592589172, 4.425334592589172e+16)]
    [InlineData(128, 5.433147092589173, 4.433147092589172e+16)]
    [InlineData(129, 5.440899030573669, 4.440899030573669e+16)]
    [InlineData(200, 5.878030948121444, 4.878030948121445e+16)]
    [InlineData(1000, 7.485470860550345, 6.485470860550346e+16)]
    [InlineData(4097, 8.895347978001228, 7.895347978001226e+16)]
    public void Sums_are_numpys(int count, double sum, double difference)
    {
        var values = Enumerable.Range(1, count).Select(i => 1.0 / i).ToArray();
        Assert.Equal(sum, PairwiseSum.Of(values));
        Assert.Equal(difference, PairwiseSum.Of(Array.ConvertAll(values, v => v * 1e16)) - 1e16);
    }
}
