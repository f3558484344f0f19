using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A tree of few leaves as <see cref="QuickScorerForest{T}"/> wants it. Only while that is made: holds one tree at a time.</summary>
internal sealed class QuickScorerTree<T>(TreeEnsemble ensemble, SplitEncoder<T> encoder)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _leaves = new int[QuickScorer.MaxLeaves];
    private readonly Split[] _splits = new Split[QuickScorer.MaxLeaves - 1];
    private readonly Exclusion[] _exclusions = new Exclusion[QuickScorer.MaxLeaves - 1];
    private int _leafCount;
    private int _splitCount;

    /// <param name="OnLeft">The leaves that it excludes when it goes right, as bits.</param>
    private readonly record struct Split(int Slot, int Bound, bool IsCategorical, ulong OnLeft);

    /// <param name="Keep">The leaves of a word that are not on the left.</param>
    public readonly record struct Exclusion(int Slot, int Bound, int Keep);

    /// <summary>The nodes that are leaves, from left to right.</summary>
    public ReadOnlySpan<int> Leaves => _leaves.AsSpan(0, _leafCount);

    public void Read(int tree)
    {
        (_leafCount, _splitCount) = (0, 0);
        Visit(ensemble.TreeStarts[tree]);
    }

    /// <summary>How many splits exclude leaves of each word.</summary>
    public QuickScorerForest<T>.Exclusions Count()
    {
        var (lowNumeric, low, highNumeric, high) = (0, 0, 0, 0);
        foreach (ref readonly var split in _splits.AsSpan(0, _splitCount))
        {
            var numeric = split.IsCategorical ? 0 : 1;
            if ((uint)split.OnLeft != 0) (low, lowNumeric) = (low + 1, lowNumeric + numeric);
            if (split.OnLeft >> QuickScorer.LeavesPerWord != 0) (high, highNumeric) = (high + 1, highNumeric + numeric);
        }
        return new QuickScorerForest<T>.Exclusions((byte)lowNumeric, (byte)low, (byte)highNumeric, (byte)high);
    }

    /// <summary>The splits that exclude leaves of a word, the numeric ones first. Until the next call.</summary>
    /// <param name="word">0 or 1.</param>
    public ReadOnlySpan<Exclusion> Exclusions(int word)
    {
        var count = 0;
        for (var kind = 0; kind < 2; kind++)
        {
            foreach (ref readonly var split in _splits.AsSpan(0, _splitCount))
            {
                var onLeft = (uint)(split.OnLeft >> (word * QuickScorer.LeavesPerWord));
                if (onLeft != 0 && split.IsCategorical == (kind == 1)) _exclusions[count++] = new Exclusion(split.Slot, split.Bound, (int)~onLeft);
            }
        }
        return _exclusions.AsSpan(0, count);
    }

    private void Visit(int node)
    {
        if (ensemble.IsLeaf(node))
        {
            _leaves[_leafCount++] = node;
            return;
        }
        var from = _leafCount;
        Visit(ensemble.LeftChildren[node]);
        var onLeft = (1UL << _leafCount) - (1UL << from);
        var (slot, bound) = encoder.Encode(node);
        _splits[_splitCount++] = new Split(slot, bound, encoder.Keys.MaskSlotOf(slot) != slot, onLeft);
        Visit(ensemble.LeftChildren[node] + 1);
    }
}
