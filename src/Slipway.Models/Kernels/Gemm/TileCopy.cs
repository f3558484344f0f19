using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Copies rows of a few elements: two vectors a row, which overlap where the row is no whole number of them.</summary>
internal static unsafe class TileCopy
{
    /// <param name="from">The first row.</param>
    /// <param name="fromRow">From a row to the next, in elements.</param>
    /// <param name="to">Where the first row goes.</param>
    /// <param name="toRow">From a row to the next there.</param>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">Elements of a row, at most two vectors of 512 bits.</param>
    public static void Run<T>(T* from, nint fromRow, T* to, nint toRow, nint rows, int columns)
        where T : unmanaged
    {
        var bytes = columns * sizeof(T);
        if (bytes >= Vector512<byte>.Count) Run((byte*)from, fromRow * sizeof(T), (byte*)to, toRow * sizeof(T), rows, bytes - Vector512<byte>.Count);
        else if (bytes >= Vector256<byte>.Count) Run256((byte*)from, fromRow * sizeof(T), (byte*)to, toRow * sizeof(T), rows, bytes - Vector256<byte>.Count);
        else if (bytes >= Vector128<byte>.Count) Run128((byte*)from, fromRow * sizeof(T), (byte*)to, toRow * sizeof(T), rows, bytes - Vector128<byte>.Count);
        else
        {
            for (; rows > 0; rows--, from += fromRow, to += toRow)
            {
                for (var j = 0; j < columns; j++) to[j] = from[j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte* from, nint fromRow, byte* to, nint toRow, nint rows, int second)
    {
        for (; rows > 0; rows--, from += fromRow, to += toRow)
        {
            Vector512.Load(from).Store(to);
            Vector512.Load(from + second).Store(to + second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run256(byte* from, nint fromRow, byte* to, nint toRow, nint rows, int second)
    {
        for (; rows > 0; rows--, from += fromRow, to += toRow)
        {
            Vector256.Load(from).Store(to);
            Vector256.Load(from + second).Store(to + second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run128(byte* from, nint fromRow, byte* to, nint toRow, nint rows, int second)
    {
        for (; rows > 0; rows--, from += fromRow, to += toRow)
        {
            Vector128.Load(from).Store(to);
            Vector128.Load(from + second).Store(to + second);
        }
    }
}
