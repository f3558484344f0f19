using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Elements of any number type to and from one that is computed with. Towards integers, fractions are cut off and what is too large becomes the largest.</summary>
internal static class Numbers
{
    public static void Read<T>(TensorValue source, Span<T> target) where T : unmanaged, INumber<T>
    {
        if (source.Element == DataType.BFloat16)
        {
            var bits = source.Values<ushort>();
            for (var i = 0; i < bits.Length; i++) target[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)bits[i] << 16));
            return;
        }
        var copy = new ReadFunction<T>(source, target);
        NumberTypes.Run(source.Element, ref copy);
    }

    public static void Write<T>(ReadOnlySpan<T> source, TensorValue target) where T : unmanaged, INumber<T>
    {
        if (target.Element == DataType.BFloat16)
        {
            var widened = new float[source.Length];
            for (var i = 0; i < widened.Length; i++) widened[i] = float.CreateTruncating(source[i]);
            WideFloats.Narrow(widened, target);
            return;
        }
        var copy = new WriteFunction<T>(source, target);
        NumberTypes.Run(target.Element, ref copy);
    }

    /// <summary>Writes one element.</summary>
    public static void Write(TensorValue target, int index, float value)
    {
        if (target.Element == DataType.BFloat16)
        {
            target.Values<ushort>()[index] = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
            return;
        }
        var set = new SetFunction(target, index, value);
        NumberTypes.Run(target.Element, ref set);
    }

    private readonly ref struct ReadFunction<TTo>(TensorValue source, Span<TTo> target) : INumberFunction where TTo : unmanaged, INumber<TTo>
    {
        private readonly Span<TTo> _target = target;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var values = source.Values<T>();
            if (typeof(T) == typeof(TTo)) MemoryMarshal.Cast<T, TTo>(values).CopyTo(_target);
            else for (var i = 0; i < values.Length; i++) _target[i] = TTo.CreateTruncating(values[i]);
        }
    }

    private readonly ref struct WriteFunction<TFrom>(ReadOnlySpan<TFrom> source, TensorValue target) : INumberFunction where TFrom : unmanaged, INumber<TFrom>
    {
        private readonly ReadOnlySpan<TFrom> _source = source;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var values = target.Values<T>();
            if (typeof(T) == typeof(TFrom)) MemoryMarshal.Cast<TFrom, T>(_source).CopyTo(values);
            else for (var i = 0; i < values.Length; i++) values[i] = T.CreateSaturating(_source[i]);
        }
    }

    private readonly ref struct SetFunction(TensorValue target, int index, float value) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => target.Values<T>()[index] = T.CreateSaturating(value);
    }
}
