using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A kernel over the nodes of a <see cref="CompactForest{T}"/>.</summary>
internal abstract class ForestKernel<T, TForm>(CompactForest<T> forest) : KeyKernel<T, TForm>(forest.Features, forest.Keys, forest.Leaves)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    protected CompactForest<T> Forest { get; } = forest;
}
