using System.Buffers;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Eight walks at a time hide each other's memory latency: eight trees for one row, eight rows for one tree. No walk branches: a step is two loads, a
/// comparison and an addition, and a walk that has reached its leaf stays there until the deepest is done.
/// </summary>
internal class InterleavedKernel(CompactForest forest) : TreeKernel<float>(forest.Features, forest.Outputs, forest.TreeCount)
{
    private const int Walks = CompactForest.TreesPerGroup;

    /// <summary>Fewer rows are scored one by one.</summary>
    private const int MinBlockRows = 8;

    /// <summary>Deeper trees are unbalanced: after this many steps it is asked whether all walks have ended.</summary>
    private const int StepsBetweenChecks = 8;

    /// <summary>Above this, the keys of a block no longer fit the second-level cache.</summary>
    private const int MaxBlockKeys = 64 * 1024;

    private const int MaxStackKeys = 1024;

    protected CompactForest Forest { get; } = forest;

    protected sealed override void ScoreRows(ReadOnlySpan<float> rows, int rowLength, Span<float> margins, int count)
    {
        if (count < MinBlockRows || Forest.Keys.Slots * RowKeys.RowsPerBlock > MaxBlockKeys) ScoreOneByOne(rows, rowLength, margins, count);
        else ScoreBlocks(rows, rowLength, margins, count);
    }

    /// <summary>Adds the leaves of one tree to the margins of a block.</summary>
    /// <param name="keys">See <see cref="RowKeys.WriteBlock"/>.</param>
    /// <param name="margins">Row-major.</param>
    protected virtual unsafe void AddTree(int tree, int* keys, Span<float> margins) => AddTreeByWalks(tree, keys, margins);

    [SkipLocalsInit]
    protected unsafe void AddTreeByWalks(int tree, int* keys, Span<float> margins)
    {
        var reached = stackalloc CompactNode*[Walks];
        var rows = margins.Length / Outputs;
        var depth = Forest.Depths[tree];
        var target = Forest.TreeOutputs[tree];
        fixed (CompactNode* nodes = Forest.Nodes)
        fixed (float* sums = margins)
        {
            var root = nodes + Forest.Roots[tree];
            for (var row = 0; row < rows; row += Walks)
            {
                WalkRows(root, keys + row, depth, reached);
                var sum = sums + ((long)row * Outputs) + target;
                var last = Math.Min(Walks, rows - row);
                if (Forest.HasVectorLeaves)
                {
                    for (var i = 0; i < last; i++, sum += Outputs) AddVector(reached[i], new Span<float>(sum, Outputs));
                }
                else
                {
                    for (var i = 0; i < last; i++, sum += Outputs) *sum += Value(reached[i]);
                }
            }
        }
    }

