using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Slipway.Core;

public static partial class TensorJson
{
    private static void ReadElements(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, Tensor tensor)
    {
        switch (tensor.Type)
        {
            case ElementType.Float32: ReadFloats<float>(ref reader, ref json, tensor); break;
            case ElementType.Float64: ReadFloats<double>(ref reader, ref json, tensor); break;
            case ElementType.Float16: ReadFloats<Half>(ref reader, ref json, tensor); break;
            case ElementType.BFloat16: ReadBFloats(ref reader, ref json, tensor); break;
            case ElementType.Int64: ReadIntegers<long>(ref reader, ref json, tensor); break;
            case ElementType.Int32: ReadIntegers<int>(ref reader, ref json, tensor); break;
            case ElementType.Int16: ReadIntegers<short>(ref reader, ref json, tensor); break;
            case ElementType.Int8: ReadIntegers<sbyte>(ref reader, ref json, tensor); break;
            case ElementType.UInt64: ReadIntegers<ulong>(ref reader, ref json, tensor); break;
            case ElementType.UInt32: ReadIntegers<uint>(ref reader, ref json, tensor); break;
            case ElementType.UInt16: ReadIntegers<ushort>(ref reader, ref json, tensor); break;
            case ElementType.UInt8: ReadIntegers<byte>(ref reader, ref json, tensor); break;
            case ElementType.Bool: Read(ref reader, ref json, new BooleanElements(tensor)); break;
            default: Read(ref reader, ref json, new TextElements(tensor)); break;
        }
    }

    private static void ReadFloats<T>(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, Tensor tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Read(ref reader, ref json, new FloatElements<T>(tensor, tensor.Values<T>()));

    private static void ReadIntegers<T>(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, Tensor tensor) where T : unmanaged, IBinaryInteger<T> =>
        Read(ref reader, ref json, new IntegerElements<T>(tensor, tensor.Values<T>()));

    private static void ReadBFloats(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, Tensor tensor)
    {
        var wide = ArrayPool<float>.Shared.Rent(tensor.Count);
        try
        {
            Read(ref reader, ref json, new FloatElements<float>(tensor, wide.AsSpan(0, tensor.Count)));
            var halves = tensor.Values<ushort>();
            for (var i = 0; i < halves.Length; i++) halves[i] = TensorConversion.RoundToBFloat16(wide[i]);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(wide);
        }
    }

    /// <summary>Takes the elements of one tensor in row-major order.</summary>
    private interface IElements
    {
        /// <summary>Takes the reader's token (not null, not an array) as element <paramref name="index"/>; false when it is of another kind.</summary>
        bool TryTake(ref Utf8JsonReader reader, int index);

        void TakeMissing(int index);

        /// <summary>Takes <paramref name="count"/> elements at once from an array of nothing but plain numbers; <paramref name="text"/> begins behind its bracket.</summary>
        /// <returns>Where the closing bracket is; -1 when the reader must look, and nothing is taken then.</returns>
        int TryScan(ReadOnlySpan<byte> text, int index, int count);

        Tensor Tensor { get; }
    }

    private static void Read<TElements>(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, TElements elements) where TElements : struct, IElements, allows ref struct
    {
        var tensor = elements.Tensor;
        var taken = 0;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            ReadArray(ref reader, ref json, ref elements, ref taken, 0, tensor.Count);
        }
        else if (tensor.Count == 1)
        {
            Take(ref reader, ref elements, 0);
        }
        else
        {
            throw new RecordException($"tensor '{tensor.Name}': data is {Describe(reader.TokenType)}, an array of {tensor.Count} elements expected");
        }
    }

