using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// The micro-kernel of <see cref="DepthwiseShiftConvolution"/>: one filter over one channel, one to four vectors of neighbouring outputs. The same chains as
/// <see cref="WindowTile{TVector, TLanes, V, TFunction, TRows, TColumns}"/>.
/// </summary>
/// <typeparam name="TVector">A vector, bare.</typeparam>
/// <typeparam name="V">The same vector as activations take it.</typeparam>
/// <typeparam name="TFunction">The activation.</typeparam>
/// <typeparam name="TColumns">Vectors of outputs: 1, 2 or 4.</typeparam>
internal static unsafe class ChannelTile<TVector, TLanes, V, TFunction, TColumns>
    where TVector : unmanaged
    where TLanes : IGemmLanes<float, TVector>
    where V : unmanaged, ISimdVector<V, float>
    where TFunction : struct, IEpilogueFunction<float>
    where TColumns : IConstant
{
    /// <param name="taps">At least 1.</param>
    /// <param name="weights">Of the taps.</param>
    /// <param name="elements">What the first output would see at offset 0.</param>
    /// <param name="offsets">From there to what it sees at each tap.</param>
    /// <param name="end">What is done to the sums, bias and activation only.</param>
    /// <param name="c">The first output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint taps, float* weights, float* elements, int* offsets, in WindowEnd end, float* c)
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        for (nint tap = 0; tap < taps; tap++)
        {
            var at = elements + offsets[tap];
            var x = TLanes.Broadcast(weights + tap);
            c0 = TLanes.MultiplyAdd(x, TLanes.Load(at), c0);
            if (TColumns.Value > 1) c1 = TLanes.MultiplyAdd(x, TLanes.Load(at + TLanes.Count), c1);
            if (TColumns.Value > 2)
            {
                c2 = TLanes.MultiplyAdd(x, TLanes.Load(at + (2 * TLanes.Count)), c2);
                c3 = TLanes.MultiplyAdd(x, TLanes.Load(at + (3 * TLanes.Count)), c3);
            }
        }
        End(c, end, c0);
        if (TColumns.Value > 1) End(c + TLanes.Count, end, c1);
        if (TColumns.Value > 2)
        {
            End(c + (2 * TLanes.Count), end, c2);
            End(c + (3 * TLanes.Count), end, c3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(float* c, in WindowEnd end, TVector sum)
    {
        var value = Unsafe.BitCast<TVector, V>(sum);
        if (end.Bias != null) value += V.Create(*end.Bias);
        V.Store(TFunction.Invoke(value, V.Create(end.Low), V.Create(end.High)), ref *c, 0);
    }
}
