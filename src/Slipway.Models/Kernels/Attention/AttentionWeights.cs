using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// The weights of keys: a softmax of every row of scores, and zeros where every key is hidden, of which a softmax would make not-a-number
/// (Attention of ai.onnx as corrected in 2026, and PyTorch's scaled_dot_product_attention).
/// </summary>
internal static class AttentionWeights
{
    /// <param name="scores">[rows, keys]; −∞ for a hidden key. Becomes the weights.</param>
    public static void Run(Span<float> scores, int rows, int keys, int threads = 1)
    {
        for (var row = 0; row < rows; row++)
        {
            var visible = VisibleRows(MemoryMarshal.Cast<float, uint>(scores[(row * keys)..]), keys, BitConverter.SingleToUInt32Bits(float.NegativeInfinity));
            var part = scores.Slice(row * keys, visible * keys);
            Softmax.Run(part, part, visible, keys, 1, threads);
            row += visible;
            if (row < rows) scores.Slice(row * keys, keys).Clear();
        }
    }

    /// <inheritdoc cref="Run(Span{float}, int, int, int)"/>
    public static void Run(Span<double> scores, int rows, int keys, int threads = 1)
    {
        for (var row = 0; row < rows; row++)
        {
            var visible = VisibleRows(MemoryMarshal.Cast<double, ulong>(scores[(row * keys)..]), keys, BitConverter.DoubleToUInt64Bits(double.NegativeInfinity));
            var part = scores.Slice(row * keys, visible * keys);
            Softmax.Run(part, part, visible, keys, 1, threads);
            row += visible;
            if (row < rows) scores.Slice(row * keys, keys).Clear();
        }
    }

    /// <summary>Rows before the first of which all elements are <paramref name="hidden"/>.</summary>
    private static int VisibleRows<T>(ReadOnlySpan<T> rows, int keys, T hidden) where T : IEquatable<T>
    {
        var count = 0;
        while (rows.Length >= keys && rows[..keys].ContainsAnyExcept(hidden))
        {
            rows = rows[keys..];
            count++;
        }
        return count;
    }
}
