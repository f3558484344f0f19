using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Trees;

/// <summary>The number of the leaf that a row reaches in each tree.</summary>
internal sealed class LeafAnswer<T> : TreeAnswer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TreeKernel<T> _kernel;
    private readonly ImmutableArray<int> _ids;

    public LeafAnswer(TreeModelDefinition definition, KernelKind kind) : base(SpecOf(definition))
    {
        _kernel = KernelSelection.For<T>(definition.Trees!, kind == KernelKind.Automatic ? KernelKind.Interleaved : kind);
        _ids = definition.Trees!.NodeIds;
    }

    public override void Write(ReadOnlySpan<T> rows, int count, Tensor output, int first)
    {
        var leaves = output.Values<int>().Slice(first * _kernel.Trees, count * _kernel.Trees);
        for (var row = 0; row < count; row++)
        {
            _kernel.FindLeaves(rows.Slice(row * _kernel.Features, _kernel.Features), leaves.Slice(row * _kernel.Trees, _kernel.Trees));
        }
        foreach (ref var leaf in leaves) leaf = _ids[leaf];
    }

    private static TensorSpec SpecOf(TreeModelDefinition definition) =>
        definition.Trees is { } trees
            ? new TensorSpec("leaf", ElementType.Int32, [-1, trees.TreeCount])
            : throw new ModelException("leaves are asked for, but the model has no trees");
}
