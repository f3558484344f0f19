using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Eight walks at a time hide each other's memory latency: eight trees for one row, eight rows for one tree. No walk branches: a step is two loads, a
/// test and an addition, and a walk that has reached its leaf stays there until the deepest is done.
/// </summary>
internal class InterleavedKernel<T, TForm>(CompactForest<T> forest) : ForestKernel<T, TForm>(forest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    private const int Walks = Walker<TForm>.Walks;

    [SkipLocalsInit]
    protected override unsafe void Walk(ReadOnlySpan<T> row, Span<int> leaves)
    {
        var slots = Forest.Keys.Slots;
        var rented = slots > MaxStackKeys ? ArrayPool<int>.Shared.Rent(slots) : null;
        var onStack = stackalloc int[rented is null ? slots : 0];
        var reached = stackalloc CompactNode*[Walks];
        fixed (int* inPool = rented)
        fixed (CompactNode* kept = Forest.Nodes)
        fixed (int* roots = Forest.Roots)
        {
            var keys = rented is null ? onStack : inPool;
            var nodes = kept - Forest.FirstNode;
            Forest.Keys.Write(row, keys);
            for (var group = (Forest.FirstTree + Walks - 1) / Walks; group < Forest.GroupDepths.Length; group++)
            {
                var first = group * Walks;
                Walker<TForm>.WalkTrees(nodes, roots + first, keys, Forest.GroupDepths[group], reached);
                var last = Math.Min(Walks, leaves.Length - first);
                for (var i = 0; i < last; i++) leaves[first + i] = (int)(reached[i] - nodes);
            }
        }
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    [SkipLocalsInit]
    protected override unsafe void AddTree(int tree, int* keys, int keysPerBlock, Span<T> margins)
    {
        var leaves = stackalloc int[KeyBlock.Rows];
        var blockMargins = KeyBlock.Rows * Outputs;
        fixed (CompactNode* kept = Forest.Nodes)
        {
            var root = kept + (Forest.Roots[tree] - Forest.FirstNode);
            for (var from = 0; from < margins.Length; from += blockMargins, keys += keysPerBlock)
            {
                var sums = margins.Slice(from, Math.Min(blockMargins, margins.Length - from));
                var rows = sums.Length / Outputs;
                for (var row = 0; row < rows; row += Walks) Walker<TForm>.WalkRows(root, keys + row, Forest.Depths[tree], leaves + row);
                Sums.AddToRows(new ReadOnlySpan<int>(leaves, rows), Leaves.TreeOutputs[tree], sums);
            }
        }
    }

    protected override unsafe void Reach(int* keys, int first, int end, int* leaves)
    {
        fixed (CompactNode* kept = Forest.Nodes)
        fixed (int* roots = Forest.Roots)
        {
            var nodes = kept - Forest.FirstNode;
            for (var tree = first; tree < end; tree += Walks) Walker<TForm>.WalkTrees(nodes, roots + tree, keys, Forest.GroupDepths[tree / Walks], leaves + tree - first);
        }
    }
}
