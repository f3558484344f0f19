using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// <see cref="LevelMajorForest"/>: eight trees are walked side by side, each by one index. A step is five instructions: a key in the upper 48 bits of a word is
/// subtracted from a node, whose sign is the way then. What a walk will need three levels on is one cache line, which is fetched meanwhile.
/// </summary>
internal sealed class LevelMajorKernel(LevelMajorForest forest) : TreeKernel<float>(forest.Features, forest.Leaves.Outputs, forest.Leaves.TreeOutputs.Length)
{
    private const int Lanes = LevelMajorForest.Lanes;

    private readonly LeafForm<float> _leaves = forest.Leaves;
    private readonly LeafSums<float, OrderNodes> _sums = new(forest.Leaves);
    private readonly bool _hasOneSum = forest.Leaves is { Outputs: 1, AreVectors: false };

    [SkipLocalsInit]
    protected override unsafe void ScoreRows(ReadOnlySpan<float> rows, int rowLength, Span<float> margins, int count)
    {
        var keys = stackalloc long[forest.Keys.Slots];
        for (var row = 0; row < count; row++)
        {
            forest.Keys.Write(rows.Slice(row * rowLength, rowLength), keys, LevelMajorForest.BoundShift);
            if (_hasOneSum) margins[row] = SumOfTrees(keys, _leaves.BaseMargins[0]);
            else AddTrees(keys, margins.Slice(row * Outputs, Outputs));
        }
    }

    [SkipLocalsInit]
    protected override unsafe void Walk(ReadOnlySpan<float> row, Span<int> leaves)
    {
        var keys = stackalloc long[forest.Keys.Slots];
        forest.Keys.Write(row, keys, LevelMajorForest.BoundShift);
        for (var tree = 0; tree < leaves.Length; tree++) leaves[tree] = forest.FindNode(tree, new ReadOnlySpan<long>(keys, forest.Keys.Slots));
    }

    private unsafe float SumOfTrees(long* keys, float sum)
    {
        fixed (long* memory = forest.Memory)
        {
            var trees = Trees;
            foreach (ref readonly var group in forest.Groups.AsSpan())
            {
                sum = SumOfGroup(memory + group.Start - Lanes, group.Levels, keys, Math.Min(Lanes, trees), sum);
                trees -= Lanes;
            }
        }
        return sum;
    }

    /// <summary>Adds up leaves one after the other: the sum must be the one that tree order gives. Meanwhile the next trees are walked.</summary>
    /// <inheritdoc cref="FindLeaves"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe float SumOfGroup(long* nodes, int levels, long* keys, int trees, float sum)
    {
        nint a = Lanes, b = Lanes + 1, c = Lanes + 2, d = Lanes + 3, e = Lanes + 4, f = Lanes + 5, g = Lanes + 6, h = Lanes + 7;
        WalkDown(nodes, levels, keys, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        var leaves = (float*)LeavesFor(nodes, levels);
        sum += leaves[a];
        if (trees == Lanes) return sum + leaves[b] + leaves[c] + leaves[d] + leaves[e] + leaves[f] + leaves[g] + leaves[h];
        if (trees > 1) sum += leaves[b];
        if (trees > 2) sum += leaves[c];
        if (trees > 3) sum += leaves[d];
        if (trees > 4) sum += leaves[e];
        if (trees > 5) sum += leaves[f];
        if (trees > 6) sum += leaves[g];
        return sum;
    }

    [SkipLocalsInit]
    private unsafe void AddTrees(long* keys, Span<float> sums)
    {
        _leaves.BaseMargins.CopyTo(sums);
        var found = stackalloc int[Lanes];
        fixed (long* memory = forest.Memory)
        {
            foreach (ref readonly var group in forest.Groups.AsSpan())
            {
                FindLeaves(memory + group.Start - Lanes, group.Levels, keys, found);
                _sums.AddToRow(new ReadOnlySpan<int>(found, Math.Min(Lanes, Trees - group.FirstTree)), group.FirstTree, sums);
            }
        }
    }

    /// <param name="nodes">Of a group; the first root is that of index <see cref="Lanes"/>.</param>
    /// <param name="levels">Of the group.</param>
    /// <param name="keys">Of the row.</param>
    /// <param name="found">Receives what the eight leaves hold.</param>
    private static unsafe void FindLeaves(long* nodes, int levels, long* keys, int* found)
    {
        nint a = Lanes, b = Lanes + 1, c = Lanes + 2, d = Lanes + 3, e = Lanes + 4, f = Lanes + 5, g = Lanes + 6, h = Lanes + 7;
        WalkDown(nodes, levels, keys, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        var leaves = (int*)LeavesFor(nodes, levels);
        (found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7]) = (leaves[a], leaves[b], leaves[c], leaves[d], leaves[e], leaves[f], leaves[g], leaves[h]);
    }

    /// <summary>Where the leaf of index 0 would be: leaves of four bytes follow nodes of eight, and their indices go on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe long* LeavesFor(long* nodes, int levels) => nodes + (Lanes << levels) - (Lanes << levels >> 1);

    /// <summary>Indices of roots become those of leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void WalkDown(long* nodes, int levels, long* keys, ref nint a, ref nint b, ref nint c, ref nint d, ref nint e, ref nint f, ref nint g, ref nint h)
    {
        for (var level = levels; level > LevelMajorForest.LevelsAhead; level--)
        {
            a = NextAhead(nodes, a, keys);
            b = NextAhead(nodes, b, keys);
            c = NextAhead(nodes, c, keys);
            d = NextAhead(nodes, d, keys);
            e = NextAhead(nodes, e, keys);
            f = NextAhead(nodes, f, keys);
            g = NextAhead(nodes, g, keys);
            h = NextAhead(nodes, h, keys);
        }
        (a, b, c, d, e, f, g, h) = (Next(nodes, a, keys), Next(nodes, b, keys), Next(nodes, c, keys), Next(nodes, d, keys), Next(nodes, e, keys), Next(nodes, f, keys), Next(nodes, g, keys), Next(nodes, h, keys));
        (a, b, c, d, e, f, g, h) = (Next(nodes, a, keys), Next(nodes, b, keys), Next(nodes, c, keys), Next(nodes, d, keys), Next(nodes, e, keys), Next(nodes, f, keys), Next(nodes, g, keys), Next(nodes, h, keys));
        (a, b, c, d, e, f, g, h) = (Next(nodes, a, keys), Next(nodes, b, keys), Next(nodes, c, keys), Next(nodes, d, keys), Next(nodes, e, keys), Next(nodes, f, keys), Next(nodes, g, keys), Next(nodes, h, keys));
    }

    /// <summary>The child's index; and the nodes three levels on, of which it will be one, are fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe nint NextAhead(long* nodes, nint index, long* keys)
    {
        if (Sse.IsSupported) Sse.Prefetch0(nodes + (index << LevelMajorForest.LevelsAhead));
        return Next(nodes, index, keys);
    }

    /// <summary>The child's index: keys above the bound go right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe nint Next(long* nodes, nint index, long* keys)
    {
        var node = nodes[index];
        return (index << 1) + (nint)((ulong)(node - keys[(ushort)node]) >> 63);
    }
}
