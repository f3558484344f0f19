using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>The tiles of every height and activation: which are compiled depends on what is met.</summary>
internal abstract unsafe class WindowTiles
{
    /// <summary>Floats of a vector.</summary>
    public abstract int VectorLength { get; }

    /// <summary>
    /// What the sums of several filters become in the tile itself: no residuals, and only activations so short that the compiler takes a copy of them for each of 24 sums. Of
    /// longer ones it makes calls, before each of which all sums leave their registers.
    /// </summary>
    public static bool Ends(in EpilogueLoop<float> epilogue) => epilogue.Residual == null && epilogue.Activation <= ActivationKind.Clip;

    /// <param name="vectors">The widest vectors to use.</param>
    /// <param name="activation">If it is not one that the tiles take, they leave the sums as they are.</param>
    public static WindowTiles For(GemmKernel vectors, ActivationKind activation = ActivationKind.None) => GemmSelection.Resolve(vectors) switch
    {
        GemmKernel.Vector512 => For<Vector512<float>, GemmLanes512<float>, SimdVector512<float>>(activation),
        GemmKernel.Vector256 => For<Vector256<float>, GemmLanes256<float>, SimdVector256<float>>(activation),
        _ => For<Vector128<float>, WindowLanes128, SimdVector128<float>>(activation),
    };

    /// <param name="height">Filters: 1 to those of a strip.</param>
    /// <param name="width">Vectors of outputs: 1 or 2.</param>
    /// <inheritdoc cref="WindowTile{TVector, TLanes, V, TFunction, TRows, TColumns}.Run"/>
    public abstract void Run(int height, int width, nint taps, float* weights, float* elements, int* offsets, in WindowEnd end, float* c, nint cRow);

    private static WindowTiles For<TVector, TLanes, V>(ActivationKind activation)
        where TVector : unmanaged
        where TLanes : IGemmLanes<float, TVector>
        where V : unmanaged, ISimdVector<V, float> => activation switch
        {
            ActivationKind.Relu => new WindowTiles<TVector, TLanes, V, EpilogueFunctions.Relu<float>>(),
            ActivationKind.Clip => new WindowTiles<TVector, TLanes, V, EpilogueFunctions.Clip<float>>(),
            _ => new WindowTiles<TVector, TLanes, V, EpilogueFunctions.None<float>>(),
        };
}

/// <inheritdoc/>
internal sealed unsafe class WindowTiles<TVector, TLanes, V, TFunction> : WindowTiles
    where TVector : unmanaged
    where TLanes : IGemmLanes<float, TVector>
    where V : unmanaged, ISimdVector<V, float>
    where TFunction : struct, IEpilogueFunction<float>
{
    public override int VectorLength => V.Count;

    public override void Run(int height, int width, nint taps, float* weights, float* elements, int* offsets, in WindowEnd end, float* c, nint cRow)
    {
        if (width == 1) Run<Constant1>(height, taps, weights, elements, offsets, end, c, cRow);
        else Run<Constant2>(height, taps, weights, elements, offsets, end, c, cRow);
    }

    private static void Run<TColumns>(int height, nint taps, float* weights, float* elements, int* offsets, in WindowEnd end, float* c, nint cRow)
        where TColumns : IConstant
    {
        switch (height)
        {
            case 1: WindowTile<TVector, TLanes, V, TFunction, Constant1, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 2: WindowTile<TVector, TLanes, V, TFunction, Constant2, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 3: WindowTile<TVector, TLanes, V, TFunction, Constant3, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 4: WindowTile<TVector, TLanes, V, TFunction, Constant4, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 5: WindowTile<TVector, TLanes, V, TFunction, Constant5, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 6: WindowTile<TVector, TLanes, V, TFunction, Constant6, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 7: WindowTile<TVector, TLanes, V, TFunction, Constant7, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 8: WindowTile<TVector, TLanes, V, TFunction, Constant8, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 9: WindowTile<TVector, TLanes, V, TFunction, Constant9, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 10: WindowTile<TVector, TLanes, V, TFunction, Constant10, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            case 11: WindowTile<TVector, TLanes, V, TFunction, Constant11, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
            default: WindowTile<TVector, TLanes, V, TFunction, Constant12, TColumns>.Run(taps, weights, elements, offsets, end, c, cRow); break;
        }
    }
}
