using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// A right operand B [K, N] of int8 or uint8 with its zero points, in the order in which a micro-kernel reads it, made once at load. Takes about K·N bytes. It holds int8:
/// of uint8, each value less 128, and so its zero point.
/// </summary>
internal sealed unsafe class PackedIntegers
{
    private AlignedMemory<sbyte> _memory = new(0);
    private AlignedMemory<int> _sums = new(0);
    private AlignedMemory<int> _zeroPoints = new(0);

    private PackedIntegers(IntegerDriver driver) => Driver = driver;

    /// <summary>K.</summary>
    public int Rows { get; private set; }

    /// <summary>N.</summary>
    public int Columns { get; private set; }

    /// <summary>Bytes of the packed copy.</summary>
    public long Bytes => _memory.Length + ((long)sizeof(int) * (_sums.Length + _zeroPoints.Length));

    internal IntegerDriver Driver { get; }

    internal sbyte* Pointer => _memory.Pointer;

    /// <summary>Of each column: the sum of its values less their zero points.</summary>
    internal int* Sums => _sums.Pointer;

    /// <summary>Of each column; null where all are 0.</summary>
    internal int* ZeroPoints => HasZeroPoints ? _zeroPoints.Pointer : null;

    private bool HasZeroPoints { get; set; }

    /// <param name="rows">K, 0 or more.</param>
    /// <param name="columns">N, 0 or more.</param>
    /// <param name="values">Read at <c>k·rowStride + n·columnStride</c>.</param>
    /// <param name="rowStride">0 or more; a transposed source has 1 here.</param>
    /// <param name="columnStride">0 or more.</param>
    /// <param name="zeroPoints">None for 0, one for all columns, or one for each.</param>
    /// <param name="kernel">The micro-kernel that will read it.</param>
    /// <typeparam name="T"><see cref="sbyte"/> or <see cref="byte"/>.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">A negative size or stride, or more elements than an array can hold.</exception>
    /// <exception cref="ArgumentException">The source is shorter than its sizes and strides say, or the zero points are neither none, one nor N.</exception>
    public static PackedIntegers Pack<T>(int rows, int columns, ReadOnlySpan<T> values, int rowStride, int columnStride, ReadOnlySpan<T> zeroPoints, IntegerKernel kernel = IntegerKernel.Automatic)
        where T : unmanaged
    {
        var packed = new PackedIntegers(IntegerDriver.For(kernel));
        packed.Fill(rows, columns, values, rowStride, columnStride, zeroPoints);
        return packed;
    }

    internal static PackedIntegers Empty(IntegerDriver driver) => new(driver);

    /// <summary>Forgets what it held. Its memory grows and never shrinks.</summary>
    internal void Fill<T>(int rows, int columns, ReadOnlySpan<T> values, int rowStride, int columnStride, ReadOnlySpan<T> zeroPoints)
        where T : unmanaged
    {
        GemmChecks.Operand(values.Length, rows, rowStride, columns, columnStride, nameof(values));
        GemmChecks.ZeroPoints(zeroPoints.Length, columns, nameof(zeroPoints));
        var panels = Driver.PanelsOf(columns);
        var steps = Driver.StepsOf(rows);
        var length = checked(panels.TotalWidth * steps * Driver.Group);
        if (_memory.Length < length) _memory = new AlignedMemory<sbyte>(length);
        if (_sums.Length < columns) (_sums, _zeroPoints) = (new AlignedMemory<int>(columns), new AlignedMemory<int>(columns));
        (Rows, Columns) = (rows, columns);
        _memory.Span[..(int)length].Clear();
        _sums.Span[..columns].Clear();
        var flip = IntegerSign.IsSigned<T>() ? (byte)0 : (byte)0x80;
        fixed (T* from = values)
        {
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var start = panels.Start(panel);
                PackPanel((byte*)from + ((nint)start * columnStride), rows, rowStride, columnStride, panels.ColumnsOf(panel), panels.WidthOf(panel), flip, start, Pointer + ((nint)start * steps * Driver.Group));
            }
        }
        SetZeroPoints(zeroPoints, flip);
    }

    private void PackPanel(byte* from, int rows, nint rowStride, nint columnStride, int columns, int width, byte flip, int start, sbyte* to)
    {
        var group = Driver.Group;
        var sums = Sums + start;
        for (var k = 0; k < rows; k++, from += rowStride)
        {
            var write = to + ((nint)(k / group) * width * group) + (k % group);
            var read = from;
            for (var j = 0; j < columns; j++, read += columnStride, write += group)
            {
                var value = (sbyte)(*read ^ flip);
                *write = value;
                sums[j] += value;
            }
        }
    }

    private void SetZeroPoints<T>(ReadOnlySpan<T> zeroPoints, byte flip)
        where T : unmanaged
    {
        HasZeroPoints = false;
        for (var j = 0; j < Columns; j++)
        {
            var zero = (sbyte)((zeroPoints.IsEmpty ? (byte)0 : Unsafe.BitCast<T, byte>(zeroPoints[zeroPoints.Length == 1 ? 0 : j])) ^ flip);
            _zeroPoints.Pointer[j] = zero;
            Sums[j] -= Rows * zero;
            HasZeroPoints |= zero != 0;
        }
    }
}
