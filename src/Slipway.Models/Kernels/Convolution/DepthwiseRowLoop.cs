namespace Slipway.Models.Kernels;

/// <summary>The tiles of every window and activation: which are compiled depends on what is met.</summary>
internal abstract unsafe class DepthwiseRowLoop
{
    /// <param name="size">Taps of the window along height and width: 3 or 5.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="activation">If it is not one that the tiles take, they leave the sums as they are.</param>
    public static DepthwiseRowLoop For(int size, int stride, ActivationKind activation) => activation switch
    {
        ActivationKind.Relu => For<EpilogueFunctions.Relu<float>>(size, stride),
        ActivationKind.Clip => For<EpilogueFunctions.Clip<float>>(size, stride),
        ActivationKind.LeakyRelu => For<EpilogueFunctions.LeakyRelu<float>>(size, stride),
        ActivationKind.HardSigmoid => For<EpilogueFunctions.HardSigmoid<float>>(size, stride),
        ActivationKind.HardSwish => For<EpilogueFunctions.HardSwish<float>>(size, stride),
        _ => For<EpilogueFunctions.None<float>>(size, stride),
    };

    /// <inheritdoc cref="DepthwiseRowTile{TFunction, TSize}.RunOne"/>
    public abstract void Run(in DepthwiseRowBlock block, in DepthwiseRowFilter first, in DepthwiseRowFilter second);

    private static DepthwiseRowLoop For<TFunction>(int size, int stride)
        where TFunction : struct, IEpilogueFunction<float> =>
        size == 3 ? new DepthwiseRowLoop<TFunction, Constant3>(stride) : new DepthwiseRowLoop<TFunction, Constant5>(stride);
}

/// <inheritdoc/>
internal sealed class DepthwiseRowLoop<TFunction, TSize>(int stride) : DepthwiseRowLoop
    where TFunction : struct, IEpilogueFunction<float>
    where TSize : IConstant
{
    public override void Run(in DepthwiseRowBlock block, in DepthwiseRowFilter first, in DepthwiseRowFilter second)
    {
        if (stride == 1) DepthwiseRowTile<TFunction, TSize>.RunOne(block, first, second);
        else DepthwiseRowTile<TFunction, TSize>.RunTwo(block, first, second);
    }
}
