using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The micro-kernel of <see cref="DirectConvolution"/>: up to 12 filters by one or two vectors of neighbouring outputs, held in registers while all taps go by. A tap's
/// elements are read where they lie; each output is one chain of multiply-adds in the order of the taps, then bias and activation, and is written once.
/// </summary>
/// <typeparam name="TVector">A vector, bare: a loop of so many keeps them in registers.</typeparam>
/// <typeparam name="V">The same vector as activations take it.</typeparam>
/// <typeparam name="TFunction">The activation.</typeparam>
/// <typeparam name="TRows">Filters.</typeparam>
/// <typeparam name="TColumns">Vectors of outputs: 1 or 2.</typeparam>
internal static unsafe class WindowTile<TVector, TLanes, V, TFunction, TRows, TColumns>
    where TVector : unmanaged
    where TLanes : IGemmLanes<float, TVector>
    where V : unmanaged, ISimdVector<V, float>
    where TFunction : struct, IEpilogueFunction<float>
    where TRows : IConstant
    where TColumns : IConstant
{
    /// <summary>Taps whose time is longer than memory takes.</summary>
    private const int Ahead = 96;

    /// <param name="taps">Over all channels, at least 1.</param>
    /// <param name="weights">For each tap the filters' weights side by side.</param>
    /// <param name="elements">What the first output would see at offset 0.</param>
    /// <param name="offsets">From there to what it sees at each tap.</param>
    /// <param name="end">What is done to the sums, bias and activation only; its bias is that of the first filter.</param>
    /// <param name="c">The first filter's first output.</param>
    /// <param name="cRow">From a filter's outputs to the next filter's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint taps, float* weights, float* elements, int* offsets, in WindowEnd end, float* c, nint cRow)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default, c90 = default, c91 = default, c100 = default, c101 = default, c110 = default, c111 = default;
        Await(c + (TColumns.Value * TLanes.Count), cRow);
        do
        {
            var at = elements + *offsets;
            TVector b0 = TLanes.Load(at), b1 = TColumns.Value > 1 ? TLanes.Load(at + TLanes.Count) : default;
            var x = TLanes.Broadcast(weights);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            if (TColumns.Value > 1) c01 = TLanes.MultiplyAdd(x, b1, c01);
            if (TRows.Value > 1)
            {
                x = TLanes.Broadcast(weights + 1);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                if (TColumns.Value > 1) c11 = TLanes.MultiplyAdd(x, b1, c11);
            }
            if (TRows.Value > 2)
            {
                x = TLanes.Broadcast(weights + 2);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                if (TColumns.Value > 1) c21 = TLanes.MultiplyAdd(x, b1, c21);
            }
            if (TRows.Value > 3)
            {
                x = TLanes.Broadcast(weights + 3);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                if (TColumns.Value > 1) c31 = TLanes.MultiplyAdd(x, b1, c31);
            }
            if (TRows.Value > 4)
            {
                x = TLanes.Broadcast(weights + 4);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                if (TColumns.Value > 1) c41 = TLanes.MultiplyAdd(x, b1, c41);
            }
            if (TRows.Value > 5)
            {
                x = TLanes.Broadcast(weights + 5);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                if (TColumns.Value > 1) c51 = TLanes.MultiplyAdd(x, b1, c51);
            }
            if (TRows.Value > 6)
            {
                x = TLanes.Broadcast(weights + 6);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                if (TColumns.Value > 1) c61 = TLanes.MultiplyAdd(x, b1, c61);
            }
            if (TRows.Value > 7)
            {
                x = TLanes.Broadcast(weights + 7);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                if (TColumns.Value > 1) c71 = TLanes.MultiplyAdd(x, b1, c71);
            }
            if (TRows.Value > 8)
            {
                x = TLanes.Broadcast(weights + 8);
                c80 = TLanes.MultiplyAdd(x, b0, c80);
                if (TColumns.Value > 1) c81 = TLanes.MultiplyAdd(x, b1, c81);
            }
            if (TRows.Value > 9)
            {
                x = TLanes.Broadcast(weights + 9);
                c90 = TLanes.MultiplyAdd(x, b0, c90);
                if (TColumns.Value > 1) c91 = TLanes.MultiplyAdd(x, b1, c91);
            }
            if (TRows.Value > 10)
            {
                x = TLanes.Broadcast(weights + 10);
                c100 = TLanes.MultiplyAdd(x, b0, c100);
                if (TColumns.Value > 1) c101 = TLanes.MultiplyAdd(x, b1, c101);
            }
            if (TRows.Value > 11)
            {
                x = TLanes.Broadcast(weights + 11);
                c110 = TLanes.MultiplyAdd(x, b0, c110);
                if (TColumns.Value > 1) c111 = TLanes.MultiplyAdd(x, b1, c111);
            }
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(weights + (Ahead * TRows.Value));
                // What the tile to the right sees: one place in each of many channels, which the processor does not foresee either.
                Sse.Prefetch0(at + (TColumns.Value * TLanes.Count));
                if (TColumns.Value > 1) Sse.Prefetch0(at + (3 * TLanes.Count));
            }
            weights += TRows.Value;
            offsets++;
        }
        while (--taps > 0);
        V low = V.Create(end.Low), high = V.Create(end.High);
        var bias = end.Bias;
        End(c, bias, 0, low, high, c00, c01);
        if (TRows.Value > 1) End(c += cRow, bias, 1, low, high, c10, c11);
        if (TRows.Value > 2) End(c += cRow, bias, 2, low, high, c20, c21);
        if (TRows.Value > 3) End(c += cRow, bias, 3, low, high, c30, c31);
        if (TRows.Value > 4) End(c += cRow, bias, 4, low, high, c40, c41);
        if (TRows.Value > 5) End(c += cRow, bias, 5, low, high, c50, c51);
        if (TRows.Value > 6) End(c += cRow, bias, 6, low, high, c60, c61);
        if (TRows.Value > 7) End(c += cRow, bias, 7, low, high, c70, c71);
        if (TRows.Value > 8) End(c += cRow, bias, 8, low, high, c80, c81);
        if (TRows.Value > 9) End(c += cRow, bias, 9, low, high, c90, c91);
        if (TRows.Value > 10) End(c += cRow, bias, 10, low, high, c100, c101);
        if (TRows.Value > 11) End(c += cRow, bias, 11, low, high, c110, c111);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(float* c, float* bias, int row, V low, V high, TVector firstSum, TVector secondSum)
    {
        V first = Unsafe.BitCast<TVector, V>(firstSum), second = Unsafe.BitCast<TVector, V>(secondSum);
        if (bias != null)
        {
            var shared = V.Create(bias[row]);
            first += shared;
            if (TColumns.Value > 1) second += shared;
        }
        V.Store(TFunction.Invoke(first, low, high), ref *c, 0);
        if (TColumns.Value > 1) V.Store(TFunction.Invoke(second, low, high), ref *c, V.Count);
    }

    /// <summary>Brings the outputs of the tile to the right near: rows lie so far apart, and are so many, that the processor does not foresee them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Await(float* c, nint cRow)
    {
        if (!Sse.IsSupported) return;
        for (var row = 0; row < TRows.Value; row++, c += cRow)
        {
            for (var vector = 0; vector < TColumns.Value; vector++) Sse.Prefetch0(c + (vector * V.Count));
        }
    }
}
