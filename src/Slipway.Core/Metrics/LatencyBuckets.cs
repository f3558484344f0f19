using System.Numerics;

namespace Slipway.Core;

/// <summary>
/// Log-linear buckets over latencies, in units of 100 ns: sixteen to each power of two, so a bucket is at most 1/16 (6.25 %) wide.
/// The last one takes everything from about 54 s up. (As in HdrHistogram.)
/// </summary>
internal static class LatencyBuckets
{
    private const int SubBits = 4;
    private const int SubCount = 1 << SubBits;
    private const int MaxBits = 29;

    public const int Count = (MaxBits - SubBits + 1) * SubCount;

    public static int Of(long ticks)
    {
        if (ticks < SubCount) return (int)Math.Max(ticks, 0);
        var exponent = BitOperations.Log2((ulong)ticks);
        if (exponent >= MaxBits) return Count - 1;
        return ((exponent - SubBits) << SubBits) + (int)(ticks >> (exponent - SubBits));
    }

    /// <summary>The smallest value in a bucket, in units of 100 ns; of <see cref="Count"/>, the end of the last.</summary>
    public static long LowerBound(int bucket)
    {
        if (bucket < SubCount) return bucket;
        var exponent = (bucket >> SubBits) - 1;
        return (long)(SubCount + (bucket & (SubCount - 1))) << exponent;
    }
}
