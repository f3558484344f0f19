namespace Slipway.Models.Kernels;

/// <summary>The tiles of every height: which are compiled depends on the shapes met.</summary>
internal static unsafe class Tiles<T, TRight, TVector, TLanes>
    where T : unmanaged
    where TRight : unmanaged
    where TVector : unmanaged
    where TLanes : ITileLanes<T, TRight, TVector>
{
    /// <param name="height">Rows: 1 to those of <typeparamref name="TLanes"/>.</param>
    /// <param name="width">Columns: one vector or two.</param>
    /// <inheritdoc cref="Tile{T, TRight, TVector, TLanes, TRows, TColumns}.Run"/>
    public static void Run(int height, int width, nint steps, T* a, TRight* b, T* c, nint cRow, bool goOn)
    {
        if (width == TLanes.Count) Run<Constant1>(height, steps, a, b, c, cRow, goOn);
        else Run<Constant2>(height, steps, a, b, c, cRow, goOn);
    }

    private static void Run<TColumns>(int height, nint steps, T* a, TRight* b, T* c, nint cRow, bool goOn)
        where TColumns : IConstant
    {
        switch (height)
        {
            case 1: Tile<T, TRight, TVector, TLanes, Constant1, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 2: Tile<T, TRight, TVector, TLanes, Constant2, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 3: Tile<T, TRight, TVector, TLanes, Constant3, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 4: Tile<T, TRight, TVector, TLanes, Constant4, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 5: Tile<T, TRight, TVector, TLanes, Constant5, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 6: Tile<T, TRight, TVector, TLanes, Constant6, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 7: Tile<T, TRight, TVector, TLanes, Constant7, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 8: Tile<T, TRight, TVector, TLanes, Constant8, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 9: Tile<T, TRight, TVector, TLanes, Constant9, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 10: Tile<T, TRight, TVector, TLanes, Constant10, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            case 11: Tile<T, TRight, TVector, TLanes, Constant11, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
            default: Tile<T, TRight, TVector, TLanes, Constant12, TColumns>.Run(steps, a, b, c, cRow, goOn); break;
        }
    }
}
