namespace Slipway.Models.Kernels;

/// <summary>The tiles of every height: which are compiled depends on the shapes met.</summary>
internal abstract unsafe class WindowTiles
{
    /// <summary>Floats of a vector.</summary>
    public abstract int VectorLength { get; }

    public static WindowTiles For(GemmKernel vectors) => GemmSelection.Resolve(vectors) switch
    {
        GemmKernel.Vector512 => new WindowTiles<System.Runtime.Intrinsics.Vector512<float>, GemmLanes512<float>>(),
        GemmKernel.Vector256 => new WindowTiles<System.Runtime.Intrinsics.Vector256<float>, GemmLanes256<float>>(),
        _ => new WindowTiles<System.Numerics.Vector<float>, GemmLanesPortable<float>>(),
    };

    /// <param name="height">Filters: 1 to those of a strip.</param>
    /// <param name="width">Vectors of outputs: 1 or 2.</param>
    /// <inheritdoc cref="WindowTile{TVector, TLanes, TRows, TColumns}.Run"/>
    public abstract void Run(int height, int width, nint taps, float* weights, float* elements, int* offsets, float* c, nint cRow);
}

/// <inheritdoc/>
internal sealed unsafe class WindowTiles<TVector, TLanes> : WindowTiles
    where TVector : unmanaged
    where TLanes : IGemmLanes<float, TVector>
{
    public override int VectorLength => TLanes.Count;

    public override void Run(int height, int width, nint taps, float* weights, float* elements, int* offsets, float* c, nint cRow)
    {
        if (width == 1) Run<Constant1>(height, taps, weights, elements, offsets, c, cRow);
        else Run<Constant2>(height, taps, weights, elements, offsets, c, cRow);
    }

    private static void Run<TColumns>(int height, nint taps, float* weights, float* elements, int* offsets, float* c, nint cRow)
        where TColumns : IConstant
    {
        switch (height)
        {
            case 1: WindowTile<TVector, TLanes, Constant1, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 2: WindowTile<TVector, TLanes, Constant2, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 3: WindowTile<TVector, TLanes, Constant3, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 4: WindowTile<TVector, TLanes, Constant4, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 5: WindowTile<TVector, TLanes, Constant5, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 6: WindowTile<TVector, TLanes, Constant6, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 7: WindowTile<TVector, TLanes, Constant7, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 8: WindowTile<TVector, TLanes, Constant8, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 9: WindowTile<TVector, TLanes, Constant9, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 10: WindowTile<TVector, TLanes, Constant10, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            case 11: WindowTile<TVector, TLanes, Constant11, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
            default: WindowTile<TVector, TLanes, Constant12, TColumns>.Run(taps, weights, elements, offsets, c, cRow); break;
        }
    }
}
