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
        fixed (CompactNode* nodes = Forest.Nodes)
        fixed (int* roots = Forest.Roots)
        {
            var keys = rented is null ? onStack : inPool;
            Forest.Keys.Write(row, keys);
            for (var group = 0; group < Forest.GroupDepths.Length; group++)
            {
                var first = group * Walks;
                Walker<TForm>.WalkTrees(nodes, roots + first, keys, Forest.GroupDepths[group], reached);
                var last = Math.Min(Walks, leaves.Length - first);
                for (var i = 0; i < last; i++) leaves[first + i] = (int)(reached[i] - nodes);
            }
        }
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    protected override unsafe void AddTree(int tree, int* keys, Span<T> margins) => AddTreeByWalks(tree, keys, margins);

    [SkipLocalsInit]
    protected unsafe void AddTreeByWalks(int tree, int* keys, Span<T> margins)
    {
        var leaves = stackalloc int[KeyBlock.Rows];
        var rows = margins.Length / Outputs;
        var depth = Forest.Depths[tree];
        fixed (CompactNode* nodes = Forest.Nodes)
        {
            var root = nodes + Forest.Roots[tree];
            for (var row = 0; row < rows; row += Walks) Walker<TForm>.WalkRows(root, keys + row, depth, leaves + row);
        }
        Sums.AddToRows(new ReadOnlySpan<int>(leaves, rows), Forest.TreeOutputs[tree], margins);
    }

    protected override unsafe void Reach(int* keys, int first, int end, int* leaves)
    {
        fixed (CompactNode* nodes = Forest.Nodes)
        fixed (int* roots = Forest.Roots)
        {
            for (var tree = first; tree < end; tree += Walks) Walker<TForm>.WalkTrees(nodes, roots + tree, keys, Forest.GroupDepths[tree / Walks], leaves + tree - first);
        }
    }
}