    [SkipLocalsInit]
    private unsafe void ScoreOneByOne(ReadOnlySpan<float> rows, int rowLength, Span<float> margins, int count)
    {
        var slots = Forest.Keys.Slots;
        var rented = slots > MaxStackKeys ? ArrayPool<int>.Shared.Rent(slots) : null;
        var onStack = stackalloc int[rented is null ? slots : 0];
        fixed (int* inPool = rented)
        {
            var keys = rented is null ? onStack : inPool;
            for (var row = 0; row < count; row++)
            {
                Forest.Keys.Write(rows.Slice(row * rowLength, Features), keys);
                ScoreRow(keys, margins.Slice(row * Outputs, Outputs));
            }
        }
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    private unsafe void ScoreBlocks(ReadOnlySpan<float> rows, int rowLength, Span<float> margins, int count)
    {
        var slots = Forest.Keys.Slots;
        var rented = ArrayPool<int>.Shared.Rent((slots * (RowKeys.RowsPerBlock + 1)) + (RowKeys.Alignment / sizeof(int)));
        fixed (int* memory = rented)
        {
            var keys = (int*)(((nuint)memory + RowKeys.Alignment - 1) & ~(nuint)(RowKeys.Alignment - 1));
            for (var first = 0; first < count; first += RowKeys.RowsPerBlock)
            {
                var block = Math.Min(RowKeys.RowsPerBlock, count - first);
                Forest.Keys.WriteBlock(rows.Slice(first * rowLength, block * rowLength), rowLength, keys + (slots * RowKeys.RowsPerBlock), keys);
                var sums = margins.Slice(first * Outputs, block * Outputs);
                for (var row = 0; row < block; row++) Forest.BaseMargins.CopyTo(sums[(row * Outputs)..]);
                for (var tree = 0; tree < Forest.TreeCount; tree++) AddTree(tree, keys, sums);
            }
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    [SkipLocalsInit]
    private unsafe void ScoreRow(int* keys, Span<float> sums)
    {
        Forest.BaseMargins.CopyTo(sums);
        var reached = stackalloc CompactNode*[Walks];
        var outputs = Forest.TreeOutputs;
        fixed (CompactNode* nodes = Forest.Nodes)
        fixed (int* roots = Forest.Roots)
        {
            for (var group = 0; group < Forest.GroupDepths.Length; group++)
            {
                var first = group * Walks;
                WalkTrees(nodes, roots + first, keys, Forest.GroupDepths[group], reached);
                var last = Math.Min(Walks, outputs.Length - first);
                if (Outputs == 1 && last == Walks)
                {
                    // Added one after the other: the sum must be the one that tree order gives.
                    sums[0] = sums[0] + Value(reached[0]) + Value(reached[1]) + Value(reached[2]) + Value(reached[3])
                        + Value(reached[4]) + Value(reached[5]) + Value(reached[6]) + Value(reached[7]);
                    continue;
                }
                for (var i = 0; i < last; i++)
                {
                    if (Forest.HasVectorLeaves) AddVector(reached[i], sums);
                    else sums[outputs[first + i]] += Value(reached[i]);
                }
            }
        }
    }

    [SkipLocalsInit]
    protected sealed override unsafe void Walk(ReadOnlySpan<float> row, Span<int> leaves)
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
                WalkTrees(nodes, roots + first, keys, Forest.GroupDepths[group], reached);
                var last = Math.Min(Walks, leaves.Length - first);
                for (var i = 0; i < last; i++) leaves[first + i] = (int)(reached[i] - nodes);
            }
        }
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    private static unsafe void WalkTrees(CompactNode* nodes, int* roots, int* keys, int depth, CompactNode** reached)
    {
        CompactNode* a = nodes + roots[0], b = nodes + roots[1], c = nodes + roots[2], d = nodes + roots[3];
        CompactNode* e = nodes + roots[4], f = nodes + roots[5], g = nodes + roots[6], h = nodes + roots[7];
        while (depth > 0)
        {
            for (var steps = Math.Min(depth, StepsBetweenChecks); steps > 0; steps--)
            {
                a = Next(a, keys);
                b = Next(b, keys);
                c = Next(c, keys);
                d = Next(d, keys);
                e = Next(e, keys);
                f = Next(f, keys);
                g = Next(g, keys);
                h = Next(h, keys);
            }
            depth -= StepsBetweenChecks;
            if ((a->Step | b->Step | c->Step | d->Step | e->Step | f->Step | g->Step | h->Step) == 0) break;
        }
        reached[0] = a;
        reached[1] = b;
        reached[2] = c;
        reached[3] = d;
        reached[4] = e;
        reached[5] = f;
        reached[6] = g;
        reached[7] = h;
    }

    private static unsafe void WalkRows(CompactNode* root, int* keys, int depth, CompactNode** reached)
    {
        CompactNode* a = root, b = root, c = root, d = root, e = root, f = root, g = root, h = root;
        while (depth > 0)
        {
            for (var steps = Math.Min(depth, StepsBetweenChecks); steps > 0; steps--)
            {
                a = NextInBlock(a, keys);
                b = NextInBlock(b, keys + 1);
                c = NextInBlock(c, keys + 2);
                d = NextInBlock(d, keys + 3);
                e = NextInBlock(e, keys + 4);
                f = NextInBlock(f, keys + 5);
                g = NextInBlock(g, keys + 6);
                h = NextInBlock(h, keys + 7);
            }
            depth -= StepsBetweenChecks;
            if ((a->Step | b->Step | c->Step | d->Step | e->Step | f->Step | g->Step | h->Step) == 0) break;
        }
        reached[0] = a;
        reached[1] = b;
        reached[2] = c;
        reached[3] = d;
        reached[4] = e;
        reached[5] = f;
        reached[6] = g;
        reached[7] = h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe CompactNode* Next(CompactNode* node, int* keys) => node + node->Step + (keys[node->Slot] > node->Bound ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe CompactNode* NextInBlock(CompactNode* node, int* keys) =>
        node + node->Step + (keys[node->Slot << RowKeys.BlockShift] > node->Bound ? 1 : 0);

    private static unsafe float Value(CompactNode* leaf) => BitConverter.Int32BitsToSingle(leaf->Bound);

    private unsafe void AddVector(CompactNode* leaf, Span<float> sums)
    {
        var values = Forest.LeafVectors.AsSpan(leaf->Bound, sums.Length);
        for (var i = 0; i < sums.Length; i++) sums[i] += values[i];
    }
}
