using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// A right operand B [K, N] in the order in which a micro-kernel reads it, made once at load: panels of two vectors of columns, each with its K steps one after another.
/// Immutable; takes about K·N elements of memory that the collector never moves.
/// </summary>
/// <typeparam name="T">Float32 or float64.</typeparam>
internal sealed unsafe class PackedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedMemory<T> _memory;

    private PackedMatrix(int rows, int columns, GemmDriver<T> driver)
    {
        Rows = rows;
        Columns = columns;
        Driver = driver;
        _memory = new AlignedMemory<T>(checked(driver.PanelsOf(columns).TotalWidth * rows));
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>Bytes of the packed copy.</summary>
    public long Bytes => (long)_memory.Length * sizeof(T);

    internal GemmDriver<T> Driver { get; }

    internal T* Pointer => _memory.Pointer;

    /// <param name="rows">K, 0 or more.</param>
    /// <param name="columns">N, 0 or more.</param>
    /// <param name="values">Read at <c>k·rowStride + n·columnStride</c>.</param>
    /// <param name="rowStride">0 or more; a transposed source has 1 here.</param>
    /// <param name="columnStride">0 or more.</param>
    /// <param name="kernel">The micro-kernel that will read it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size or stride, or more elements than an array can hold.</exception>
    /// <exception cref="ArgumentException">The source is shorter than its sizes and strides say.</exception>
    public static PackedMatrix<T> Pack(int rows, int columns, ReadOnlySpan<T> values, int rowStride, int columnStride, GemmKernel kernel = GemmKernel.Automatic)
    {
        GemmChecks.Operand(values.Length, rows, rowStride, columns, columnStride, nameof(values));
        var packed = new PackedMatrix<T>(rows, columns, GemmDriver<T>.For(kernel));
        var panels = packed.Driver.PanelsOf(columns);
        fixed (T* from = values)
        {
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var start = panels.Start(panel);
                Packing<T>.Pack(from + ((nint)start * columnStride), rowStride, columnStride, rows, panels.ColumnsOf(panel), panels.WidthOf(panel), packed.Pointer + ((nint)start * rows));
            }
        }
        return packed;
    }
}
