using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>How the numeric splits of an ensemble use a feature.</summary>
internal sealed class ThresholdUse
{
    private const int MaxCacheBits = 17;

    /// <summary>Thresholds as splits have them, only while they are gathered.</summary>
    private readonly GrowingArray<double> _found = new();
    private int[] _ranks = [];

    private ThresholdUse(int feature) => Feature = feature;

    public int Feature { get; }

    /// <summary>Ascending and distinct; zero is +0.</summary>
    public double[] Thresholds { get; private set; } = [];

    public bool DefaultsLeft { get; private set; }

    public bool DefaultsRight { get; private set; }

    /// <summary>The features with numeric splits, ascending.</summary>
    /// <param name="ranks">Of the features of the splits.</param>
    /// <param name="places">Receives for each numeric split what <see cref="RankAt"/> takes.</param>
    public static ThresholdUse[] Of(SplitColumns splits, FeatureRanks ranks, Span<int> places)
    {
        var uses = new ThresholdUse?[ranks.Count];
        var features = splits.Features.AsSpan();
        var categorySets = splits.CategorySets.AsSpan();
        var thresholds = splits.Thresholds.AsSpan();
        var defaultLeft = splits.DefaultLeft.AsSpan();
        // Most splits of a forest repeat some thousands of thresholds: those that were seen lately are not gathered again.
        var cacheBits = Math.Min(MaxCacheBits, 1 + BitOperations.Log2((uint)features.Length | 1));
        var latest = new (int Feature, int Place, long Threshold)[1 << cacheBits];
        latest.AsSpan().Fill((-1, 0, 0));
        for (var split = 0; split < features.Length; split++)
        {
            var feature = features[split];
            if (feature < 0 || categorySets[split] >= 0) continue;
            var use = uses[ranks[feature]] ??= new ThresholdUse(feature);
            if (defaultLeft[split]) use.DefaultsLeft = true;
            else use.DefaultsRight = true;
            var threshold = thresholds[split] + 0.0;
            var bits = BitConverter.DoubleToInt64Bits(threshold);
            ref var seen = ref latest[(int)(((ulong)(bits + feature) * 0x9E3779B97F4A7C15) >> (64 - cacheBits))];
            if (seen.Threshold != bits || seen.Feature != feature)
            {
                seen = (feature, use._found.Count, bits);
                use._found.Add(threshold);
            }
            places[split] = seen.Place;
        }
        var ordered = Array.FindAll(uses, use => use is not null)!;
        foreach (var use in ordered) use!.Rank();
        return ordered!;
    }

    /// <summary>How many thresholds are not above that of a split.</summary>
    public int RankAt(int place) => _ranks[place];

    private void Rank()
    {
        var sorted = _found.ToArray();
        NumberSort.Sort(sorted);
        var kept = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[kept - 1]) sorted[kept++] = sorted[i];
        }
        Array.Resize(ref sorted, kept);
        Thresholds = sorted;
        _ranks = new int[_found.Count];
        for (var place = 0; place < _ranks.Length; place++) _ranks[place] = CountAtMost(sorted, _found[place]);
        _found.Take();
    }

    private static int CountAtMost(ReadOnlySpan<double> sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
