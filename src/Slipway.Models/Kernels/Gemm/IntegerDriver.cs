using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>The loops around a micro-kernel for integers, and the packed layout it reads.</summary>
internal abstract unsafe class IntegerDriver
{
    private static readonly IntegerDriver?[] Made = new IntegerDriver?[Enum.GetValues<IntegerKernel>().Length];

    /// <summary>The micro-kernel.</summary>
    public required IntegerKernel Kernel { get; init; }

    /// <summary>Columns of a vector.</summary>
    public abstract int VectorLength { get; }

    /// <summary>Rows of the highest tile.</summary>
    public abstract int TileRows { get; }

    /// <summary>Elements of K that a step takes.</summary>
    public abstract int Group { get; }

    /// <exception cref="PlatformNotSupportedException">This processor lacks the instructions.</exception>
    public static IntegerDriver For(IntegerKernel kernel)
    {
        ref var made = ref Made[(int)kernel];
        return Volatile.Read(ref made) ?? (made = Make(IntegerSelection.Resolve(kernel)));
    }

    public Panels PanelsOf(int columns) => new(columns, VectorLength);

    public Strips StripsOf(int rows) => new(rows, TileRows);

    public int StepsOf(int k) => (int)(((long)k + Group - 1) / Group);

    /// <summary>Computes a rectangle of C: whole strips of rows by whole panels of columns.</summary>
    public abstract void Multiply(in IntegerProblem problem, int firstStrip, int endStrip, int firstPanel, int endPanel);

    private static IntegerDriver Make(IntegerKernel kernel) => kernel switch
    {
        IntegerKernel.DotProduct256 => new BlockedIntegerGemm<Vector256<int>, DotProductLanes256<sbyte>> { Kernel = kernel },
        IntegerKernel.Vector512 => new BlockedIntegerGemm<Vector512<int>, IntegerLanes512<sbyte>> { Kernel = kernel },
        IntegerKernel.Vector256 => new BlockedIntegerGemm<Vector256<int>, IntegerLanes256<sbyte>> { Kernel = kernel },
        _ => new BlockedIntegerGemm<Vector128<int>, IntegerLanesPortable<sbyte>> { Kernel = kernel },
    };
}
