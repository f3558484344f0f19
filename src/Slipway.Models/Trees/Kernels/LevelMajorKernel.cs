using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// <see cref="LevelMajorForest"/>: eight trees are walked side by side, each by one index, for some rows before the next eight are. A step is five
/// instructions: a key in the upper 48 bits of a word is subtracted from a node, whose sign is the way then. What a walk will need three levels on is one cache line,
/// which is fetched meanwhile.
/// </summary>
internal sealed class LevelMajorKernel(LevelMajorForest forest) : TreeKernel<float>(forest.Features, forest.Leaves.Outputs, forest.Leaves.TreeOutputs.Length)
{
    private const int Lanes = LevelMajorForest.Lanes;

    /// <summary>Of the rows that go through eight trees before the next: two thirds of the first-level cache.</summary>
    private const int KeysPerPass = 2 * LevelMajorForest.MaxSlots;

    /// <summary>Eight trees of so many fit beside these keys: only the first row has to wait for them.</summary>
    private const int LevelsKept = 6;

    private const int KeysPerLine = AlignedMemory.Alignment / sizeof(long);

    private readonly LeafForm<float> _leaves = forest.Leaves;
    private readonly LeafSums<float, OrderNodes> _sums = new(forest.Leaves);
    private readonly bool _hasOneSum = forest.Leaves is { Outputs: 1, AreVectors: false };

    [SkipLocalsInit]
    protected override unsafe void ScoreRows(ReadOnlySpan<float> rows, int rowLength, Span<float> margins, int count)
    {
        var slots = (forest.Keys.Slots + KeysPerLine - 1) & -KeysPerLine;
        var rowsPerPass = Math.Min(count, Math.Max(1, KeysPerPass / slots));
        var memory = stackalloc long[(rowsPerPass * slots) + KeysPerLine];
        // The second slot starts where a cache line does: from there on slots are written by whole vectors.
        var keys = (long*)(((nuint)memory + AlignedMemory.Alignment) & ~(nuint)(AlignedMemory.Alignment - 1)) - 1;
        for (var first = 0; first < count; first += rowsPerPass)
        {
            var pass = Math.Min(rowsPerPass, count - first);
            for (var row = 0; row < pass; row++) forest.Keys.Write(rows.Slice((first + row) * rowLength, rowLength), keys + (row * slots), LevelMajorForest.BoundShift);
            var ofPass = margins.Slice(first * Outputs, pass * Outputs);
            if (_hasOneSum && pass == 1) ofPass[0] = SumOfTrees(keys, _leaves.BaseMargins[0]);
            else if (_hasOneSum) SumTrees(keys, slots, ofPass);
            else AddTrees(keys, slots, ofPass);
        }
    }

    [SkipLocalsInit]
    protected override unsafe void Walk(ReadOnlySpan<float> row, Span<int> leaves)
    {
        var keys = stackalloc long[forest.Keys.Slots];
        forest.Keys.Write(row, keys, LevelMajorForest.BoundShift);
        for (var tree = 0; tree < leaves.Length; tree++) leaves[tree] = forest.FindNode(tree, new ReadOnlySpan<long>(keys, forest.Keys.Slots));
    }

    /// <param name="keys">Of rows.</param>
    /// <param name="slots">From the keys of a row to those of the next.</param>
    /// <param name="sums">One for each row.</param>
    private unsafe void SumTrees(long* keys, int slots, Span<float> sums)
    {
        sums.Fill(_leaves.BaseMargins[0]);
        var trees = Trees;
        fixed (long* memory = forest.Memory)
        {
            foreach (ref readonly var group in forest.Groups.AsSpan())
            {
                AddLeaves(memory + group.Start - Lanes, group.Levels, Math.Min(Lanes, trees), keys, slots, sums);
                trees -= Lanes;
            }
        }
    }

