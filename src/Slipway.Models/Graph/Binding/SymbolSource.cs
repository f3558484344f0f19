namespace Slipway.Models.Graph;

/// <summary>
/// Where symbols come from: below those of the model file. Sizes that are computed of the same sizes in the same way have the same symbol, so that what is alike is seen to be alike:
/// the keys of a past and the new ones in all layers, and the mask over both.
/// </summary>
internal sealed class SymbolSource(long last = 0)
{
    /// <summary>What a file makes beyond this is told apart no more.</summary>
    private const int MaxKnown = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<(long, long), long> _sums = [];
    private readonly Dictionary<long, (long, long)> _terms = [];
    private readonly Dictionary<(long, long), long> _broadcasts = [];
    private readonly HashSet<(long, long)> _covered = [];
    private long _last = last;

    public long Next() => Interlocked.Decrement(ref _last);

    /// <summary>The size of two that lie behind each other, of which one at least is a symbol.</summary>
    public long Sum(long a, long b)
    {
        if (a == 0 || b == 0) return a + b;
        var sum = Known(_sums, a, b);
        lock (_lock)
        {
            if (_terms.Count < MaxKnown) _terms[sum] = (a, b);
        }
        return sum;
    }

    /// <summary>What is left of a sum without one of its terms; null when that is not known.</summary>
    public long? Difference(long sum, long term)
    {
        lock (_lock) return !_terms.TryGetValue(sum, out var terms) ? null : terms.Item1 == term ? terms.Item2 : terms.Item2 == term ? terms.Item1 : null;
    }

    /// <summary>The size of what two sizes are broadcast to, of which each is a symbol: one of them where it is known to be.</summary>
    public long Broadcast(long a, long b)
    {
        if (Covers(a, b)) return a;
        if (Covers(b, a)) return b;
        var symbol = Known(_broadcasts, a, b);
        lock (_lock)
        {
            if (_covered.Count < MaxKnown)
            {
                _covered.Add((symbol, a));
                _covered.Add((symbol, b));
            }
        }
        return symbol;
    }

    /// <summary>Whether a size is known to be that of something broadcast with the other, which is the same then, or one.</summary>
    public bool Covers(long size, long other)
    {
        lock (_lock) return _covered.Contains((size, other));
    }

    private long Known(Dictionary<(long, long), long> known, long a, long b)
    {
        lock (_lock)
        {
            var key = (Math.Min(a, b), Math.Max(a, b));
            if (known.TryGetValue(key, out var symbol)) return symbol;
            symbol = Next();
            if (known.Count < MaxKnown) known[key] = symbol;
            return symbol;
        }
    }
}
