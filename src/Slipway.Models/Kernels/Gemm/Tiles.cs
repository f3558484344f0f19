namespace Slipway.Models.Kernels;

/// <summary>The tiles of every height: which are compiled depends on the shapes met.</summary>
internal static unsafe class Tiles<T, TRight, TVector, TLanes, TPacked>
    where T : unmanaged
    where TRight : unmanaged
    where TVector : unmanaged
    where TLanes : ITileLanes<T, TRight, TVector>
    where TPacked : IConstant
{
    /// <param name="height">Rows: 1 to those of <typeparamref name="TLanes"/>.</param>
    /// <param name="width">Columns: one vector or two.</param>
    /// <inheritdoc cref="Tile{T, TRight, TVector, TLanes, TRows, TColumns, TPacked}.Run"/>
    public static void Run(int height, int width, nint k, T* a, nint aRow, nint aStep, TRight* b, nint bStep, T* c, nint cRow, bool goOn, in TilePrefetch prefetch)
    {
        if (width == TLanes.Count) Run<Constant1>(height, k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch);
        else Run<Constant2>(height, k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch);
    }

    private static void Run<TColumns>(int height, nint k, T* a, nint aRow, nint aStep, TRight* b, nint bStep, T* c, nint cRow, bool goOn, in TilePrefetch prefetch)
        where TColumns : IConstant
    {
        switch (height)
        {
            case 1: Tile<T, TRight, TVector, TLanes, Constant1, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 2: Tile<T, TRight, TVector, TLanes, Constant2, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 3: Tile<T, TRight, TVector, TLanes, Constant3, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 4: Tile<T, TRight, TVector, TLanes, Constant4, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 5: Tile<T, TRight, TVector, TLanes, Constant5, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 6: Tile<T, TRight, TVector, TLanes, Constant6, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 7: Tile<T, TRight, TVector, TLanes, Constant7, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 8: Tile<T, TRight, TVector, TLanes, Constant8, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 9: Tile<T, TRight, TVector, TLanes, Constant9, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 10: Tile<T, TRight, TVector, TLanes, Constant10, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            case 11: Tile<T, TRight, TVector, TLanes, Constant11, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
            default: Tile<T, TRight, TVector, TLanes, Constant12, TColumns, TPacked>.Run(k, a, aRow, aStep, b, bStep, c, cRow, goOn, prefetch); break;
        }
    }
}
