using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Splits of every kind, on features of either precision: see <see cref="RankKeys{T}"/>.</summary>
internal sealed class RankSplits<T> : SplitEncoder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SplitColumns _splits;
    private readonly FeatureRanks _ranks;
    private readonly ThresholdUse[] _uses;

    /// <summary>Of each split's threshold in its use.</summary>
    private readonly int[] _places;

    /// <summary>By rank of the feature, into <see cref="_uses"/> and <see cref="_numbers"/>.</summary>
    private readonly int[] _numberOf;
    private readonly RankKeys<T>.NumberColumn[] _numbers;
    private readonly CategorySplits _categories;
    private readonly int _numberSlots;

    private RankSplits(SplitColumns splits, FeatureRanks ranks, ThresholdUse[] uses, int[] places, CategorySplits categories)
    {
        _splits = splits;
        _ranks = ranks;
        (_uses, _places) = (uses, places);
        _numberOf = new int[ranks.Count];
        _categories = categories;
        var trees = new ThresholdRanks.Tree[uses.Length];
        var thresholds = new ThresholdRanks(uses, trees);
        _numbers = new RankKeys<T>.NumberColumn[uses.Length];
        for (var i = 0; i < uses.Length; i++)
        {
            var (right, left) = (uses[i].DefaultsRight ? ++_numberSlots : 0, uses[i].DefaultsLeft ? ++_numberSlots : 0);
            _numberOf[ranks[uses[i].Feature]] = i;
            _numbers[i] = new RankKeys<T>.NumberColumn(uses[i].Feature, trees[i], right, left);
        }
        var columns = new RankKeys<T>.CategoryColumn[categories.Columns.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = new RankKeys<T>.CategoryColumn(categories.Columns[i].Feature, categories.Columns[i].Classes, 1 + _numberSlots + categories.Columns[i].FirstGroup);
        Keys = new RankKeys<T>(thresholds, _numbers, columns, _numberSlots, categories.Groups);
    }

    public override RankKeys<T> Keys { get; }

    /// <param name="splits">All of them.</param>
    /// <param name="maxSlot">The largest slot that may be used.</param>
    /// <returns>null when there are more features than slots, more thresholds than ranks can tell apart, or the categories need larger tables than is reasonable.</returns>
    public static RankSplits<T>? TryCreate(SplitColumns splits, int maxSlot)
    {
        var ranks = new FeatureRanks(splits);
        var places = GC.AllocateUninitializedArray<int>(splits.Features.Length);
        var uses = ThresholdUse.Of(splits, ranks, places);
        if (uses.Length > maxSlot || Array.Exists(uses, use => use.Thresholds.Length > RankKey.MaxRank)) return null;
        return CategorySplits.TryCreate(splits) is { } categories ? new RankSplits<T>(splits, ranks, uses, places, categories) : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override (int Slot, int Bound) Encode(int split)
    {
        if (_splits.CategorySets[split] >= 0)
        {
            var (group, classes) = _categories.Of(split);
            return (1 + _numberSlots + group, classes);
        }
        // A value is below the threshold when fewer thresholds are at most the value than are at most the threshold.
        var number = _numberOf[_ranks[_splits.Features[split]]];
        ref readonly var column = ref _numbers[number];
        var rank = _uses[number].RankAt(_places[split]);
        return (_splits.DefaultLeft[split] ? column.LeftSlot : column.RightSlot, RankKey.Of(rank - 1));
    }
}
