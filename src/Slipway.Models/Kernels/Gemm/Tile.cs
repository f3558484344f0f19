using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The micro-kernel: up to 12 rows by one or two vectors of C, held in registers while k goes over one block. Each element is one chain of multiply-adds in the order
/// of k; a chain that began in an earlier block goes on from C. One source for every tile: what the constants leave out, the compiler does too.
/// </summary>
/// <typeparam name="TRows">Rows.</typeparam>
/// <typeparam name="TColumns">Vectors of columns: 1 or 2.</typeparam>
/// <typeparam name="TPacked">1 where the rows of a step of A lie side by side, as many as the tile has; 0 where they are a stride apart.</typeparam>
internal static unsafe class Tile<T, TRight, TVector, TLanes, TRows, TColumns, TPacked>
    where T : unmanaged
    where TRight : unmanaged
    where TVector : unmanaged
    where TLanes : ITileLanes<T, TRight, TVector>
    where TRows : IConstant
    where TColumns : IConstant
    where TPacked : IConstant
{
    /// <param name="k">Steps, at least 1.</param>
    /// <param name="a">The first row's first step.</param>
    /// <param name="aRow">From a row of A to the next, in elements; where A is packed it does not matter.</param>
    /// <param name="aStep">From a step of A to the next; where A is packed it does not matter.</param>
    /// <param name="b">The first step: its vectors side by side.</param>
    /// <param name="bStep">From a step of B to the next.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="cRow">From a row of C to the next.</param>
    /// <param name="goOn">C holds the chains of the steps before.</param>
    /// <param name="prefetch">What to ask for meanwhile, where A is packed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint k, T* a, nint aRow, nint aStep, TRight* b, nint bStep, T* c, nint cRow, bool goOn, in TilePrefetch prefetch)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default, c90 = default, c91 = default, c100 = default, c101 = default, c110 = default, c111 = default;
        if (goOn)
        {
            var from = c;
            c00 = TLanes.Load(from);
            if (TColumns.Value > 1) c01 = TLanes.Load(from + TLanes.Count);
            if (TRows.Value > 1)
            {
                from += cRow;
                c10 = TLanes.Load(from);
                if (TColumns.Value > 1) c11 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 2)
            {
                from += cRow;
                c20 = TLanes.Load(from);
                if (TColumns.Value > 1) c21 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 3)
            {
                from += cRow;
                c30 = TLanes.Load(from);
                if (TColumns.Value > 1) c31 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 4)
            {
                from += cRow;
                c40 = TLanes.Load(from);
                if (TColumns.Value > 1) c41 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 5)
            {
                from += cRow;
                c50 = TLanes.Load(from);
                if (TColumns.Value > 1) c51 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 6)
            {
                from += cRow;
                c60 = TLanes.Load(from);
                if (TColumns.Value > 1) c61 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 7)
            {
                from += cRow;
                c70 = TLanes.Load(from);
                if (TColumns.Value > 1) c71 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 8)
            {
                from += cRow;
                c80 = TLanes.Load(from);
                if (TColumns.Value > 1) c81 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 9)
            {
                from += cRow;
                c90 = TLanes.Load(from);
                if (TColumns.Value > 1) c91 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 10)
            {
                from += cRow;
                c100 = TLanes.Load(from);
                if (TColumns.Value > 1) c101 = TLanes.Load(from + TLanes.Count);
            }
            if (TRows.Value > 11)
            {
                from += cRow;
                c110 = TLanes.Load(from);
                if (TColumns.Value > 1) c111 = TLanes.Load(from + TLanes.Count);
            }
        }
        // Every third row has a pointer: three rows to a pointer and two strides are what the registers hold.
        T* a3 = a + (3 * aRow), a6 = a + (6 * aRow), a9 = a + (9 * aRow);
        var aTwo = 2 * aRow;
        byte* left = prefetch.Left, right = prefetch.Right;
        var rightStep = prefetch.RightStep;
        do
        {
            if (TPacked.Value > 0 && Sse.IsSupported)
            {
                Sse.Prefetch1(left);
                Sse.Prefetch1(right);
                left += TRows.Value * sizeof(T);
                right += rightStep;
            }
            TVector b0 = TLanes.LoadRight(b), b1 = TColumns.Value > 1 ? TLanes.LoadRight(b + TLanes.RightCount) : default, x;
            x = TLanes.Broadcast(a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            if (TColumns.Value > 1) c01 = TLanes.MultiplyAdd(x, b1, c01);
            if (TRows.Value > 1)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 1 : a + aRow);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                if (TColumns.Value > 1) c11 = TLanes.MultiplyAdd(x, b1, c11);
            }
            if (TRows.Value > 2)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 2 : a + aTwo);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                if (TColumns.Value > 1) c21 = TLanes.MultiplyAdd(x, b1, c21);
            }
            if (TRows.Value > 3)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 3 : a3);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                if (TColumns.Value > 1) c31 = TLanes.MultiplyAdd(x, b1, c31);
            }
            if (TRows.Value > 4)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 4 : a3 + aRow);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                if (TColumns.Value > 1) c41 = TLanes.MultiplyAdd(x, b1, c41);
            }
            if (TRows.Value > 5)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 5 : a3 + aTwo);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                if (TColumns.Value > 1) c51 = TLanes.MultiplyAdd(x, b1, c51);
            }
            if (TRows.Value > 6)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 6 : a6);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                if (TColumns.Value > 1) c61 = TLanes.MultiplyAdd(x, b1, c61);
            }
            if (TRows.Value > 7)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 7 : a6 + aRow);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                if (TColumns.Value > 1) c71 = TLanes.MultiplyAdd(x, b1, c71);
            }
            if (TRows.Value > 8)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 8 : a6 + aTwo);
                c80 = TLanes.MultiplyAdd(x, b0, c80);
                if (TColumns.Value > 1) c81 = TLanes.MultiplyAdd(x, b1, c81);
            }
            if (TRows.Value > 9)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 9 : a9);
                c90 = TLanes.MultiplyAdd(x, b0, c90);
                if (TColumns.Value > 1) c91 = TLanes.MultiplyAdd(x, b1, c91);
            }
            if (TRows.Value > 10)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 10 : a9 + aRow);
                c100 = TLanes.MultiplyAdd(x, b0, c100);
                if (TColumns.Value > 1) c101 = TLanes.MultiplyAdd(x, b1, c101);
            }
            if (TRows.Value > 11)
            {
                x = TLanes.Broadcast(TPacked.Value > 0 ? a + 11 : a9 + aTwo);
                c110 = TLanes.MultiplyAdd(x, b0, c110);
                if (TColumns.Value > 1) c111 = TLanes.MultiplyAdd(x, b1, c111);
            }
            if (TPacked.Value > 0)
            {
                a += TRows.Value;
            }
            else
            {
                a += aStep;
                if (TRows.Value > 3) a3 += aStep;
                if (TRows.Value > 6) a6 += aStep;
                if (TRows.Value > 9) a9 += aStep;
            }
            b += bStep;
        }
        while (--k > 0);
        TLanes.Store(c, c00);
        if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c01);
        if (TRows.Value > 1)
        {
            c += cRow;
            TLanes.Store(c, c10);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c11);
        }
        if (TRows.Value > 2)
        {
            c += cRow;
            TLanes.Store(c, c20);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c21);
        }
        if (TRows.Value > 3)
        {
            c += cRow;
            TLanes.Store(c, c30);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c31);
        }
        if (TRows.Value > 4)
        {
            c += cRow;
            TLanes.Store(c, c40);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c41);
        }
        if (TRows.Value > 5)
        {
            c += cRow;
            TLanes.Store(c, c50);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c51);
        }
        if (TRows.Value > 6)
        {
            c += cRow;
            TLanes.Store(c, c60);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c61);
        }
        if (TRows.Value > 7)
        {
            c += cRow;
            TLanes.Store(c, c70);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c71);
        }
        if (TRows.Value > 8)
        {
            c += cRow;
            TLanes.Store(c, c80);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c81);
        }
        if (TRows.Value > 9)
        {
            c += cRow;
            TLanes.Store(c, c90);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c91);
        }
        if (TRows.Value > 10)
        {
            c += cRow;
            TLanes.Store(c, c100);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c101);
        }
        if (TRows.Value > 11)
        {
            c += cRow;
            TLanes.Store(c, c110);
            if (TColumns.Value > 1) TLanes.Store(c + TLanes.Count, c111);
        }
    }
}
