using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>A strip of filters times panels of columns, by one micro-kernel.</summary>
internal abstract unsafe class IntegerColumnTiles
{
    private static readonly IntegerColumnTiles?[] Made = new IntegerColumnTiles?[Enum.GetValues<IntegerKernel>().Length];

    /// <summary>Columns of a panel: two vectors.</summary>
    public abstract int Width { get; }

    /// <summary>Filters of the highest strip.</summary>
    public abstract int Rows { get; }

    /// <summary>Weights of a step.</summary>
    public abstract int Group { get; }

    /// <exception cref="PlatformNotSupportedException">This processor lacks the instructions.</exception>
    public static IntegerColumnTiles For(IntegerKernel kernel)
    {
        kernel = IntegerSelection.Resolve(kernel);
        ref var made = ref Made[(int)kernel];
        return Volatile.Read(ref made) ?? (made = kernel switch
        {
            IntegerKernel.DotProduct256 => new Of<Vector256<int>, DotProductLanes256<byte>>(),
            IntegerKernel.Vector512 => new Of<Vector512<int>, IntegerLanes512<byte>>(),
            IntegerKernel.Vector256 => new Of<Vector256<int>, IntegerLanes256<byte>>(),
            _ => new Of<Vector128<int>, IntegerLanesPortable<byte>>(),
        });
    }

    public Strips StripsOf(int filters) => new(filters, Rows);

    public int StepsOf(int k) => (int)(((long)k + Group - 1) / Group);

    /// <param name="height">Filters, 1 to <see cref="Rows"/>.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="steps">At least 1.</param>
    /// <param name="weights">By step and filter.</param>
    /// <param name="panels">By panel, step, column and weight of the step.</param>
    /// <param name="sums">By filter and column, whole panels of columns.</param>
    /// <param name="row">From a filter's sums to the next's.</param>
    public abstract void Multiply(int height, int columns, nint steps, int* weights, byte* panels, int* sums, nint row);

    private sealed class Of<TVector, TLanes> : IntegerColumnTiles
        where TVector : unmanaged
        where TLanes : IIntegerLanes<byte, TVector>
    {
        public override int Width => 2 * TLanes.Count;

        public override int Rows => TLanes.Rows;

        public override int Group => TLanes.Group;

        public override void Multiply(int height, int columns, nint steps, int* weights, byte* panels, int* sums, nint row)
        {
            var (width, step) = (2 * TLanes.Count, (nint)(2 * TLanes.Count * TLanes.Group));
            for (; columns > 0; columns -= width, panels += steps * step, sums += width)
            {
                Tiles<int, byte, TVector, TLanes, Constant1>.Run(height, columns <= TLanes.Count ? TLanes.Count : width, steps, weights, 0, 0, panels, step, sums, row, false, new TilePrefetch(weights, panels, 0));
            }
        }
    }
}
