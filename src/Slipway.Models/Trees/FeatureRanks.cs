using System.Numerics;

namespace Slipway.Models.Trees;

/// <summary>The features that the splits of an ensemble look at, and the place of each among them: a bit for every feature, for there may be millions of which few are used.</summary>
internal sealed class FeatureRanks
{
    private const int BitsPerWord = 64;

    private readonly ulong[] _used;

    /// <summary>Used features in the words before each.</summary>
    private readonly int[] _before;

    public FeatureRanks(SplitColumns splits)
    {
        _used = new ulong[(splits.Ensemble.FeatureCount + BitsPerWord - 1) / BitsPerWord];
        foreach (var feature in splits.Features.AsSpan())
        {
            if (feature >= 0) _used[feature / BitsPerWord] |= 1UL << (feature % BitsPerWord);
        }
        _before = new int[_used.Length];
        for (var word = 0; word < _used.Length; word++)
        {
            _before[word] = Count;
            Count += BitOperations.PopCount(_used[word]);
        }
    }

    public int Count { get; private set; }

    /// <summary>Ascending.</summary>
    public int[] Features()
    {
        var features = new int[Count];
        var next = 0;
        for (var word = 0; word < _used.Length; word++)
        {
            for (var left = _used[word]; left != 0; left &= left - 1) features[next++] = (word * BitsPerWord) + BitOperations.TrailingZeroCount(left);
        }
        return features;
    }

    /// <summary>How many used features are before a used one.</summary>
    public int this[int feature] => _before[feature / BitsPerWord] + BitOperations.PopCount(_used[feature / BitsPerWord] & ((1UL << (feature % BitsPerWord)) - 1));
}
