using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>float16 and bfloat16 tensors to float32 and back, rounded to nearest, ties to even.</summary>
internal static unsafe class WideFloats
{
    /// <summary>What is worth giving to another thread.</summary>
    private const int ElementsPerPart = 1 << 16;

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

    /// <summary>The same on several threads.</summary>
    /// <exception cref="RecordException">The elements are no floats of 32 bits or fewer.</exception>
    public static void Widen(TensorValue source, Span<float> target, int threads)
    {
        if (threads <= 1 || source.Count < 2 * ElementsPerPart || !IsNarrow(source.Element))
        {
            Widen(source, target);
            return;
        }
        fixed (float* wide = target) ParallelRows.Run(new Widening(source, wide, target.Length), target.Length, 1, ElementsPerPart, threads);
    }

    /// <summary>As <see cref="Narrow(ReadOnlySpan{float}, TensorValue)"/>, on several threads.</summary>
    /// <exception cref="RecordException">The elements are no floats of 32 bits or fewer.</exception>
    public static void Narrow(ReadOnlySpan<float> source, TensorValue target, int threads)
    {
        if (threads <= 1 || source.Length < 2 * ElementsPerPart || !IsNarrow(target.Element))
        {
            Narrow(source, target);
            return;
        }
        fixed (float* wide = source) ParallelRows.Run(new Narrowing(wide, source.Length, target), source.Length, 1, ElementsPerPart, threads);
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

    private readonly struct Widening(TensorValue source, float* target, int count) : IRows
    {
        public void Run(long first, long end)
        {
            var (start, length) = ((int)first, (int)(end - first));
            var wide = new Span<float>(target, count).Slice(start, length);
            if (source.Element == DataType.Float16) NarrowFloats.ToSingle(source.Values<Half>().Slice(start, length), wide);
            else NarrowFloats.ToSingle(source.Values<BFloat16>().Slice(start, length), wide);
        }
    }

    private readonly struct Narrowing(float* source, int count, TensorValue target) : IRows
    {
        public void Run(long first, long end)
        {
            var (start, length) = ((int)first, (int)(end - first));
            var wide = new ReadOnlySpan<float>(source, count).Slice(start, length);
            if (target.Element == DataType.Float16) NarrowFloats.FromSingle(wide, target.Values<Half>().Slice(start, length));
            else NarrowFloats.FromSingle(wide, target.Values<BFloat16>().Slice(start, length));
        }
    }
}
