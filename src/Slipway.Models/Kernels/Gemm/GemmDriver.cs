using System.Numerics;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>The loops around a micro-kernel, and the packed layouts it reads.</summary>
/// <typeparam name="T">Float32 or float64.</typeparam>
internal abstract unsafe class GemmDriver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly GemmDriver<T>?[] Made = new GemmDriver<T>?[Enum.GetValues<GemmKernel>().Length];

    /// <summary>Elements of a vector.</summary>
    public abstract int VectorLength { get; }

    /// <summary>Rows of the highest tile.</summary>
    public abstract int TileRows { get; }

    /// <exception cref="PlatformNotSupportedException">This processor lacks the instructions.</exception>
    public static GemmDriver<T> For(GemmKernel kernel)
    {
        ref var made = ref Made[(int)kernel];
        return Volatile.Read(ref made) ?? (made = Make(GemmSelection.Resolve(kernel)));
    }

    public Panels PanelsOf(int columns) => new(columns, VectorLength);

    public Strips StripsOf(int rows) => new(rows, TileRows);

    /// <summary>Computes a rectangle of C: whole strips of rows by whole panels of columns.</summary>
    public abstract void Multiply(in GemmProblem<T> problem, int firstStrip, int endStrip, int firstPanel, int endPanel);

    /// <summary>Computes one tile of packed operands.</summary>
    /// <param name="height">Rows: 1 to <see cref="TileRows"/>.</param>
    /// <param name="width">Columns: one vector or two.</param>
    /// <param name="steps">At least 1.</param>
    /// <param name="a">A packed strip, at its first step here.</param>
    /// <param name="b">A packed panel, at its first step here.</param>
    /// <param name="c">The tile: whole vectors are written.</param>
    /// <param name="cRow">From a row of it to the next.</param>
    /// <param name="goOn">It holds the chains of earlier steps.</param>
    public abstract void RunTile(int height, int width, nint steps, T* a, T* b, T* c, nint cRow, bool goOn);

    private static GemmDriver<T> Make(GemmKernel kernel) => kernel switch
    {
        GemmKernel.Vector512 => new BlockedGemm<T, Vector512<T>, GemmLanes512<T>>(),
        GemmKernel.Vector256 => new BlockedGemm<T, Vector256<T>, GemmLanes256<T>>(),
        _ => new BlockedGemm<T, Vector<T>, GemmLanesPortable<T>>(),
    };
}
