using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Planes of bytes under a window, with their padding around them: an output's window is at one offset from the first output's, and each tap at one offset in it. Vectors may be read beyond the
/// last element. Planes without padding are read where they are, but for the last ones.
/// </summary>
internal readonly unsafe struct IntegerPlanes
{
    /// <summary>Bytes that may be read beyond a plane.</summary>
    public const int Slack = 64;

    private readonly SpatialWindow _window;
    private readonly int _depth, _height, _width;

    /// <exception cref="Slipway.Core.ModelException">A padded plane would have more than <see cref="int.MaxValue"/> elements.</exception>
    public IntegerPlanes(SpatialWindow window)
    {
        _window = window;
        (_depth, _height, _width) = (Length(window.Depth), Length(window.Height), Length(window.Width));
        IsPadded = Pads(window.Depth) || Pads(window.Height) || Pads(window.Width);
        if (!IsPadded) (_depth, _height, _width) = (window.Depth.Input, window.Height.Input, window.Width.Input);
        Bytes = SpatialWindow.Count("padded input", _depth, _height, _width);
    }

    public bool IsPadded { get; }

    /// <summary>Bytes from a plane to the next.</summary>
    public int Bytes { get; }

    /// <summary>Each output's window is one element, and they lie as the outputs do.</summary>
    public bool IsFlat => !IsPadded && _window is { Taps: 1, Depth.Stride: 1, Height.Stride: 1, Width.Stride: 1 };

    /// <summary>Where the window of the first output of a line is.</summary>
    /// <param name="line">Of all depths.</param>
    public int Line(int line)
    {
        var (z, y) = Math.DivRem(line, _window.Height.Output);
        return ((z * _window.Depth.Stride * _height) + (y * _window.Height.Stride)) * _width;
    }

    /// <summary>Where a row of taps is in the window.</summary>
    /// <param name="row">Of all depths.</param>
    public int TapRow(int row)
    {
        var (z, y) = Math.DivRem(row, _window.Height.Kernel);
        return ((z * _window.Depth.Dilation * _height) + (y * _window.Height.Dilation)) * _width;
    }

    public int Tap(int tap)
    {
        var (row, x) = Math.DivRem(tap, _window.Width.Kernel);
        return TapRow(row) + (x * _window.Width.Dilation);
    }

    /// <summary>Makes the padding of a plane; <see cref="Copy"/> then keeps it.</summary>
    public void Fill(byte* to, byte zero) => new Span<byte>(to, Bytes).Fill(zero);

    /// <summary>Copies a plane's elements to their place in the padding.</summary>
    /// <param name="flip">Added by exclusive or to every byte.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy(byte* from, byte flip, byte* to)
    {
        var (depth, height, width) = (_window.Depth, _window.Height, _window.Width);
        int lines = Within(height, _height), length = Within(width, _width);
        if (length == 0) return;
        for (var z = 0; z < Within(depth, _depth); z++)
        {
            var read = from + ((nint)z * height.Input * width.Input);
            var write = to + (((((nint)z + depth.PadBegin) * _height) + height.PadBegin) * _width) + width.PadBegin;
            for (var y = 0; y < lines; y++, read += width.Input, write += _width) CopyLine(read, flip, write, length);
        }
    }

    /// <summary>Elements of an axis that some window reaches, with its padding.</summary>
    private static int Length(WindowAxis axis) => checked(((axis.Output - 1) * axis.Stride) + axis.Extent);

    private static bool Pads(WindowAxis axis) => axis.PadBegin > 0 || Length(axis) > axis.Input;

    private static int Within(WindowAxis axis, int length) => Math.Clamp(length - axis.PadBegin, 0, axis.Input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLine(byte* from, byte flip, byte* to, int length)
    {
        if (length >= Vector256<byte>.Count)
        {
            var flips = Vector256.Create(flip);
            for (var i = 0; i < length - Vector256<byte>.Count; i += Vector256<byte>.Count) (Vector256.Load(from + i) ^ flips).Store(to + i);
            (Vector256.Load(from + length - Vector256<byte>.Count) ^ flips).Store(to + length - Vector256<byte>.Count);
        }
        else if (length >= Vector128<byte>.Count)
        {
            var flips = Vector128.Create(flip);
            (Vector128.Load(from) ^ flips).Store(to);
            (Vector128.Load(from + length - Vector128<byte>.Count) ^ flips).Store(to + length - Vector128<byte>.Count);
        }
        else if (length >= sizeof(ulong))
        {
            var flips = flip * 0x0101010101010101UL;
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from) ^ flips);
            Unsafe.WriteUnaligned(to + length - sizeof(ulong), Unsafe.ReadUnaligned<ulong>(from + length - sizeof(ulong)) ^ flips);
        }
        else
        {
            for (var i = 0; i < length; i++) to[i] = (byte)(from[i] ^ flip);
        }
    }
}
