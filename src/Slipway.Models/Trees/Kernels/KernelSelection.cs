using System.Numerics;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The one place where a kernel is chosen.</summary>
internal static class KernelSelection
{
    public static MarginKernel<float> For(TreeModelDefinition definition, KernelKind kind) =>
        definition.Linear is { } linear
            ? new LinearKernel(linear.FeatureCount, linear.Weights, linear.BaseMargins)
            : For<float>(definition.Trees!, kind);

    /// <summary>The kernel asked for; <see cref="KernelKind.Reference"/> when the ensemble does not fit it.</summary>
    /// <typeparam name="T">Of features and margins. <see cref="float"/> only where the ensemble's arithmetic is <see cref="TreeArithmetic.Float32"/>.</typeparam>
    public static TreeKernel<T> For<T>(TreeEnsemble ensemble, KernelKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && ensemble.Arithmetic != TreeArithmetic.Float32) throw new ArgumentException("margins of float64 trees do not fit float32: ask for a kernel of double", nameof(ensemble));
        if (typeof(T) != typeof(float) || kind == KernelKind.Reference || CompactForest.TryCreate(ensemble) is not { } forest) return new ReferenceKernel<T>(ensemble);
        return (TreeKernel<T>)(object)FastOver(forest, kind);
    }

    private static InterleavedKernel FastOver(CompactForest forest, KernelKind kind) => kind switch
    {
        KernelKind.Interleaved => new InterleavedKernel(forest),
        KernelKind.Vector256 => new VectorKernel(forest, 256),
        KernelKind.Vector512 => new VectorKernel(forest, 512),
        _ => Vector512.IsHardwareAccelerated ? new VectorKernel(forest, 512)
            : Vector256.IsHardwareAccelerated ? new VectorKernel(forest, 256)
            : new InterleavedKernel(forest),
    };
}
