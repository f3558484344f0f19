namespace Slipway.Tests;

/// <summary>Bytes that an operation allocates on this thread.</summary>
internal static class Allocations
{
    private const int Rounds = 5;
    private const int Warmup = 3;
    private const int Operations = 50;

    /// <summary>
    /// Of the round with the fewest: whatever an operation allocates itself is in every one; what the runtime allocates while it recompiles, and a buffer that the pool
    /// gave back to a collection, is not.
    /// </summary>
    public static long Of(Action operation)
    {
        for (var i = 0; i < Warmup; i++) operation();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Operations; i++) operation();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
