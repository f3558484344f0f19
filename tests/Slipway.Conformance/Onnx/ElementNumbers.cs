using System.Runtime.InteropServices;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>The elements of tensors as double-precision numbers, written apart from the engines that are judged by them.</summary>
internal static class ElementNumbers
{
    /// <summary>The elements in order; a complex number gives two, the real part first.</summary>
    public static double[] Of(TensorValue tensor) => tensor.Element switch
    {
        DataType.Float32 or DataType.Complex64 => Convert<float>(tensor, static v => v),
        DataType.Float64 or DataType.Complex128 => Convert<double>(tensor, static v => v),
        DataType.Float16 => Convert<Half>(tensor, static v => (double)v),
        DataType.BFloat16 => Convert<ushort>(tensor, static v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
        DataType.Int64 => Convert<long>(tensor, static v => v),
        DataType.UInt64 => Convert<ulong>(tensor, static v => v),
        DataType.Int32 => Convert<int>(tensor, static v => v),
        DataType.UInt32 => Convert<uint>(tensor, static v => v),
        DataType.Int16 => Convert<short>(tensor, static v => v),
        DataType.UInt16 => Convert<ushort>(tensor, static v => v),
        DataType.Int8 or DataType.Int4 or DataType.Int2 => Convert<sbyte>(tensor, static v => v),
        DataType.Float8E4M3FN => Convert<byte>(tensor, static v => (v & 0x7F) == 0x7F ? double.NaN : Decode(v, 4, 3, 7)),
        DataType.Float8E4M3FNUZ => Convert<byte>(tensor, static v => v == 0x80 ? double.NaN : Decode(v, 4, 3, 8)),
        DataType.Float8E5M2 => Convert<byte>(tensor, static v => (double)BitConverter.UInt16BitsToHalf((ushort)(v << 8))),
        DataType.Float8E5M2FNUZ => Convert<byte>(tensor, static v => v == 0x80 ? double.NaN : Decode(v, 5, 2, 16)),
        DataType.Float4E2M1 => Convert<byte>(tensor, static v => Decode(v, 2, 1, 1)),
        DataType.Float8E8M0 => Convert<byte>(tensor, static v => v == 0xFF ? double.NaN : Math.ScaleB(1, v - 127)),
        _ => Convert<byte>(tensor, static v => v),
    };

    private static double[] Convert<T>(TensorValue tensor, Func<T, double> convert) where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(tensor.Bytes);
        var numbers = new double[values.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = convert(values[i]);
        return numbers;
    }

    /// <summary>A number of a sign, an exponent and a fraction, without infinities.</summary>
    private static double Decode(int bits, int exponentBits, int fractionBits, int bias)
    {
        var fraction = bits & ((1 << fractionBits) - 1);
        var exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        var negative = ((bits >> (fractionBits + exponentBits)) & 1) != 0;
        var magnitude = exponent == 0 ? Math.ScaleB(fraction, 1 - bias - fractionBits) : Math.ScaleB((1 << fractionBits) + fraction, exponent - bias - fractionBits);
        return negative ? -magnitude : magnitude;
    }
}
