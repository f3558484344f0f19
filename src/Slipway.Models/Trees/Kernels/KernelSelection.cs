using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The one place where a kernel is chosen.</summary>
internal static class KernelSelection
{
    /// <summary>Smaller trees would be filled up to several times their size.</summary>
    private const int MinNodesPerBinnedTree = 16;

    /// <typeparam name="T"><see cref="float"/> where the definition's arithmetic is, else <see cref="double"/>.</typeparam>
    public static MarginKernel<T> For<T>(TreeModelDefinition definition, KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (definition.Trees is { } trees) return definition.ScaleAndBias is { } adjusted ? new ScaledKernel<T>(For<T>(trees, kind), adjusted) : For<T>(trees, kind);
        object kernel = definition.Linear is { } linear ? new LinearKernel(linear.FeatureCount, linear.Weights, linear.BaseMargins) : definition.Kernel!;
        return (MarginKernel<T>)kernel;
    }

    /// <summary>The kernel asked for; <see cref="KernelKind.Reference"/> when the ensemble does not fit it.</summary>
    /// <typeparam name="T">Of features and margins. <see cref="float"/> only where the ensemble's arithmetic is <see cref="TreeArithmetic.Float32"/>; with linear leaves <see cref="double"/>.</typeparam>
    public static TreeKernel<T> For<T>(TreeEnsemble ensemble, KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && ensemble.Arithmetic != TreeArithmetic.Float32) throw new ArgumentException("margins of float64 trees do not fit float32: ask for a kernel of double", nameof(ensemble));
        if (ensemble.HasLinearLeaves) return (TreeKernel<T>)(object)new LinearLeafKernel(ensemble, LeafFinder(ensemble, kind));
        return Walking<T>(ensemble, kind);
    }

    /// <summary>For leaves that are more than values.</summary>
    private static TreeKernel<double> LeafFinder(TreeEnsemble ensemble, KernelKind kind) =>
        kind != KernelKind.Automatic ? Walking<double>(ensemble, kind)
            : Walking<double>(ensemble, KernelKind.QuickScorer) is var small and not ReferenceKernel<double> ? small
            : Walking<double>(ensemble, KernelKind.Interleaved);

    private static TreeKernel<T> Walking<T>(TreeEnsemble ensemble, KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == KernelKind.Reference) return new ReferenceKernel<T>(ensemble);
        if (kind is KernelKind.Symmetric or KernelKind.Automatic && typeof(T) == typeof(double) && ensemble.Symmetric is { } forest && OfLevels(ensemble, forest) is { } symmetric) return (TreeKernel<T>)(object)symmetric;
        if (kind is KernelKind.Automatic or KernelKind.Binned or KernelKind.LevelMajor)
        {
            if (OfPerfect<T>(ensemble, kind) is { } perfect) return perfect;
            if (kind != KernelKind.Automatic) return new ReferenceKernel<T>(ensemble);
        }
        return LongestStep(ensemble) > OrderNodes.MaxStep ? Over<T, FarNodes>(ensemble, kind)
            : ensemble.HasCategoricalSplits ? Over<T, OrderOrSetNodes>(ensemble, kind)
            : Over<T, OrderNodes>(ensemble, kind);
    }

    /// <summary>Of trees that are filled up to perfect ones.</summary>
    /// <returns>null when they do not fit it, or others are faster.</returns>
    private static TreeKernel<T>? OfPerfect<T>(TreeEnsemble ensemble, KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == KernelKind.Binned) return BinnedKernel.TryCreate<T>(ensemble);
        var plan = typeof(T) == typeof(float) ? LevelMajorForest.TryPlan(ensemble) : null;
        if (kind == KernelKind.LevelMajor) return plan is null ? null : (TreeKernel<T>)(object)new LevelMajorKernel(plan.Build());
        if (ensemble.NodeCount < MinNodesPerBinnedTree * (long)ensemble.TreeCount || SymmetricTrees.StartIn(ensemble)) return null;
        var walk = KernelCost.OfWalk(ensemble, plan?.Slots ?? ensemble.UsedFeatures().Length);
        var (cost, isPlanned) = plan is not null && KernelCost.Of(plan) is var planned && planned < walk ? (planned, true) : (walk, false);
        return BinnedKernel.TryCreate<T>(ensemble, cost) ?? (isPlanned ? (TreeKernel<T>)(object)new LevelMajorKernel(plan!.Build()) : null);
    }

    /// <summary>Of symmetric trees, without making their nodes. Float32 leaves are kept in nodes.</summary>
    private static TreeKernel<double>? OfLevels(TreeEnsemble ensemble, SymmetricForest forest) =>
        ensemble.HasCategoricalSplits ? OfLevels<OrderOrSetNodes>(ensemble, forest) : OfLevels<OrderNodes>(ensemble, forest);

    private static SymmetricKernel<double, TForm>? OfLevels<TForm>(TreeEnsemble ensemble, SymmetricForest forest)
        where TForm : INodeForm
    {
        if (ensemble.TreeCount == 0 || RankSplits<double>.TryCreate(forest.Splits(ensemble), TForm.MaxSlot) is not { } splits || splits.Keys.BlockSlots > TForm.MaxSlot) return null;
        if (SymmetricTrees.TryCreate(forest, splits, ensemble.OutputCount) is not { } trees) return null;
        return new SymmetricKernel<double, TForm>(CompactForest<double>.OfLeaves(ensemble, splits.Keys, ImmutableCollectionsMarshal.AsArray(forest.LeafValues)!), trees);
    }

    private static TreeKernel<T> Over<T, TForm>(TreeEnsemble ensemble, KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        if (kind == KernelKind.QuickScorer || (kind == KernelKind.Automatic && !TreeTops.HoldAll(ensemble, 2 * ensemble.FeatureCount) && !SymmetricTrees.StartIn(ensemble)))
        {
            if (QuickScorerForest<T>.TryCreate<TForm>(ensemble, always: kind == KernelKind.QuickScorer) is { } small) return new QuickScorerKernel<T, TForm>(small);
            if (kind == KernelKind.QuickScorer) return new ReferenceKernel<T>(ensemble);
        }
        if (CompactForest<T>.TryCreate<TForm>(ensemble) is not { } forest) return new ReferenceKernel<T>(ensemble);
        if (kind is KernelKind.Symmetric or KernelKind.Automatic && SymmetricTrees.TryCreate<T, TForm>(forest) is { } symmetric) return new SymmetricKernel<T, TForm>(forest, symmetric);
        return kind switch
        {
            KernelKind.Symmetric => new ReferenceKernel<T>(ensemble),
            KernelKind.Interleaved => new InterleavedKernel<T, TForm>(forest),
            KernelKind.Vector256 => new VectorKernel<T, TForm>(forest, 256),
            KernelKind.Vector512 => new VectorKernel<T, TForm>(forest, 512),
            _ => Avx512F.IsSupported ? new VectorKernel<T, TForm>(forest, 512)
                : Vector256.IsHardwareAccelerated ? new VectorKernel<T, TForm>(forest, 256)
                : new InterleavedKernel<T, TForm>(forest),
        };
    }

    private static int LongestStep(TreeEnsemble ensemble)
    {
        var longest = 0;
        for (var node = 0; node < ensemble.NodeCount; node++) longest = Math.Max(longest, ensemble.LeftChildren[node] - node);
        return longest;
    }
}
