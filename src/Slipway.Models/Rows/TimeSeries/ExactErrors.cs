namespace Slipway.Models.Rows.TimeSeries;

/// <summary>
/// The best linear predictions of a stationary ARMA series from a finite past, by the innovations algorithm (Brockwell and Davis, "Time Series: Theory and
/// Methods", 5.3): nothing is assumed about the values and errors before the series.
/// </summary>
internal static class ExactErrors
{
    private const long MostWork = 300_000_000;

    /// <summary>The work is bounded.</summary>
    public static bool IsFeasible(int count, int autoregression, int movingAverage)
    {
        long order = Math.Max(autoregression, movingAverage);
        return order <= 2000 && (order * order * (count + (2 * order))) + ((long)autoregression * autoregression * autoregression) <= MostWork;
    }

    /// <param name="phi">Of φ(B) = 1 − φ₁B − …, without the 1.</param>
    /// <param name="theta">Of θ(B) = 1 + θ₁B + …, without the 1.</param>
    /// <param name="series">Its mean is 0; as long as the longer of the two at least.</param>
    /// <returns>What the errors of the series add to every step that they reach; null when no stationary series has this autoregression.</returns>
    public static double[]? TryFindShocks(ReadOnlySpan<double> phi, ReadOnlySpan<double> theta, ReadOnlySpan<double> series)
    {
        var (count, q, order) = (series.Length, theta.Length, Math.Max(phi.Length, theta.Length));
        var autocovariances = ArmaAutocovariances.TryFind(phi, theta, 2 * order);
        if (autocovariances is null) return null;
        var covariances = new ArmaCovariances(phi.ToArray(), theta.ToArray(), autocovariances);
        var rows = new double[order + 1][];
        for (var i = 0; i < rows.Length; i++) rows[i] = new double[order + 1];
        var (variances, errors, shocks) = (new double[order + 1], new double[count], new double[q]);
        for (var n = 0; n < count + q; n++)
        {
            var reach = n < order ? n : q;
            if (n > 0) Fill(n, reach, order, rows, variances, covariances);
            var variance = covariances.Between(n + 1, n + 1);
            for (var j = 1; j <= reach && n > 0; j++) variance -= rows[n % rows.Length][j] * rows[n % rows.Length][j] * variances[(n - j) % variances.Length];
            if (!(variance > 0)) return null;
            variances[n % variances.Length] = variance;
            double carried = 0;
            for (var j = Math.Max(1, n - count + 1); j <= reach; j++) carried += rows[n % rows.Length][j] * errors[n - j];
            if (n >= count)
            {
                shocks[n - count] = carried;
                continue;
            }
            for (var i = 1; i <= phi.Length && n >= order; i++) carried += phi[i - 1] * series[n - i];
            errors[n] = series[n] - carried;
        }
        return shocks;
    }

    /// <summary>θₙ₁ … θₙ,reach: what the last errors count in the prediction of the value after n.</summary>
    private static void Fill(int n, int reach, int order, double[][] rows, double[] variances, ArmaCovariances covariances)
    {
        var row = rows[n % rows.Length];
        for (var lag = reach; lag >= 1; lag--)
        {
            var k = n - lag;
            var sum = covariances.Between(n + 1, k + 1);
            var (earlier, earlierReach) = (rows[k % rows.Length], k < order ? k : Math.Min(k, covariances.MovingAverage));
            for (var back = 1; back <= earlierReach && lag + back <= reach; back++) sum -= earlier[back] * row[lag + back] * variances[(k - back) % variances.Length];
            row[lag] = sum / variances[k % variances.Length];
        }
    }
}

/// <summary>
/// Covariances, in units of the error's variance, of the series that the innovations algorithm is applied to: the values themselves as far as they cannot be
/// explained, then what autoregression leaves of them.
/// </summary>
internal sealed class ArmaCovariances(double[] phi, double[] theta, double[] autocovariances)
{
    private readonly int _order = Math.Max(phi.Length, theta.Length);

