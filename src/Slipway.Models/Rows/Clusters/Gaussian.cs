namespace Slipway.Models.Rows.Clusters;

/// <summary>A multivariate normal distribution with a weight.</summary>
internal sealed class Gaussian
{
    private readonly double[] _mean;
    private readonly double[] _factor;
    private readonly double _logScale;

    private Gaussian(double[] mean, double[] factor, double logScale)
    {
        _mean = mean;
        _factor = factor;
        _logScale = logScale;
    }

    /// <param name="mean">n numbers.</param>
    /// <param name="covariance">n × n numbers, row by row; the lower triangle counts.</param>
    /// <param name="weight">Greater than 0.</param>
    /// <returns>Null when the covariance is not positive definite.</returns>
    public static Gaussian? TryCreate(double[] mean, ReadOnlySpan<double> covariance, double weight)
    {
        var n = mean.Length;
        var factor = covariance.ToArray();
        var logScale = Math.Log(weight) - (0.5 * n * Math.Log(2 * Math.PI));
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = factor[(row * n) + column];
                for (var k = 0; k < column; k++) sum -= factor[(row * n) + k] * factor[(column * n) + k];
                if (row != column)
                {
                    factor[(row * n) + column] = sum / factor[(column * n) + column];
                    continue;
                }
                if (!(sum > 0)) return null;
                factor[(row * n) + row] = Math.Sqrt(sum);
                logScale -= Math.Log(factor[(row * n) + row]);
            }
        }
        return new Gaussian(mean, factor, logScale);
    }

    /// <summary>ln(weight · density).</summary>
    /// <param name="scratch">As long as <paramref name="values"/>.</param>
    public double LogDensity(ReadOnlySpan<double> values, Span<double> scratch)
    {
        var n = _mean.Length;
        double distance = 0;
        for (var row = 0; row < n; row++)
        {
            var sum = values[row] - _mean[row];
            for (var k = 0; k < row; k++) sum -= _factor[(row * n) + k] * scratch[k];
            scratch[row] = sum / _factor[(row * n) + row];
            distance += scratch[row] * scratch[row];
        }
        return _logScale - (0.5 * distance);
    }
}
