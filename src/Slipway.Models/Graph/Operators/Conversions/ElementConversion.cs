using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Elements of any type to any other, as Cast of ai.onnx 25 says: floats are cut to integers, integers lose their upper bits,
/// floats are rounded to nearest even; floats of 16 bits and fewer go through float32.
/// </summary>
internal static class ElementConversion
{
    private const int Block = 256;

    /// <exception cref="RecordException">A text is no number, or there is no conversion between the types.</exception>
    public static void Convert(TensorValue source, TensorValue target, NarrowRounding rounding)
    {
        if (source.Element == target.Element)
        {
            if (source.Element == DataType.String) source.Strings.CopyTo(target.Strings);
            else source.Bytes.CopyTo(target.Bytes);
            return;
        }
        var carrier = NarrowIntegers.Carrier(source.Element);
        if (source.Element == DataType.Float32 && WideFloats.IsNarrow(target.Element)) WideFloats.Narrow(source.Values<float>(), target);
        else if (target.Element == DataType.Float32 && WideFloats.IsNarrow(source.Element)) WideFloats.Widen(source, target.Values<float>());
        else if (source.Element == DataType.String) ReadTexts(source.Strings, target, rounding);
        else if (WideFloats.IsNarrow(source.Element) || SmallFloat.Find(source.Element) is not null) FromNarrowFloats(source, target, rounding);
        else
        {
            var from = new Source(source, target, rounding);
            NumberTypes.Run(carrier, ref from);
        }
    }

    private static void FromNarrowFloats(TensorValue source, TensorValue target, NarrowRounding rounding)
    {
        Span<float> block = stackalloc float[Block];
        for (var start = 0; start < source.Count; start += Block)
        {
            var part = block[..Math.Min(Block, source.Count - start)];
            Load(source, start, part);
            Store<float>(part, target, start, rounding);
        }
    }

    private static void Load(TensorValue source, int start, Span<float> block)
    {
        if (source.Element == DataType.Float16)
        {
            var halves = source.Values<Half>().Slice(start, block.Length);
            for (var i = 0; i < block.Length; i++) block[i] = (float)halves[i];
        }
        else if (source.Element == DataType.BFloat16)
        {
            var brains = source.Values<ushort>().Slice(start, block.Length);
            for (var i = 0; i < block.Length; i++) block[i] = WideFloats.FromBFloat16(brains[i]);
        }
        else
        {
            var format = SmallFloat.Find(source.Element)!;
            var codes = source.Values<byte>().Slice(start, block.Length);
            for (var i = 0; i < block.Length; i++) block[i] = format.ToSingle(codes[i]);
        }
    }

    private static void Store<T>(ReadOnlySpan<T> values, TensorValue target, int start, NarrowRounding rounding) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (target.Element == DataType.String)
        {
            var texts = target.Strings.Slice(start, values.Length);
            for (var i = 0; i < values.Length; i++) texts[i] = NumberTexts.Write(values[i]);
        }
        else if (target.Element == DataType.Bool)
        {
            var flags = target.Values<byte>().Slice(start, values.Length);
            for (var i = 0; i < values.Length; i++) flags[i] = T.IsZero(values[i]) ? (byte)0 : (byte)1;
        }
        else if (target.Element == DataType.BFloat16)
        {
            var brains = target.Values<ushort>().Slice(start, values.Length);
            for (var i = 0; i < values.Length; i++) brains[i] = WideFloats.ToBFloat16(float.CreateTruncating(values[i]));
        }
        else if (SmallFloat.Find(target.Element) is { } format)
        {
            var codes = target.Values<byte>().Slice(start, values.Length);
            for (var i = 0; i < values.Length; i++) codes[i] = format.FromSingle(float.CreateTruncating(values[i]), rounding);
        }
        else if (NarrowIntegers.Bits(target.Element) > 0)
        {
            var bytes = target.Values<byte>().Slice(start, values.Length);
            (long least, long greatest) = rounding.ClampIntegers && (typeof(T) == typeof(float) || typeof(T) == typeof(double)) ? NarrowIntegers.Range(target.Element) : (long.MinValue, long.MaxValue);
            for (var i = 0; i < values.Length; i++) bytes[i] = (byte)Math.Clamp(long.CreateTruncating(values[i]), least, greatest);
            NarrowIntegers.Wrap(target.Element, bytes);
        }
        else
        {
            var to = new Target<T>(values, target, start);
            NumberTypes.Run(target.Element, ref to);
        }
    }

    private static void ReadTexts(ReadOnlySpan<string> texts, TensorValue target, NarrowRounding rounding)
    {
        if (target.Element is DataType.Int64 or DataType.UInt64 or DataType.Float64 or DataType.Float32)
        {
            var read = new TextReader(texts, target);
            NumberTypes.Run(target.Element, ref read);
            return;
        }
        for (var i = 0; i < texts.Length; i++)
        {
            if (target.Element == DataType.Bool || target.Element.IsFloat || SmallFloat.Find(target.Element) is not null) Store<double>([NumberTexts.Read<double>(texts[i])], target, i, rounding);
            else Store<long>([NumberTexts.Read<long>(texts[i])], target, i, rounding);
        }
    }

    private readonly ref struct Source(TensorValue source, TensorValue target, NarrowRounding rounding) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Store<T>(source.Values<T>(), target, 0, rounding);
    }

    private readonly ref struct Target<TSource>(ReadOnlySpan<TSource> values, TensorValue target, int start) : INumberFunction where TSource : unmanaged, INumber<TSource>
    {
        private readonly ReadOnlySpan<TSource> _values = values;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var to = target.Values<T>().Slice(start, _values.Length);
            for (var i = 0; i < to.Length; i++) to[i] = T.CreateTruncating(_values[i]);
        }
    }

    private readonly ref struct TextReader(ReadOnlySpan<string> texts, TensorValue target) : INumberFunction
    {
        private readonly ReadOnlySpan<string> _texts = texts;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var to = target.Values<T>();
            for (var i = 0; i < to.Length; i++) to[i] = NumberTexts.Read<T>(_texts[i]);
        }
    }
}
