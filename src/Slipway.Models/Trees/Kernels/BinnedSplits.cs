using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The slots of <see cref="BinnedFeatures{T}"/> that an ensemble's splits want, and how each split reads its own. Only while a kernel is made.</summary>
internal sealed class BinnedSplits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>While features that have no splits are fewer than this share of the others (one in so many), they have slots too: values that follow each other need not be picked.</summary>
    private const int FilledShare = 4;

    private readonly SplitColumns _splits;
    private readonly FeatureRanks _ranks;

    /// <summary>By rank of the feature.</summary>
    private readonly ThresholdUse[] _uses;

    /// <summary>Of each split's threshold in its use.</summary>
    private readonly int[] _places;

    /// <summary>By rank of the feature, the first slot where missing goes right and where it goes left.</summary>
    private readonly (int Right, int Left)[] _first;

    private BinnedSplits(SplitColumns splits, FeatureRanks ranks, ThresholdUse[] uses, int[] places, int slots)
    {
        (_splits, _ranks, _uses, _places) = (splits, ranks, uses, places);
        _first = new (int, int)[uses.Length];
        var (drafts, copies) = (new List<BinnedFeatures<T>.Slot>(slots), new List<int>());
        var skipped = Span(uses) - uses.Length;
        var fills = skipped <= uses.Length / FilledShare && RoundUp(slots + skipped) == RoundUp(slots);
        for (var i = 0; i < uses.Length; i++)
        {
            for (var feature = i == 0 ? uses[i].Feature : uses[i - 1].Feature + 1; fills && feature < uses[i].Feature; feature++) drafts.Add(new BinnedFeatures<T>.Slot(feature, true, [], 0, 0));
            _first[i] = (drafts.Count, drafts.Count);
            AddSlots(uses[i], !uses[i].DefaultsRight, drafts);
        }
        for (var i = 0; i < uses.Length; i++)
        {
            if (!uses[i].DefaultsRight || !uses[i].DefaultsLeft) continue;
            _first[i].Left = drafts.Count + copies.Count;
            for (var slot = 0; slot < SlotsFor(uses[i]); slot++) copies.Add(_first[i].Right + slot);
        }
        Features = new BinnedFeatures<T>(CollectionsMarshal.AsSpan(drafts), [.. copies]);
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
        return (chunk + (_splits.DefaultLeft[node] ? _first[feature].Left : _first[feature].Right), bound);
    }

    /// <summary>Features from the first to the last.</summary>
    private static int Span(ThresholdUse[] uses) => uses[^1].Feature - uses[0].Feature + 1;

    /// <summary>Slots that a kernel looks among when there are so many.</summary>
    private static uint RoundUp(int slots) => Math.Max((uint)BinsOf64.Slots, BitOperations.RoundUpToPowerOf2((uint)slots));

    private static int SlotsFor(ThresholdUse use) => (use.Thresholds.Length + BinnedFeatures<T>.MaxThresholds - 1) / BinnedFeatures<T>.MaxThresholds;

    private static void AddSlots(ThresholdUse use, bool defaultLeft, List<BinnedFeatures<T>.Slot> slots)
    {
        for (var from = 0; from < use.Thresholds.Length; from += BinnedFeatures<T>.MaxThresholds)
        {
            slots.Add(new BinnedFeatures<T>.Slot(use.Feature, defaultLeft, use.Thresholds, from, Math.Min(BinnedFeatures<T>.MaxThresholds, use.Thresholds.Length - from)));
        }
    }
}