    public int MovingAverage => theta.Length;

    /// <summary>Of the i-th and the j-th value, from 1.</summary>
    public double Between(int i, int j)
    {
        var (low, high, lag) = (Math.Min(i, j), Math.Max(i, j), Math.Abs(i - j));
        if (high <= _order) return autocovariances[lag];
        if (low > _order)
        {
            double sum = 0;
            for (var r = 0; r + lag <= theta.Length; r++) sum += Weight(r) * Weight(r + lag);
            return sum;
        }
        if (high > 2 * _order) return 0;
        var covariance = autocovariances[lag];
        for (var r = 1; r <= phi.Length; r++) covariance -= phi[r - 1] * autocovariances[Math.Abs(r - lag)];
        return covariance;
    }

    private double Weight(int lag) => lag == 0 ? 1 : theta[lag - 1];
}

/// <summary>The autocovariances of a stationary ARMA series in units of the error's variance.</summary>
internal static class ArmaAutocovariances
{
    /// <returns>Those of the lags 0 … <paramref name="last"/>; null when there is no such series.</returns>
    public static double[]? TryFind(ReadOnlySpan<double> phi, ReadOnlySpan<double> theta, int last)
    {
        var size = phi.Length + 1;
        var (system, found) = (new double[size, size], new double[Math.Max(size, last + 1)]);
        var right = RightSides(phi, theta, found.Length);
        for (var k = 0; k < size; k++)
        {
            system[k, k] += 1;
            for (var i = 1; i < size; i++) system[k, Math.Abs(k - i)] -= phi[i - 1];
        }
        if (!TrySolve(system, right.AsSpan(0, size))) return null;
        right.CopyTo(found, 0);
        for (var k = size; k < found.Length; k++)
        {
            for (var i = 1; i < size; i++) found[k] += phi[i - 1] * found[k - i];
        }
        return found[0] > 0 && double.IsFinite(found[0]) ? found : null;
    }

    /// <summary>Of the equations γₖ − φ₁γₖ₋₁ − … = Σ θⱼψⱼ₋ₖ.</summary>
    private static double[] RightSides(ReadOnlySpan<double> phi, ReadOnlySpan<double> theta, int count)
    {
        var psi = new double[theta.Length + 1];
        for (var j = 0; j < psi.Length; j++)
        {
            psi[j] = j == 0 ? 1 : theta[j - 1];
            for (var i = 1; i <= Math.Min(j, phi.Length); i++) psi[j] += phi[i - 1] * psi[j - i];
        }
        var right = new double[count];
        for (var k = 0; k < count; k++)
        {
            for (var j = k; j <= theta.Length; j++) right[k] += (j == 0 ? 1 : theta[j - 1]) * psi[j - k];
        }
        return right;
    }

    /// <summary>Gauss' elimination with partial pivoting; the solution replaces the right sides.</summary>
    private static bool TrySolve(double[,] system, Span<double> right)
    {
        var size = right.Length;
        for (var column = 0; column < size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < size; row++)
            {
                if (Math.Abs(system[row, column]) > Math.Abs(system[pivot, column])) pivot = row;
            }
            if (!(Math.Abs(system[pivot, column]) > 1e-12)) return false;
            if (pivot != column)
            {
                for (var i = column; i < size; i++) (system[column, i], system[pivot, i]) = (system[pivot, i], system[column, i]);
                (right[column], right[pivot]) = (right[pivot], right[column]);
            }
            for (var row = column + 1; row < size; row++)
            {
                var factor = system[row, column] / system[column, column];
                if (factor == 0) continue;
                for (var i = column; i < size; i++) system[row, i] -= factor * system[column, i];
                right[row] -= factor * right[column];
            }
        }
        for (var row = size - 1; row >= 0; row--)
        {
            for (var i = row + 1; i < size; i++) right[row] -= system[row, i] * right[i];
            right[row] /= system[row, row];
        }
        return true;
    }
}
