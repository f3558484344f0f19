using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>float16 and bfloat16 to float32 and back (to nearest, ties to even).</summary>
internal static class NarrowFloats
{
    public static void Widen(TensorValue source, Span<float> target)
    {
        switch (source.Element)
        {
            case DataType.Float32:
                source.Values<float>().CopyTo(target);
                break;
            case DataType.Float16:
                var halves = source.Values<Half>();
                for (var i = 0; i < halves.Length; i++) target[i] = (float)halves[i];
                break;
            case DataType.BFloat16:
                var bits = source.Values<ushort>();
                for (var i = 0; i < bits.Length; i++) target[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
                break;
            default:
                throw new RecordException($"{source.Type} cannot be widened to float");
        }
    }

    public static void Narrow(ReadOnlySpan<float> source, TensorValue target)
    {
        switch (target.Element)
        {
            case DataType.Float32:
                source.CopyTo(target.Values<float>());
                break;
            case DataType.Float16:
                var halves = target.Values<Half>();
                for (var i = 0; i < halves.Length; i++) halves[i] = (Half)source[i];
                break;
            case DataType.BFloat16:
                var bits = target.Values<ushort>();
                for (var i = 0; i < bits.Length; i++) bits[i] = ToBFloat16(source[i]);
                break;
            default:
                throw new RecordException($"float cannot be narrowed to {target.Type}");
        }
    }

    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
