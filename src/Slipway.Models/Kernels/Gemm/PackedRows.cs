using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// A left operand A [M, K] in the order in which a micro-kernel reads it, made once at load, as of a convolution's weights: strips of rows, each with its K steps one
/// after another. Immutable; takes exactly M·K elements of memory that the collector never moves.
/// </summary>
/// <typeparam name="T">Float32 or float64.</typeparam>
internal sealed unsafe class PackedRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedMemory<T> _memory;

    private PackedRows(int rows, int columns, GemmDriver<T> driver)
    {
        Rows = rows;
        Columns = columns;
        Driver = driver;
        _memory = new AlignedMemory<T>((long)rows * columns);
    }

    /// <summary>M.</summary>
    public int Rows { get; }

    /// <summary>K.</summary>
    public int Columns { get; }

    /// <summary>Bytes of the packed copy.</summary>
    public long Bytes => (long)_memory.Length * sizeof(T);

    internal GemmDriver<T> Driver { get; }

    internal T* Pointer => _memory.Pointer;

    /// <param name="rows">M, 0 or more.</param>
    /// <param name="columns">K, 0 or more.</param>
    /// <param name="values">Read at <c>m·rowStride + k·columnStride</c>.</param>
    /// <param name="rowStride">0 or more.</param>
    /// <param name="columnStride">0 or more.</param>
    /// <param name="kernel">The micro-kernel that will read it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size or stride, or more elements than an array can hold.</exception>
    /// <exception cref="ArgumentException">The source is shorter than its sizes and strides say.</exception>
    public static PackedRows<T> Pack(int rows, int columns, ReadOnlySpan<T> values, int rowStride, int columnStride, GemmKernel kernel = GemmKernel.Automatic)
    {
        GemmChecks.Operand(values.Length, rows, rowStride, columns, columnStride, nameof(values));
        var packed = new PackedRows<T>(rows, columns, GemmDriver<T>.For(kernel));
        var strips = packed.Driver.StripsOf(rows);
        fixed (T* from = values)
        {
            for (var strip = 0; strip < strips.Count; strip++)
            {
                var (start, height) = (strips.Start(strip), strips.Height(strip));
                Packing<T>.Pack(from + ((nint)start * rowStride), columnStride, rowStride, columns, height, height, packed.Pointer + ((nint)start * columns));
            }
        }
        return packed;
    }
}
