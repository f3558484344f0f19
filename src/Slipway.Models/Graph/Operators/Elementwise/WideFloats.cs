using System.Runtime.InteropServices;

namespace Slipway.Models.Graph;

/// <summary>float16 and bfloat16 elements to and from float32, rounded to nearest, ties to even.</summary>
internal static class WideFloats
{
    public static bool IsNarrow(DataType element) => element is DataType.Float16 or DataType.BFloat16;

    public static void Widen(TensorValue source, Span<float> target)
    {
        if (source.Element == DataType.Float16)
        {
            var halves = source.Values<Half>();
            for (var i = 0; i < halves.Length; i++) target[i] = (float)halves[i];
            return;
        }
        var bits = MemoryMarshal.Cast<float, uint>(target);
        var narrow = source.Values<ushort>();
        for (var i = 0; i < narrow.Length; i++) bits[i] = (uint)narrow[i] << 16;
    }

    public static void Narrow(ReadOnlySpan<float> source, TensorValue target)
    {
        if (target.Element == DataType.Float16)
        {
            var halves = target.Values<Half>();
            for (var i = 0; i < halves.Length; i++) halves[i] = (Half)source[i];
            return;
        }
        var narrow = target.Values<ushort>();
        for (var i = 0; i < narrow.Length; i++) narrow[i] = ToBFloat16(source[i]);
    }

    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)(bits >> 16 | 0x40);
        return (ushort)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}
