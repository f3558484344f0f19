using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Adds leaves of one value to margins of one output, tree by tree. A sum waits for the one before it, so four rows are added up at once where there are as many;
/// the sum of a single row is added up while the next trees are passed.
/// </summary>
internal static unsafe class BinnedSums<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = BinnedGroup.Lanes;

    /// <typeparam name="TSum">Sums are rounded to.</typeparam>
    /// <param name="leaves">Where all leaves are.</param>
    /// <param name="leafAt">From there on, the leaf of each tree; for each row those of <see cref="Lanes"/> trees.</param>
    /// <param name="trees">How many.</param>
    /// <param name="values">See <see cref="LeafForm{T}.Values"/>.</param>
    /// <param name="margins">One for each row.</param>
    public static void Add<TSum>(byte* leaves, int* leafAt, nint trees, T* values, T* margins, int rows)
        where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum>
    {
        if (rows == 4)
        {
            AddFour<TSum>(leaves, leafAt, trees, values, margins);
            return;
        }
        for (var row = 0; row < rows; row++) AddOne<TSum>(leaves, leafAt + (row * Lanes), trees, values, margins + row);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOne<TSum>(byte* leaves, int* leafAt, nint trees, T* values, T* margin)
        where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum>
    {
        var sum = TSum.CreateTruncating(*margin);
        nint tree = 0;
        for (; tree <= trees - 8; tree += 8)
        {
            sum += Value<TSum>(leaves, leafAt[tree], values);
            sum += Value<TSum>(leaves, leafAt[tree + 1], values);
            sum += Value<TSum>(leaves, leafAt[tree + 2], values);
            sum += Value<TSum>(leaves, leafAt[tree + 3], values);
            sum += Value<TSum>(leaves, leafAt[tree + 4], values);
            sum += Value<TSum>(leaves, leafAt[tree + 5], values);
            sum += Value<TSum>(leaves, leafAt[tree + 6], values);
            sum += Value<TSum>(leaves, leafAt[tree + 7], values);
        }
        for (; tree < trees; tree++) sum += Value<TSum>(leaves, leafAt[tree], values);
        *margin = T.CreateTruncating(sum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddFour<TSum>(byte* leaves, int* leafAt, nint trees, T* values, T* margins)
        where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum>
    {
        TSum a = TSum.CreateTruncating(margins[0]), b = TSum.CreateTruncating(margins[1]), c = TSum.CreateTruncating(margins[2]), d = TSum.CreateTruncating(margins[3]);
        for (nint tree = 0; tree < trees; tree++)
        {
            a += Value<TSum>(leaves, leafAt[tree], values);
            b += Value<TSum>(leaves, leafAt[tree + Lanes], values);
            c += Value<TSum>(leaves, leafAt[tree + (2 * Lanes)], values);
            d += Value<TSum>(leaves, leafAt[tree + (3 * Lanes)], values);
        }
        (margins[0], margins[1], margins[2], margins[3]) = (T.CreateTruncating(a), T.CreateTruncating(b), T.CreateTruncating(c), T.CreateTruncating(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSum Value<TSum>(byte* leaves, int at, T* values)
        where TSum : unmanaged, IBinaryFloatingPointIeee754<TSum> =>
        TSum.CreateTruncating(LeafSums<T, OrderNodes>.InNodes ? *(T*)(leaves + (uint)at) : values[*(int*)(leaves + (uint)at)]);
}
