using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Scores rows by the leaves they reach: those of some trees are found, and while they are added, those of the next.</summary>
internal abstract class LeafKernel<T, TForm>(int features, LeafForm<T> leaves) : TreeKernel<T>(features, leaves.Outputs, leaves.TreeOutputs.Length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    /// <summary>So many are found at a time.</summary>
    protected const int TreesPerSum = TreeTops.TreesPerGroup;

    protected LeafForm<T> Leaves { get; } = leaves;

    protected LeafSums<T, TForm> Sums { get; } = new(leaves);

    /// <summary>Finds the leaves that a row reaches in some trees.</summary>
    /// <param name="first">The first of them, a multiple of <see cref="TreesPerSum"/>.</param>
    /// <param name="end">After the last of them.</param>
    /// <param name="leaves">Receives the bounds of the leaves; room for <see cref="TreesPerSum"/>.</param>
    protected abstract unsafe void Reach(int* keys, int first, int end, int* leaves);

    protected unsafe void ScoreRow(int* keys, Span<T> sums)
    {
        if (Outputs > 1 || Leaves.AreVectors) ScoreRowOfMany(keys, sums);
        else if (Leaves.RoundsToSingle) sums[0] = T.CreateTruncating(SumOfTrees(keys, float.CreateTruncating(Leaves.BaseMargins[0])));
        else sums[0] = SumOfTrees(keys, Leaves.BaseMargins[0]);
    }

    [SkipLocalsInit]
    private unsafe TSum SumOfTrees<TSum>(int* keys, TSum sum)
        where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum>
    {
        var leaves = stackalloc int[TreesPerSum];
        fixed (T* values = Leaves.Values)
        {
            for (var first = 0; first < Trees; first += TreesPerSum)
            {
                var end = Math.Min(first + TreesPerSum, Trees);
                Reach(keys, first, end, leaves);
                sum = Add(sum, leaves, end - first, values);
            }
        }
        return sum;
    }

    /// <summary>Adds leaves one after the other: the sum must be the one that tree order gives. Not inlined, so that the sum stays in a register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe TSum Add<TSum>(TSum sum, int* leaves, int count, T* values)
        where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum>
    {
        for (var i = 0; i < count; i++) sum += TSum.CreateTruncating(LeafSums<T, TForm>.InNodes ? Unsafe.BitCast<int, T>(leaves[i]) : values[leaves[i]]);
        return sum;
    }

    [SkipLocalsInit]
    private unsafe void ScoreRowOfMany(int* keys, Span<T> sums)
    {
        Leaves.BaseMargins.CopyTo(sums);
        var leaves = stackalloc int[TreesPerSum];
        for (var first = 0; first < Trees; first += TreesPerSum)
        {
            var end = Math.Min(first + TreesPerSum, Trees);
            Reach(keys, first, end, leaves);
            Sums.AddToRow(new ReadOnlySpan<int>(leaves, end - first), first, sums);
        }
    }
}
