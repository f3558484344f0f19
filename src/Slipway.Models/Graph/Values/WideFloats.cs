using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>float16 and bfloat16 tensors to float32 and back, rounded to nearest, ties to even.</summary>
internal static class WideFloats
{
    public static bool IsNarrow(DataType element) => element is DataType.Float16 or DataType.BFloat16;

    /// <exception cref="RecordException">The elements are no floats of 32 bits or fewer.</exception>
    public static void Widen(TensorValue source, Span<float> target)
    {
        switch (source.Element)
        {
            case DataType.Float16: NarrowFloats.ToSingle(source.Values<Half>(), target); break;
            case DataType.BFloat16: NarrowFloats.ToSingle(source.Values<BFloat16>(), target); break;
            case DataType.Float32: source.Values<float>().CopyTo(target); break;
            default: throw new RecordException($"{source.Type} cannot be widened to float");
        }
    }

    /// <exception cref="RecordException">The elements are no floats of 32 bits or fewer.</exception>
    public static void Narrow(ReadOnlySpan<float> source, TensorValue target)
    {
        switch (target.Element)
        {
            case DataType.Float16: NarrowFloats.FromSingle(source, target.Values<Half>()); break;
            case DataType.BFloat16: NarrowFloats.FromSingle(source, target.Values<BFloat16>()); break;
            case DataType.Float32: source.CopyTo(target.Values<float>()); break;
            default: throw new RecordException($"float cannot be narrowed to {target.Type}");
        }
    }

    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)(bits >> 16 | 0x40);
        return (ushort)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}
