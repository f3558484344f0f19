namespace Slipway.Monitoring.Samples;

/// <summary>
/// Draws each row independently with a given probability. The n-th row drawn with a seed always falls the same way, whichever thread asks:
/// SplitMix64 (Steele, Lea, Flood 2014) of a shared counter, so that no lock is taken.
/// </summary>
internal sealed class RowSampler(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private long _drawn;

    /// <summary>Reserves the numbers of <paramref name="rows"/> rows; returns the first.</summary>
    public long Next(int rows) => Interlocked.Add(ref _drawn, rows) - rows;

    /// <summary>Whether the row of that number is kept at that rate.</summary>
    public bool Keeps(long number, double rate)
    {
        var z = seed + (Increment * ((ulong)number + 1));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53)) < rate;
    }
}
