namespace Slipway.Core;

/// <summary>Counts over a span of time. Writers use interlocked adds; merging and clearing happen under the owner's lock.</summary>
internal sealed class MetricsSlice
{
    /// <summary>Which slice of time this is; -1 before the first.</summary>
    public long Index = -1;

    public readonly int[] Buckets = new int[LatencyBuckets.Count];
    public long Ticks;
    public long Rows;
    public long Errors;

    public void Clear(long index)
    {
        Array.Clear(Buckets);
        Ticks = 0;
        Rows = 0;
        Errors = 0;
        Volatile.Write(ref Index, index);
    }

    public void AddTo(MetricsSlice other)
    {
        for (var i = 0; i < Buckets.Length; i++) other.Buckets[i] += Buckets[i];
        other.Ticks += Ticks;
        other.Rows += Rows;
        other.Errors += Errors;
    }
}
