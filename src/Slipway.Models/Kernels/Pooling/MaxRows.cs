using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Maxima under the windows of a plane, first over the rows that a row of windows sees, where the plane lies, then along what that gives: a window of n by n takes 2·n
/// steps, and only some rows are ever copied.
/// </summary>
internal abstract unsafe class MaxRows
{
    /// <summary>Floats of scratch memory.</summary>
    public abstract int Length { get; }

    /// <summary>The widest vectors of which no row of the window is a part; null where there are none, or windows are deep.</summary>
    public static MaxRows? For(SpatialWindow window)
    {
        if (window.Depth != WindowAxis.Absent) return null;
        var narrowest = Math.Min(window.Width.Input, window.Width.Output);
        if (Vector512.IsHardwareAccelerated && narrowest >= Vector512<float>.Count) return new MaxRows<SimdVector512<float>>(window);
        if (Vector256.IsHardwareAccelerated && narrowest >= Vector256<float>.Count) return new MaxRows<SimdVector256<float>>(window);
        return narrowest >= Vector128<float>.Count ? new MaxRows<SimdVector128<float>>(window) : null;
    }

    /// <summary>Computes one plane.</summary>
    /// <param name="plane"><see cref="SpatialWindow.InputPixels"/> floats.</param>
    /// <param name="scratch"><see cref="Length"/> floats: −∞ at first, and as the plane before left them then.</param>
    /// <param name="output"><see cref="SpatialWindow.OutputPixels"/> floats.</param>
    public abstract void Run(float* plane, float* scratch, float* output);
}

/// <inheritdoc/>
internal sealed unsafe class MaxRows<V> : MaxRows
    where V : unmanaged, ISimdVector<V, float>
{
    /// <summary>Rows of windows that are computed at once.</summary>
    private const int Block = 8;

    private readonly SpatialWindow _window;
    private readonly TapAxis _width;
    private readonly WindowCounts _rows;

    /// <summary>Floats of a row divided by the stride.</summary>
    private readonly int _phases;

    /// <summary>Where each tap begins in the phases of a row.</summary>
    private readonly int[] _offsets;

    public MaxRows(SpatialWindow window)
    {
        (_window, _width, _rows) = (window, new TapAxis(window.Width), new WindowCounts(window.Height, false));
        _offsets = new int[window.Width.Kernel];
        for (var tap = 0; tap < _offsets.Length; tap++) _offsets[tap] = (_width.PhaseOf(tap) * _width.Length) + _width.ShiftOf(tap);
        _phases = checked(_width.Phases * _width.Length);
        Length = checked(Block * (_phases + window.Width.Input));
    }

    public override int Length { get; }

    public override void Run(float* plane, float* scratch, float* output)
    {
        var (outputs, columns) = (_window.Width.Output, _window.Width.Input);
        var rows = scratch + ((nint)Block * _phases);
        fixed (int* offsets = _offsets)
        {
            for (var y = 0; y < _window.Height.Output; y += Block)
            {
                // What was just written is slow to read at other places: each step is done for some rows before the next.
                var count = Math.Min(Block, _window.Height.Output - y);
                for (var i = 0; i < count; i++) Down(plane, y + i, rows + ((nint)i * columns));
                for (var phase = 0; phase < _width.Phases; phase++)
                {
                    var (left, right) = _width.Inside(phase);
                    if (left < right) StridedCopy.Run(rows + _width.Position(phase, left), columns, _width.Stride, scratch + ((nint)phase * _width.Length) + left, _phases, count, right - left);
                }
                for (var i = 0; i < count; i++, output += outputs) Along(scratch + ((nint)i * _phases), offsets, _offsets.Length, output, outputs);
            }
        }
    }

    /// <summary>The largest of each column of the rows that a row of windows sees.</summary>
    private void Down(float* plane, int y, float* to)
    {
        var (first, end) = _rows.Inside(y);
        if (first == end) new Span<float>(to, _window.Width.Input).Fill(float.NegativeInfinity);
        else Down(plane + ((nint)_rows.Position(y, first) * _window.Width.Input), (nint)_window.Height.Dilation * _window.Width.Input, end - first, to, _window.Width.Input);
    }

    /// <summary>The largest of each column of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Down(float* from, nint pitch, int rows, float* to, int columns)
    {
        for (var column = 0; column < columns; column += V.Count)
        {
            // The last vector overlaps the one before it.
            column = Math.Min(column, columns - V.Count);
            var at = from + column;
            var largest = V.Load(ref *at, 0);
            for (var row = 1; row < rows; row++)
            {
                at += pitch;
                largest = V.Max(largest, V.Load(ref *at, 0));
            }
            V.Store(largest, ref *(to + column), 0);
        }
    }

    /// <summary>The largest of what each window sees of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Along(float* phases, int* offsets, int taps, float* to, int columns)
    {
        for (var column = 0; column < columns; column += V.Count)
        {
            column = Math.Min(column, columns - V.Count);
            var at = phases + column;
            var largest = V.Load(ref *(at + offsets[0]), 0);
            for (var tap = 1; tap < taps; tap++) largest = V.Max(largest, V.Load(ref *(at + offsets[tap]), 0));
            V.Store(largest, ref *(to + column), 0);
        }
    }
}