    /// <summary>
    /// Reads the elements of the dimensions from <paramref name="level"/> on: all of them flat, or one array for each index of this dimension.
    /// </summary>
    private static void ReadArray<TElements>(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, ref TElements elements, ref int taken, int level, int count)
        where TElements : struct, IElements, allows ref struct
    {
        var start = (int)reader.BytesConsumed;
        if (!json.IsEmpty && elements.TryScan(json[start..], taken, count) is >= 0 and var length)
        {
            taken += count;
            json = json[(start + length)..];
            reader = new Utf8JsonReader(json, isFinalBlock: true, reader.CurrentState);
            reader.Read();
            return;
        }
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            ReadNested(ref reader, ref json, ref elements, ref taken, level, count);
            return;
        }
        var end = taken + count;
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            if (taken == end) ThrowCount(elements.Tensor, level, count, "more");
            Take(ref reader, ref elements, taken++);
            reader.Read();
        }
        if (taken != end) ThrowCount(elements.Tensor, level, count, (count - (end - taken)).ToString(CultureInfo.InvariantCulture));
    }

    private static void ReadNested<TElements>(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, ref TElements elements, ref int taken, int level, int count)
        where TElements : struct, IElements, allows ref struct
    {
        var tensor = elements.Tensor;
        if (level + 1 >= tensor.Shape.Length) throw new RecordException($"{Place(tensor)} is nested deeper than its {tensor.Shape.Length} dimensions");
        var arrays = (int)tensor.Shape[level];
        var each = arrays == 0 ? 0 : count / arrays;
        var seen = 0;
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read(), seen++)
        {
            if (seen == arrays) throw new RecordException($"{Place(tensor)} has more than {arrays} arrays along dimension {level}");
            if (reader.TokenType != JsonTokenType.StartArray) throw new RecordException($"{Place(tensor)} mixes arrays and elements along dimension {level}");
            ReadArray(ref reader, ref json, ref elements, ref taken, level + 1, each);
        }
        if (seen != arrays) throw new RecordException($"{Place(tensor)} has {seen} arrays along dimension {level}, {arrays} expected");
    }

    private static void Take<TElements>(ref Utf8JsonReader reader, ref TElements elements, int index) where TElements : struct, IElements, allows ref struct
    {
        if (reader.TokenType == JsonTokenType.Null) elements.TakeMissing(index);
        else if (!elements.TryTake(ref reader, index)) ThrowElement(ref reader, elements.Tensor, index);
    }

    private readonly ref struct FloatElements<T>(Tensor tensor, Span<T> values) : IElements where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Span<T> _values = values;

        public Tensor Tensor => tensor;

        public bool TryTake(ref Utf8JsonReader reader, int index)
        {
            if (reader.TokenType == JsonTokenType.Number) return TryParse(ref reader, out _values[index]) && T.IsFinite(_values[index]);
            if (reader.TokenType != JsonTokenType.String) return false;
            if (reader.TextIs("NaN"u8)) _values[index] = T.NaN;
            else if (reader.TextIs("Infinity"u8)) _values[index] = T.PositiveInfinity;
            else if (reader.TextIs("-Infinity"u8)) _values[index] = T.NegativeInfinity;
            else return false;
            return true;
        }

        public void TakeMissing(int index)
        {
            _values[index] = T.NaN;
            tensor.SetMissing(index);
        }

        public int TryScan(ReadOnlySpan<byte> text, int index, int count)
        {
            if (typeof(T) == typeof(float)) return NumberArray.TryScan(text, MemoryMarshal.Cast<T, float>(_values.Slice(index, count)));
            if (typeof(T) == typeof(double)) return NumberArray.TryScan(text, MemoryMarshal.Cast<T, double>(_values.Slice(index, count)));
            return -1;
        }

        private static bool TryParse(ref Utf8JsonReader reader, out T value) => T.TryParse(
            reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private readonly ref struct IntegerElements<T>(Tensor tensor, Span<T> values) : IElements where T : unmanaged, IBinaryInteger<T>
    {
        private readonly Span<T> _values = values;

        public Tensor Tensor => tensor;

        public bool TryTake(ref Utf8JsonReader reader, int index)
        {
            if (reader.TokenType != JsonTokenType.Number) return false;
            if (reader.TryGetInt64(out var signed)) return TryHold(signed, out _values[index]);
            if (reader.TryGetUInt64(out var unsigned)) return TryHold(unsigned, out _values[index]);
            return reader.TryGetDecimal(out var number) && decimal.IsInteger(number) && TryHold(number, out _values[index]);
        }

        public int TryScan(ReadOnlySpan<byte> text, int index, int count) => -1;

        public void TakeMissing(int index)
        {
            _values[index] = T.Zero;
            tensor.SetMissing(index);
        }

        private static bool TryHold<TNumber>(TNumber number, out T value) where TNumber : INumber<TNumber>
        {
            value = T.CreateSaturating(number);
            return TNumber.CreateSaturating(value) == number;
        }
    }

    private readonly ref struct BooleanElements(Tensor tensor) : IElements
    {
        private readonly Span<byte> _values = tensor.RawData;

        public Tensor Tensor => tensor;

        public bool TryTake(ref Utf8JsonReader reader, int index)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.True: _values[index] = 1; return true;
                case JsonTokenType.False: _values[index] = 0; return true;
                case JsonTokenType.Number: return reader.TryGetByte(out _values[index]) && _values[index] <= 1;
                default: return false;
            }
        }

        public int TryScan(ReadOnlySpan<byte> text, int index, int count) => -1;

        public void TakeMissing(int index)
        {
            _values[index] = 0;
            tensor.SetMissing(index);
        }
    }

    private readonly struct TextElements(Tensor tensor) : IElements
    {
        public Tensor Tensor => tensor;

        public bool TryTake(ref Utf8JsonReader reader, int index)
        {
            if (reader.TokenType != JsonTokenType.String) return false;
            var length = (int)TokenLength(in reader);
            byte[]? rented = null;
            scoped var utf8 = length <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(length));
            try
            {
                length = CopyText(ref reader, utf8);
                if (length < 0) return false;
                tensor.Append(utf8[..length]);
                return true;
            }
            finally
            {
                if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
            }
        }

        public int TryScan(ReadOnlySpan<byte> text, int index, int count) => -1;

        public void TakeMissing(int index) => tensor.AppendMissing();
    }

    private static string Place(Tensor tensor) => $"tensor '{tensor.Name}': data of shape [{string.Join(',', tensor.Shape.ToArray())}]";

    [DoesNotReturn]
    private static void ThrowCount(Tensor tensor, int level, int count, string found) => throw new RecordException(level == 0
        ? $"tensor '{tensor.Name}': shape [{string.Join(',', tensor.Shape.ToArray())}] holds {count} elements, its data has {found}"
        : $"{Place(tensor)}: an array below dimension {level - 1} has {found} elements, {count} expected");

    [DoesNotReturn]
    private static void ThrowElement(ref Utf8JsonReader reader, Tensor tensor, int index)
    {
        var found = reader.TokenType is JsonTokenType.Number or JsonTokenType.String && TokenLength(in reader) <= 64
            ? RawText(in reader)
            : Describe(reader.TokenType);
        throw new RecordException($"tensor '{tensor.Name}' element {index}: {tensor.Type.ProtocolName} cannot hold {(reader.TokenType == JsonTokenType.String ? $"\"{found}\"" : found)}");
    }
}
