using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The slots of <see cref="BinnedFeatures{T}"/> that an ensemble's splits want, and how each split reads its own. Only while a kernel is made.</summary>
internal sealed class BinnedSplits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SplitColumns _splits;
    private readonly FeatureRanks _ranks;

    /// <summary>By rank of the feature.</summary>
    private readonly ThresholdUse[] _uses;

    /// <summary>Of each split's threshold in its use.</summary>
    private readonly int[] _places;

    /// <summary>By rank of the feature, the first slot where missing goes right and where it goes left, as an index into <see cref="_slots"/>.</summary>
    private readonly (int Right, int Left)[] _first;

    /// <summary>The number of each slot: those with few thresholds come first, copies of others last.</summary>
    private readonly int[] _slots;

    private BinnedSplits(SplitColumns splits, FeatureRanks ranks, ThresholdUse[] uses, int[] places, int slots)
    {
        (_splits, _ranks, _uses, _places) = (splits, ranks, uses, places);
        _first = new (int, int)[uses.Length];
        _slots = new int[slots];
        var (drafts, copies) = (new List<BinnedFeatures<T>.Slot>(slots), new List<int>());
        foreach (var use in uses) AddSlots(use, !use.DefaultsRight, drafts);
        var (ordered, next) = (new BinnedFeatures<T>.Slot[drafts.Count], 0);
        foreach (var wide in new[] { false, true })
        {
            for (var i = 0; i < drafts.Count; i++)
            {
                if (drafts[i].Count > BinnedFeatures<T>.Width != wide) continue;
                _slots[i] = next;
                ordered[next++] = drafts[i];
            }
        }
        var first = 0;
        for (var i = 0; i < uses.Length; i++)
        {
            _first[i] = (first, first);
            var own = SlotsFor(uses[i]);
            if (uses[i].DefaultsRight && uses[i].DefaultsLeft)
            {
                _first[i].Left = drafts.Count + copies.Count;
                for (var slot = first; slot < first + own; slot++)
                {
                    _slots[drafts.Count + copies.Count] = drafts.Count + copies.Count;
                    copies.Add(_slots[slot]);
                }
            }
            first += own;
        }
        Features = new BinnedFeatures<T>(ordered, [.. copies], splits.Ensemble.FeatureCount);
    }

    public BinnedFeatures<T> Features { get; }

    /// <param name="splits">All numeric.</param>
    /// <returns>null when there are too many thresholds for bytes.</returns>
    public static BinnedSplits<T>? TryCreate(SplitColumns splits)
    {
        var ranks = new FeatureRanks(splits);
        var places = GC.AllocateUninitializedArray<int>(splits.Features.Length);
        var uses = ThresholdUse.Of(splits, ranks, places);
        var slots = 0L;
        foreach (var use in uses) slots += (long)SlotsFor(use) * ((use.DefaultsRight ? 1 : 0) + (use.DefaultsLeft ? 1 : 0));
        return slots is > 0 and <= BinnedFeatures<T>.MaxSlots ? new BinnedSplits<T>(splits, ranks, uses, places, (int)slots) : null;
    }

    /// <summary>The slot of a split, and the largest bin that goes left.</summary>
    public (int Slot, int Bound) Encode(int node)
    {
        var feature = _ranks[_splits.Features[node]];
        var (chunk, bound) = Math.DivRem(_uses[feature].RankAt(_places[node]) - 1, BinnedFeatures<T>.MaxThresholds);
        return (_slots[chunk + (_splits.DefaultLeft[node] ? _first[feature].Left : _first[feature].Right)], bound);
    }

    private static int SlotsFor(ThresholdUse use) => (use.Thresholds.Length + BinnedFeatures<T>.MaxThresholds - 1) / BinnedFeatures<T>.MaxThresholds;

    private static void AddSlots(ThresholdUse use, bool defaultLeft, List<BinnedFeatures<T>.Slot> slots)
    {
        for (var from = 0; from < use.Thresholds.Length; from += BinnedFeatures<T>.MaxThresholds)
        {
            slots.Add(new BinnedFeatures<T>.Slot(use.Feature, defaultLeft, use.Thresholds, from, Math.Min(BinnedFeatures<T>.MaxThresholds, use.Thresholds.Length - from)));
        }
    }
}
