using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class NormalizationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    [InlineData(300, 384)]
    [InlineData(3, 1000)]
    public void Layer_norm_is_that_of_the_definition(int rows, int n)
    {
        var x = Numbers(rows * n, 1);
        var scale = Numbers(n, 2);
        var shift = Numbers(n, 3);
        float[] y = new float[x.Length], means = new float[rows], deviations = new float[rows], threaded = new float[x.Length];
        LayerNorm.Run(x, y, n, scale, shift, 1e-5f, means, deviations);
        for (var row = 0; row < rows; row++)
        {
            var (mean, variance) = Moments(x.AsSpan(row * n, n));
            Assert.Equal(mean, means[row], 1e-6);
            Assert.Equal(1, deviations[row] * Math.Sqrt(variance + 1e-5), 1e-5);
            for (var i = 0; i < n; i++) Assert.Equal(((x[(row * n) + i] - mean) / Math.Sqrt(variance + 1e-5) * scale[i]) + shift[i], y[(row * n) + i], 2e-5);
        }
        LayerNorm.Run(x, threaded, n, scale, shift, 1e-5f, threads: 2);
        Assert.Equal(y, threaded);
        LayerNorm.Run(x.AsSpan((rows - 1) * n, n), threaded.AsSpan(0, n), n, scale, shift, 1e-5f);
        Assert.Equal(y.AsSpan((rows - 1) * n).ToArray(), threaded.AsSpan(0, n).ToArray());
    }

    [Fact]
    public void Root_mean_square_norm_is_that_of_the_definition()
    {
        const int n = 77;
        var x = Numbers(9 * n, 1);
        var scale = Numbers(n, 2);
        var y = new float[x.Length];
        LayerNorm.RunRootMeanSquare(x, y, n, scale, 1e-6f);
        for (var i = 0; i < x.Length; i++)
        {
            var row = x.AsSpan(i / n * n, n).ToArray();
            Assert.Equal(x[i] / Math.Sqrt(row.Average(e => (double)e * e) + 1e-6) * scale[i % n], y[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(2, 6, 35, 3)]
    [InlineData(3, 4, 50, 4)]
    [InlineData(1, 8, 1, 1)]
    public void Group_norm_is_that_of_the_definition(int batch, int channels, int inner, int groups)
    {
        var x = Numbers(batch * channels * inner, 4);
        var scale = Numbers(channels, 5);
        var shift = Numbers(channels, 6);
        float[] y = new float[x.Length], threaded = new float[x.Length];
        GroupNorm.Run(x, y, batch, channels, inner, groups, scale, shift, 1e-5f);
        var n = channels / groups * inner;
        for (var i = 0; i < x.Length; i++)
        {
            var (mean, variance) = Moments(x.AsSpan(i / n * n, n));
            var channel = i / inner % channels;
            Assert.Equal(((x[i] - mean) / Math.Sqrt(variance + 1e-5) * scale[channel]) + shift[channel], y[i], 1e-5);
        }
        GroupNorm.Run(x, threaded, batch, channels, inner, groups, scale, shift, 1e-5f, threads: 2);
        Assert.Equal(y, threaded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Batch_norm_is_that_of_the_definition(int inner)
    {
        const int channels = 19;
        var x = Numbers(3 * channels * inner, 7);
        var (scale, bias, mean) = (Numbers(channels, 8), Numbers(channels, 9), Numbers(channels, 10));
        var variance = Array.ConvertAll(Numbers(channels, 11), v => (v * v) + 0.1f);
        float[] factors = new float[channels], shifts = new float[channels], y = new float[x.Length];
        BatchNorm.Fold<float>(scale, bias, mean, variance, 1e-5, factors, shifts);
        BatchNorm.Run(x, y, inner, factors, shifts, threads: 2);
        for (var i = 0; i < x.Length; i++)
        {
            var c = i / inner % channels;
            Assert.Equal(((x[i] - (double)mean[c]) / Math.Sqrt(variance[c] + 1e-5) * scale[c]) + bias[c], y[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    [InlineData(9)]
    public void Local_response_norm_is_that_of_the_definition(int size)
    {
        const int channels = 7, inner = 600;
        var x = Numbers(2 * channels * inner, 12);
        var y = new float[x.Length];
        LocalResponseNorm.Run(x, y, 2, channels, inner, size, 0.5f, 0.75f, 1.5f, threads: 2);
        for (var i = 0; i < x.Length; i++)
        {
            var (image, c, at) = (i / inner / channels, i / inner % channels, i % inner);
            double sum = 0;
            for (var w = Math.Max(0, c - ((size - 1) / 2)); w <= Math.Min(channels - 1, c + (int)Math.Ceiling((size - 1) / 2.0)); w++) sum += Math.Pow(x[(((image * channels) + w) * inner) + at], 2);
            Assert.Equal(x[i] / Math.Pow(1.5 + (0.5 / size * sum), 0.75), y[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    public void Lp_norm_divides_by_the_norm(int p, int inner)
    {
        var x = Numbers(4 * 5 * inner, 13);
        x.AsSpan(0, 5 * inner).Clear();
        var y = new float[x.Length];
        LpNorm.Run<float>(x, y, 4, 5, inner, p);
        for (var row = 0; row < 4; row++)
        {
            for (var c = 0; c < inner; c++)
            {
                var at = Enumerable.Range(0, 5).Select(i => (((row * 5) + i) * inner) + c).ToArray();
                var norm = p == 1 ? at.Sum(i => Math.Abs((double)x[i])) : Math.Sqrt(at.Sum(i => (double)x[i] * x[i]));
                foreach (var i in at) Assert.Equal(norm == 0 ? 0 : x[i] / norm, y[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Normalizations_allocate_nothing()
    {
        float[] x = new float[640], y = new float[640], scale = new float[64];
        void All()
        {
            LayerNorm.Run(x, y, 64, scale, scale, 1e-5f);
            GroupNorm.Run(x, y, 1, 64, 10, 8, scale, scale, 1e-5f);
            BatchNorm.Run(x, y, 10, scale, scale);
            LocalResponseNorm.Run(x, y, 1, 64, 10, 5, 1, 0.75f, 1);
        }
        All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (double Mean, double Variance) Moments(ReadOnlySpan<float> x)
    {
        var values = Array.ConvertAll(x.ToArray(), e => (double)e);
        var mean = values.Average();
        return (mean, values.Average(e => (e - mean) * (e - mean)));
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        var x = new float[count];
        for (var i = 0; i < count; i++) x[i] = (float)((random.NextDouble() * 4) - 1.5);
        return x;
    }
}
