using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// One row through the tops of 32 trees, see <see cref="TreeTops"/>: in every level each tree's split is chosen by what the levels above decided. Two groups
/// go down together, because the decisions of one are too few to keep a processor busy while each waits for the one before.
/// </summary>
internal static class TreeTopsSearch<TForm, TKeys>
    where TForm : INodeForm
    where TKeys : IKeyLookup
{
    private const int Lanes = TreeTops.Lanes;

    /// <param name="a">The bounds of a group.</param>
    /// <param name="b">Those of another.</param>
    /// <param name="group">What they are like; both the same.</param>
    /// <param name="keys">Of the row, filled up to what <typeparamref name="TKeys"/> reads.</param>
    /// <param name="exits">Receives one of each tree, those of <paramref name="b"/> behind those of <paramref name="a"/>.</param>
    public static unsafe void Search(int* a, int* b, TreeTops.Group group, int* keys, int* exits)
    {
        int* slotsA = a + group.SlotsAt, slotsB = b + group.SlotsAt;
        int* exitsA = a + group.ExitsAt, exitsB = b + group.ExitsAt;
        // The place in a level, times the bits of a slot.
        var pathA = Vector512<int>.Zero;
        var pathB = Vector512<int>.Zero;
        var a0 = Next(keys, Vector512.LoadAligned(slotsA), Vector512.LoadAligned(a), ref pathA);
        var b0 = Next(keys, Vector512.LoadAligned(slotsB), Vector512.LoadAligned(b), ref pathB);
        if (group.Levels > 1)
        {
            var a1 = Next(keys, SlotsOfTwo(slotsA), OfTwo(a + Lanes, 2, a0), ref pathA);
            var b1 = Next(keys, SlotsOfTwo(slotsB), OfTwo(b + Lanes, 2, b0), ref pathB);
            if (group.Levels > 2)
            {
                var a2 = Next(keys, SlotsOfFour(slotsA, a0), OfFour(a + (3 * Lanes), 4, a0, a1), ref pathA);
                var b2 = Next(keys, SlotsOfFour(slotsB, b0), OfFour(b + (3 * Lanes), 4, b0, b1), ref pathB);
                if (group.Levels > 3)
                {
                    var a3 = Next(keys, SlotsOfEight(slotsA, a0, a1), OfEight(a + (7 * Lanes), 8, a0, a1, a2), ref pathA);
                    var b3 = Next(keys, SlotsOfEight(slotsB, b0, b1), OfEight(b + (7 * Lanes), 8, b0, b1, b2), ref pathB);
                    if (group.Levels > 4)
                    {
                        var a4 = Next(keys, SlotsOfSixteen(slotsA, a0, a1, a2), OfSixteen(a + (15 * Lanes), 16, a0, a1, a2, a3), ref pathA);
                        var b4 = Next(keys, SlotsOfSixteen(slotsB, b0, b1, b2), OfSixteen(b + (15 * Lanes), 16, b0, b1, b2, b3), ref pathB);
                        if (group.Levels > 5)
                        {
                            var lastA = Vector512.ConditionalSelect(a4, OfSixteen(a + (32 * Lanes), 32, a0, a1, a2, a3), OfSixteen(a + (31 * Lanes), 32, a0, a1, a2, a3));
                            Next(keys, SlotsOfThirtyTwo(slotsA, a0, a1, a2, a3), lastA, ref pathA);
                            var lastB = Vector512.ConditionalSelect(b4, OfSixteen(b + (32 * Lanes), 32, b0, b1, b2, b3), OfSixteen(b + (31 * Lanes), 32, b0, b1, b2, b3));
                            Next(keys, SlotsOfThirtyTwo(slotsB, b0, b1, b2, b3), lastB, ref pathB);
                        }
                    }
                }
            }
        }
        Leave(exitsA, pathA, exits);
        Leave(exitsB, pathB, exits + Lanes);
    }

    /// <param name="slots">Of four places; the last two decisions choose.</param>
    /// <param name="path">So far; one decision is added.</param>
    /// <returns>All bits where the right is taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> Next(int* keys, Vector512<int> slots, Vector512<int> bounds, ref Vector512<int> path)
    {
        var right = TForm.GoesRight(TKeys.Find(keys, Avx512F.RotateRightVariable(slots, path.AsUInt32())), bounds);
        path = path + path + (right & Vector512.Create(TKeys.SlotBits));
        return right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Leave(int* table, Vector512<int> path, int* exits)
    {
        ((Fours ? path + path : path) + Vector512<int>.Indices).Store(exits);
        for (var tree = 0; tree < Lanes; tree += 4)
        {
            exits[tree] = table[exits[tree]];
            exits[tree + 1] = table[exits[tree + 1]];
            exits[tree + 2] = table[exits[tree + 2]];
            exits[tree + 3] = table[exits[tree + 3]];
        }
    }

    private static bool Fours => TKeys.SlotBits == 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> SlotsOfTwo(int* slots) => Fours ? Vector512.LoadAligned(slots) >>> TKeys.SlotBits : Vector512.LoadAligned(slots + Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> SlotsOfFour(int* slots, Vector512<int> right0) => Fours ? Vector512.LoadAligned(slots + Lanes) : OfTwo(slots + (2 * Lanes), 2, right0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> SlotsOfEight(int* slots, Vector512<int> right0, Vector512<int> right1) =>
        Fours ? OfTwo(slots + (2 * Lanes), 2, right0) : OfFour(slots + (4 * Lanes), 4, right0, right1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> SlotsOfSixteen(int* slots, Vector512<int> right0, Vector512<int> right1, Vector512<int> right2) =>
        Fours ? OfFour(slots + (4 * Lanes), 4, right0, right1) : OfEight(slots + (8 * Lanes), 8, right0, right1, right2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> SlotsOfThirtyTwo(int* slots, Vector512<int> right0, Vector512<int> right1, Vector512<int> right2, Vector512<int> right3) =>
        Fours ? OfEight(slots + (8 * Lanes), 8, right0, right1, right2) : OfSixteen(slots + (16 * Lanes), 16, right0, right1, right2, right3);

    /// <summary>Of the vectors of a level, those whose places end with the same bits: the earlier decisions choose.</summary>
    /// <param name="level">The first of them.</param>
    /// <param name="width">Vectors of the whole level; the decision of the root chooses between its halves, and so on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> OfTwo(int* level, int width, Vector512<int> right0) =>
        Vector512.ConditionalSelect(right0, Vector512.LoadAligned(level + (width / 2 * Lanes)), Vector512.LoadAligned(level));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> OfFour(int* level, int width, Vector512<int> right0, Vector512<int> right1) =>
        Vector512.ConditionalSelect(right1, OfTwo(level + (width / 4 * Lanes), width, right0), OfTwo(level, width, right0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> OfEight(int* level, int width, Vector512<int> right0, Vector512<int> right1, Vector512<int> right2) =>
        Vector512.ConditionalSelect(right2, OfFour(level + (width / 8 * Lanes), width, right0, right1), OfFour(level, width, right0, right1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> OfSixteen(int* level, int width, Vector512<int> right0, Vector512<int> right1, Vector512<int> right2, Vector512<int> right3) =>
        Vector512.ConditionalSelect(right3, OfEight(level + (width / 16 * Lanes), width, right0, right1, right2), OfEight(level, width, right0, right1, right2));
}
