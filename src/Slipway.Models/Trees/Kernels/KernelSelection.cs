using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The one place where a kernel is chosen.</summary>
internal static class KernelSelection
{
    public static MarginKernel For(TreeModelDefinition definition, KernelKind kind) =>
        definition.Linear is { } linear
            ? new LinearKernel(linear.FeatureCount, linear.Weights, linear.BaseMargins)
            : For(definition.Trees!, kind);

    /// <summary>The kernel asked for; <see cref="KernelKind.Reference"/> when the ensemble does not fit it.</summary>
    public static MarginKernel For(TreeEnsemble ensemble, KernelKind kind)
    {
        if (kind == KernelKind.Reference || CompactForest.TryCreate(ensemble) is not { } forest) return new ReferenceKernel(ensemble);
        return kind switch
        {
            KernelKind.Interleaved => new InterleavedKernel(forest),
            KernelKind.Vector256 => new VectorKernel(forest, 256),
            KernelKind.Vector512 => new VectorKernel(forest, 512),
            _ => Vector512.IsHardwareAccelerated ? new VectorKernel(forest, 512)
                : Vector256.IsHardwareAccelerated ? new VectorKernel(forest, 256)
                : new InterleavedKernel(forest),
        };
    }
}
