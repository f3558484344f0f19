namespace Slipway.Monitoring.Statistics;

/// <summary>The first Wasserstein (earth mover's) distance of two samples: ∫ |F(t) − G(t)| dt of their empirical distribution functions, in the unit of the values.</summary>
public static class Wasserstein
{
    /// <param name="x">Finite numbers, at least one; any order.</param>
    /// <param name="y">Likewise.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.IsEmpty || y.IsEmpty) throw new ArgumentException("the Wasserstein distance needs at least one value in each sample");
        var a = x.ToArray();
        var b = y.ToArray();
        Array.Sort(a);
        Array.Sort(b);
        var (i, j) = (0, 0);
        double distance = 0;
        var at = Math.Min(a[0], b[0]);
        while (i < a.Length || j < b.Length)
        {
            var next = i == a.Length ? b[j] : j == b.Length ? a[i] : Math.Min(a[i], b[j]);
            distance += Math.Abs(((double)i / a.Length) - ((double)j / b.Length)) * (next - at);
            at = next;
            while (i < a.Length && a[i] == at) i++;
            while (j < b.Length && b[j] == at) j++;
        }
        return distance;
    }
}
