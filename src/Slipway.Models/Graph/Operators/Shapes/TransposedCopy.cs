using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Graph;

/// <summary>Transposes a matrix in tiles, so that every cache line that is read or written is used whole.</summary>
internal static class TransposedCopy
{
    private const int Tile = 8;

    /// <summary>to[row, column] = from[column, row]; strides are those of the first dimension of each, neighbours are adjacent along the second.</summary>
    public static void Run<T>(ref T from, ref T to, nint rows, nint columns, nint fromStride, nint toStride)
    {
        for (nint row = 0; row < rows; row += Tile)
        {
            var height = Math.Min(Tile, rows - row);
            for (nint column = 0; column < columns; column += Tile)
            {
                var width = Math.Min(Tile, columns - column);
                ref var source = ref Unsafe.Add(ref from, column * fromStride + row);
                ref var target = ref Unsafe.Add(ref to, row * toStride + column);
                if (typeof(T) == typeof(uint) && Avx.IsSupported && height == Tile && width == Tile)
                {
                    TransposeTile(ref Unsafe.As<T, float>(ref source), ref Unsafe.As<T, float>(ref target), fromStride, toStride);
                    continue;
                }
                for (nint i = 0; i < height; i++)
                {
                    for (nint j = 0; j < width; j++) Unsafe.Add(ref target, i * toStride + j) = Unsafe.Add(ref source, j * fromStride + i);
                }
            }
        }
    }

    private static void TransposeTile(ref float from, ref float to, nint fromStride, nint toStride)
    {
        var a = Vector256.LoadUnsafe(ref from);
        var b = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, fromStride));
        var c = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 2 * fromStride));
        var d = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 3 * fromStride));
        var e = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 4 * fromStride));
        var f = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 5 * fromStride));
        var g = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 6 * fromStride));
        var h = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 7 * fromStride));
        Pair(a, b, c, d, out var p, out var q, out var r, out var s);
        Pair(e, f, g, h, out var t, out var u, out var v, out var w);
        Avx.Permute2x128(p, t, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(q, u, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Avx.Permute2x128(r, v, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        Avx.Permute2x128(s, w, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
        Avx.Permute2x128(p, t, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 4 * toStride));
        Avx.Permute2x128(q, u, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 5 * toStride));
        Avx.Permute2x128(r, v, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 6 * toStride));
        Avx.Permute2x128(s, w, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 7 * toStride));
    }

    /// <summary>Transposes the 4x4 blocks in both halves of four vectors.</summary>
    private static void Pair(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d,
        out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        var low = Avx.UnpackLow(a, b);
        var high = Avx.UnpackHigh(a, b);
        var lowOther = Avx.UnpackLow(c, d);
        var highOther = Avx.UnpackHigh(c, d);
        first = Avx.Shuffle(low, lowOther, 0x44);
        second = Avx.Shuffle(low, lowOther, 0xEE);
        third = Avx.Shuffle(high, highOther, 0x44);
        fourth = Avx.Shuffle(high, highOther, 0xEE);
    }
}
