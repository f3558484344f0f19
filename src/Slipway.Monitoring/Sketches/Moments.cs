namespace Slipway.Monitoring.Sketches;

/// <summary>
/// Count, mean, spread and extremes of numbers seen one at a time (Welford 1962); merging two gives what one pass over both gives (Chan, Golub, LeVeque 1979).
/// A mutable struct: pass it by reference.
/// </summary>
public struct Moments
{
    private double _squares;

    public long Count { get; private set; }

    /// <summary>NaN when empty.</summary>
    public double Mean { get => Count == 0 ? double.NaN : field; private set; }

    /// <summary>NaN when empty.</summary>
    public double Minimum { get => Count == 0 ? double.NaN : field; private set; }

    /// <summary>NaN when empty.</summary>
    public double Maximum { get => Count == 0 ? double.NaN : field; private set; }

    /// <summary>The unbiased sample variance (n − 1); NaN below two values.</summary>
    public readonly double Variance => Count < 2 ? double.NaN : _squares / (Count - 1);

    public readonly double StandardDeviation => Math.Sqrt(Variance);

    public void Add(double value)
    {
        Minimum = Count == 0 ? value : Math.Min(Minimum, value);
        Maximum = Count == 0 ? value : Math.Max(Maximum, value);
        var mean = Count == 0 ? 0 : Mean;
        Count++;
        var distance = value - mean;
        mean += distance / Count;
        _squares += distance * (value - mean);
        Mean = mean;
    }

    public void Merge(in Moments other)
    {
        if (other.Count == 0) return;
        if (Count == 0)
        {
            this = other;
            return;
        }
        var distance = other.Mean - Mean;
        var count = Count + other.Count;
        Mean += distance * other.Count / count;
        _squares += other._squares + (distance * distance * Count * other.Count / count);
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        Count = count;
    }
}
