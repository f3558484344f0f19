using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// What a single row costs in kernels that compete for the same trees, in tenths of nanoseconds. The figures were measured on Zen 5 with models of 100 and 1,000 trees
/// of 6 and 10 levels over 30 and 500 features (bench/trees.sh); only their ratios matter.
/// </summary>
internal static class KernelCost
{
    /// <summary>Larger forests come from the third-level cache for the most part.</summary>
    private const long CachedBytes = 2 << 20;

    /// <summary>Rows become bytes, slot by slot; then groups are passed, however few trees are in them.</summary>
    public static double Of<T>(BinnedForest<T> forest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var cost = (4.5 * forest.Bins.Slots) + (6.5 * forest.Bins.WideSlots);
        foreach (var group in forest.Groups) cost += 600 + (group.Trees * (group.HasBottoms ? 20 : 5));
        return cost;
    }

    public static double Of(LevelMajorForest.Plan plan) => (1.2 * plan.Slots) + (plan.Steps * (plan.Bytes > CachedBytes ? 8 : 5.5));

    /// <summary>Of node by node, and from <see cref="TreeTops"/> where these are fast.</summary>
    public static double OfWalk(TreeEnsemble ensemble, int slots)
    {
        var cost = 0.0;
        foreach (var depth in ensemble.TreeDepths) cost += depth * (depth > TreeTops.MaxLevels || !Avx512F.IsSupported ? 9 : slots > KeysOf256.Count ? 7.5 : 4);
        return cost;
    }
}
