using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// One row by two or four panels of two vectors, where one panel's two chains would wait for themselves: the same chains as <see cref="Tile{T, TRight, TVector, TLanes, TRows, TColumns, TPacked}"/>.
/// </summary>
/// <typeparam name="TPanels">2 or 4.</typeparam>
internal static unsafe class RowTile<T, TRight, TVector, TLanes, TPanels>
    where T : unmanaged
    where TRight : unmanaged
    where TVector : unmanaged
    where TLanes : ITileLanes<T, TRight, TVector>
    where TPanels : IConstant
{
    /// <param name="k">Steps, at least 1.</param>
    /// <param name="a">The row: its steps side by side.</param>
    /// <param name="b">The first panel, packed.</param>
    /// <param name="bPanel">From a panel to the next, in elements.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="goOn">C holds the chains of the steps before.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint k, T* a, TRight* b, nint bPanel, T* c, bool goOn)
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        if (goOn)
        {
            (c0, c1, c2, c3) = (TLanes.Load(c), TLanes.Load(c + TLanes.Count), TLanes.Load(c + (2 * TLanes.Count)), TLanes.Load(c + (3 * TLanes.Count)));
            if (TPanels.Value > 2)
            {
                (c4, c5, c6, c7) = (TLanes.Load(c + (4 * TLanes.Count)), TLanes.Load(c + (5 * TLanes.Count)), TLanes.Load(c + (6 * TLanes.Count)), TLanes.Load(c + (7 * TLanes.Count)));
            }
        }
        TRight* second = b + bPanel, third = second + bPanel, fourth = third + bPanel;
        for (nint step = 0; step < k; step++)
        {
            var x = TLanes.Broadcast(a + step);
            var at = step * (2 * TLanes.RightCount);
            c0 = TLanes.MultiplyAdd(x, TLanes.LoadRight(b + at), c0);
            c1 = TLanes.MultiplyAdd(x, TLanes.LoadRight(b + at + TLanes.RightCount), c1);
            c2 = TLanes.MultiplyAdd(x, TLanes.LoadRight(second + at), c2);
            c3 = TLanes.MultiplyAdd(x, TLanes.LoadRight(second + at + TLanes.RightCount), c3);
            if (TPanels.Value > 2)
            {
                c4 = TLanes.MultiplyAdd(x, TLanes.LoadRight(third + at), c4);
                c5 = TLanes.MultiplyAdd(x, TLanes.LoadRight(third + at + TLanes.RightCount), c5);
                c6 = TLanes.MultiplyAdd(x, TLanes.LoadRight(fourth + at), c6);
                c7 = TLanes.MultiplyAdd(x, TLanes.LoadRight(fourth + at + TLanes.RightCount), c7);
            }
        }
        TLanes.Store(c, c0);
        TLanes.Store(c + TLanes.Count, c1);
        TLanes.Store(c + (2 * TLanes.Count), c2);
        TLanes.Store(c + (3 * TLanes.Count), c3);
        if (TPanels.Value > 2)
        {
            TLanes.Store(c + (4 * TLanes.Count), c4);
            TLanes.Store(c + (5 * TLanes.Count), c5);
            TLanes.Store(c + (6 * TLanes.Count), c6);
            TLanes.Store(c + (7 * TLanes.Count), c7);
        }
    }
}