    /// <param name="trees">Of the group, at most <see cref="Lanes"/>.</param>
    /// <inheritdoc cref="FindLeaves"/>
    /// <inheritdoc cref="SumTrees"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void AddLeaves(long* nodes, int levels, int trees, long* keys, int slots, Span<float> sums)
    {
        var leaves = (float*)LeavesFor(nodes, levels);
        var fetches = levels > LevelsKept;
        foreach (ref var sum in sums)
        {
            nint a = Lanes, b = Lanes + 1, c = Lanes + 2, d = Lanes + 3, e = Lanes + 4, f = Lanes + 5, g = Lanes + 6, h = Lanes + 7;
            WalkDown(nodes, levels, fetches, keys, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            sum = Sum(leaves, trees, sum, a, b, c, d, e, f, g, h);
            keys += slots;
        }
    }

    /// <summary>Of a single row: its sum stays in a register.</summary>
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

    /// <inheritdoc cref="AddLeaves"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe float SumOfGroup(long* nodes, int levels, long* keys, int trees, float sum)
    {
        nint a = Lanes, b = Lanes + 1, c = Lanes + 2, d = Lanes + 3, e = Lanes + 4, f = Lanes + 5, g = Lanes + 6, h = Lanes + 7;
        WalkDown(nodes, levels, fetches: true, keys, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        return Sum((float*)LeavesFor(nodes, levels), trees, sum, a, b, c, d, e, f, g, h);
    }

    /// <summary>Adds up leaves one after the other: the sum must be the one that tree order gives. Meanwhile the next trees are walked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe float Sum(float* leaves, int trees, float sum, nint a, nint b, nint c, nint d, nint e, nint f, nint g, nint h)
    {
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

    /// <inheritdoc cref="SumTrees"/>
    [SkipLocalsInit]
    private unsafe void AddTrees(long* keys, int slots, Span<float> sums)
    {
        for (var at = 0; at < sums.Length; at += Outputs) _leaves.BaseMargins.CopyTo(sums[at..]);
        var found = stackalloc int[Lanes];
        fixed (long* memory = forest.Memory)
        {
            foreach (ref readonly var group in forest.Groups.AsSpan())
            {
                var fetches = sums.Length == Outputs || group.Levels > LevelsKept;
                var ofRow = keys;
                for (var at = 0; at < sums.Length; at += Outputs, ofRow += slots)
                {
                    FindLeaves(memory + group.Start - Lanes, group.Levels, fetches, ofRow, found);
                    _sums.AddToRow(new ReadOnlySpan<int>(found, Math.Min(Lanes, Trees - group.FirstTree)), group.FirstTree, sums.Slice(at, Outputs));
                }
            }
        }
    }

    /// <param name="nodes">Of a group; the first root is that of index <see cref="Lanes"/>.</param>
    /// <param name="levels">Of the group.</param>
    /// <param name="fetches">Nodes may be far away.</param>
    /// <param name="keys">Of the row.</param>
    /// <param name="found">Receives what the eight leaves hold.</param>
    private static unsafe void FindLeaves(long* nodes, int levels, bool fetches, long* keys, int* found)
    {
        nint a = Lanes, b = Lanes + 1, c = Lanes + 2, d = Lanes + 3, e = Lanes + 4, f = Lanes + 5, g = Lanes + 6, h = Lanes + 7;
        WalkDown(nodes, levels, fetches, keys, ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        var leaves = (int*)LeavesFor(nodes, levels);
        (found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7]) = (leaves[a], leaves[b], leaves[c], leaves[d], leaves[e], leaves[f], leaves[g], leaves[h]);
    }

    /// <summary>Where the leaf of index 0 would be: leaves of four bytes follow nodes of eight, and their indices go on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe long* LeavesFor(long* nodes, int levels) => nodes + (Lanes << levels) - (Lanes << levels >> 1);

    /// <summary>Indices of roots become those of leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void WalkDown(long* nodes, int levels, bool fetches, long* keys, ref nint a, ref nint b, ref nint c, ref nint d, ref nint e, ref nint f, ref nint g, ref nint h)
    {
        for (; levels > LevelMajorForest.LevelsAhead; levels--)
        {
            if (fetches) Fetch(nodes, a, b, c, d, e, f, g, h);
            a = Next(nodes, a, keys);
            b = Next(nodes, b, keys);
            c = Next(nodes, c, keys);
            d = Next(nodes, d, keys);
            e = Next(nodes, e, keys);
            f = Next(nodes, f, keys);
            g = Next(nodes, g, keys);
            h = Next(nodes, h, keys);
        }
        (a, b, c, d, e, f, g, h) = (Next(nodes, a, keys), Next(nodes, b, keys), Next(nodes, c, keys), Next(nodes, d, keys), Next(nodes, e, keys), Next(nodes, f, keys), Next(nodes, g, keys), Next(nodes, h, keys));
        (a, b, c, d, e, f, g, h) = (Next(nodes, a, keys), Next(nodes, b, keys), Next(nodes, c, keys), Next(nodes, d, keys), Next(nodes, e, keys), Next(nodes, f, keys), Next(nodes, g, keys), Next(nodes, h, keys));
        (a, b, c, d, e, f, g, h) = (Next(nodes, a, keys), Next(nodes, b, keys), Next(nodes, c, keys), Next(nodes, d, keys), Next(nodes, e, keys), Next(nodes, f, keys), Next(nodes, g, keys), Next(nodes, h, keys));
    }

    /// <summary>Fetches the nodes three levels on, of which each walk will need one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch(long* nodes, nint a, nint b, nint c, nint d, nint e, nint f, nint g, nint h)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(nodes + (a << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (b << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (c << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (d << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (e << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (f << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (g << LevelMajorForest.LevelsAhead));
        Sse.Prefetch0(nodes + (h << LevelMajorForest.LevelsAhead));
    }

    /// <summary>The child's index: keys above the bound go right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe nint Next(long* nodes, nint index, long* keys)
    {
        var node = nodes[index];
        return (index << 1) + (nint)((ulong)(node - keys[(ushort)node]) >> 63);
    }
}
