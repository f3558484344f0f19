namespace Slipway.Monitoring.Statistics;

/// <summary>
/// The two-sided two-sample Kolmogorov–Smirnov test. Statistic: the largest distance D between the empirical distribution functions.
/// Null distribution: exact by counting lattice paths (Hodges 1958) while n·m ≤ <see cref="ExactLimit"/>, else that of the one-sample statistic with
/// round(nm/(n+m)) observations (Marsaglia, Tsang, Wang 2003; beyond their reach its limit with the correction of Stephens 1970). With ties both are conservative: the false-alarm rate is at most the level.
/// </summary>
public static class KolmogorovSmirnov
{
    public const long ExactLimit = 250_000;

    /// <param name="x">Finite numbers, at least one; any order.</param>
    /// <param name="y">Likewise.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static TwoSampleTest Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var statistic = Statistic(x, y);
        return new TwoSampleTest(statistic, (long)x.Length * y.Length <= ExactLimit
            ? ExactPValue(statistic, x.Length, y.Length)
            : AsymptoticPValue(statistic, x.Length, y.Length));
    }

    /// <summary>The largest distance between the two empirical distribution functions.</summary>
    public static double Statistic(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.IsEmpty || y.IsEmpty) throw new ArgumentException("the Kolmogorov-Smirnov test needs at least one value in each sample");
        var (a, b) = (Sorted(x), Sorted(y));
        var (i, j) = (0, 0);
        double largest = 0;
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] == value) i++;
            while (j < b.Length && b[j] == value) j++;
            largest = Math.Max(largest, Math.Abs(((double)i / a.Length) - ((double)j / b.Length)));
        }
        return largest;
    }

    /// <summary>P(D ≥ <paramref name="statistic"/>) for continuous distributions: the share of lattice paths from (0,0) to (n,m) that leave the band.</summary>
    public static double ExactPValue(double statistic, int n, int m)
    {
        // As integers: a path stays inside while |i·m − j·n| < D·n·m.
        var reach = Math.Round(statistic * n * m) - 0.5;
        if (reach < 0) return 1;
        // inside[j]: the probability of being at (i, j) without having left, all paths equally likely; one row at a time.
        var inside = new double[m + 1];
        for (var j = 0; j <= m; j++) inside[j] = (double)j * n < reach ? 1 : 0;
        for (var j = 1; j <= m; j++) inside[j] *= inside[j - 1];
        for (var i = 1; i <= n; i++)
        {
            if ((double)i * m >= reach) inside[0] = 0;
            for (var j = 1; j <= m; j++)
            {
                // Of the paths through (i, j), the share i/(i+j) came from (i−1, j).
                inside[j] = Math.Abs(((double)i * m) - ((double)j * n)) < reach
                    ? ((inside[j] * i) + (inside[j - 1] * j)) / (i + j)
                    : 0;
            }
        }
        return Math.Clamp(1 - inside[m], 0, 1);
    }

    /// <summary>P(D ≥ <paramref name="statistic"/>) by the one-sample distribution with round(nm/(n+m)) observations.</summary>
    public static double AsymptoticPValue(double statistic, int n, int m) =>
        OneSampleTail(statistic, (int)Math.Max(1, Math.Round((double)n * m / ((double)n + m))));

    private static double OneSampleTail(double d, int n)
    {
        var s = d * d * n;
        if (d <= 0) return 1;
        if (d >= 1) return 0;
        // Above half, leaving upwards and leaving downwards exclude each other: twice the one-sided tail is exact.
        if (d >= 0.5) return Math.Min(1, 2 * OneSidedTail(d, n));
        if (s > 7.24 || (s > 3.76 && n > 99)) return Math.Min(1, 2 * Math.Exp(-(2.000071 + (0.331 / Math.Sqrt(n)) + (1.409 / n)) * s));
        return n * d < 64 ? 1 - MarsagliaTsangWang(d, n) : LimitTail((Math.Sqrt(n) + 0.12 + (0.11 / Math.Sqrt(n))) * d);
    }

    /// <summary>Birnbaum and Tingey 1951.</summary>
    private static double OneSidedTail(double d, int n)
    {
        double sum = 0;
        double logBinomial = 0;
        for (var j = 0; j <= (int)Math.Floor(n * (1 - d)); j++)
        {
            var above = d + ((double)j / n);
            var below = 1 - above;
            if (below > 0) sum += Math.Exp(logBinomial + ((j - 1) * Math.Log(above)) + ((n - j) * Math.Log(below)));
            else if (j == n) sum += Math.Exp(logBinomial + ((j - 1) * Math.Log(above)));
            logBinomial += Math.Log(n - j) - Math.Log(j + 1);
        }
        return d * sum;
    }

    /// <summary>Kolmogorov's limit, with Stephens's correction already in <paramref name="lambda"/>.</summary>
    private static double LimitTail(double lambda)
    {
        if (lambda < 0.2) return 1;
        double sum = 0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2.0 * k * k * lambda * lambda);
            sum += (k & 1) == 1 ? term : -term;
            if (term < 1e-17) break;
        }
        return Math.Clamp(2 * sum, 0, 1);
    }

    /// <summary>P(D &lt; d) for one sample of n: an entry of the n-th power of a matrix.</summary>
    private static double MarsagliaTsangWang(double d, int n)
    {
        var k = (int)(n * d) + 1;
        var size = (2 * k) - 1;
        var h = k - (n * d);
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++) matrix[(i * size) + j] = i - j + 1 < 0 ? 0 : 1;
        }
        for (var i = 0; i < size; i++)
        {
            matrix[i * size] -= Math.Pow(h, i + 1);
            matrix[((size - 1) * size) + i] -= Math.Pow(h, size - i);
        }
        matrix[(size - 1) * size] += (2 * h) - 1 > 0 ? Math.Pow((2 * h) - 1, size) : 0;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                for (var g = 1; g <= i - j + 1; g++) matrix[(i * size) + j] /= g;
            }
        }
        var (power, exponent) = Power(matrix, size, n);
        var result = power[((k - 1) * size) + k - 1];
        for (var i = 1; i <= n; i++)
        {
            result *= (double)i / n;
            if (result < 1e-140)
            {
                result *= 1e140;
                exponent -= 140;
            }
        }
        return Math.Clamp(result * Math.Pow(10, exponent), 0, 1);
    }

    /// <summary>The n-th power as a matrix times a power of ten, by squaring.</summary>
    private static (double[] Matrix, int Exponent) Power(double[] matrix, int size, int n)
    {
        if (n == 1) return (matrix, 0);
        var (half, exponent) = Power(matrix, size, n / 2);
        var power = Multiply(half, half, size);
        exponent *= 2;
        if ((n & 1) == 1) power = Multiply(power, matrix, size);
        if (power[(size / 2 * size) + (size / 2)] > 1e140)
        {
            for (var i = 0; i < power.Length; i++) power[i] *= 1e-140;
            exponent += 140;
        }
        return (power, exponent);
    }

    private static double[] Multiply(double[] a, double[] b, int size)
    {
        var product = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < size; k++)
            {
                var left = a[(i * size) + k];
                if (left == 0) continue;
                for (var j = 0; j < size; j++) product[(i * size) + j] += left * b[(k * size) + j];
            }
        }
        return product;
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
