using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Slipway.Core;

/// <summary>Numbers of one element type as another.</summary>
public static class TensorConversion
{
    extension(Tensor tensor)
    {
        /// <summary>All elements as <typeparamref name="T"/> (<see cref="float"/> or <see cref="double"/>); missing elements become NaN, booleans 0 and 1.</summary>
        /// <param name="destination">As long as <see cref="Tensor.Count"/>.</param>
        /// <exception cref="RecordException">The tensor holds text.</exception>
        public void CopyTo<T>(Span<T> destination) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            switch (tensor.Type)
            {
                case ElementType.Float32: TensorPrimitives.ConvertTruncating<float, T>(tensor.Values<float>(), destination); break;
                case ElementType.Float64: TensorPrimitives.ConvertTruncating<double, T>(tensor.Values<double>(), destination); break;
                case ElementType.Float16: TensorPrimitives.ConvertTruncating<Half, T>(tensor.Values<Half>(), destination); break;
                case ElementType.Int64: TensorPrimitives.ConvertTruncating<long, T>(tensor.Values<long>(), destination); break;
                case ElementType.Int32: TensorPrimitives.ConvertTruncating<int, T>(tensor.Values<int>(), destination); break;
                case ElementType.Int16: TensorPrimitives.ConvertTruncating<short, T>(tensor.Values<short>(), destination); break;
                case ElementType.Int8: TensorPrimitives.ConvertTruncating<sbyte, T>(tensor.Values<sbyte>(), destination); break;
                case ElementType.UInt64: TensorPrimitives.ConvertTruncating<ulong, T>(tensor.Values<ulong>(), destination); break;
                case ElementType.UInt32: TensorPrimitives.ConvertTruncating<uint, T>(tensor.Values<uint>(), destination); break;
                case ElementType.UInt16: TensorPrimitives.ConvertTruncating<ushort, T>(tensor.Values<ushort>(), destination); break;
                case ElementType.UInt8: TensorPrimitives.ConvertTruncating<byte, T>(tensor.Values<byte>(), destination); break;
                case ElementType.Bool: TensorPrimitives.ConvertTruncating<byte, T>(tensor.RawData, destination); break;
                case ElementType.BFloat16:
                    var halves = tensor.Values<ushort>();
                    for (var i = 0; i < halves.Length; i++) destination[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)halves[i] << 16));
                    break;
                default: throw new RecordException($"'{tensor.Name}' holds text where a number is wanted");
            }
            if (!tensor.HasMissing) return;
            for (var i = 0; i < tensor.Count; i++)
            {
                if (tensor.IsMissing(i)) destination[i] = T.NaN;
            }
        }

        /// <summary>The same elements as another numeric type, in a new tensor. A missing element stays missing; in a float result it also reads NaN.</summary>
        /// <exception cref="RecordException">A number cannot be represented (a fraction as an integer, out of range), or text is involved.</exception>
        public Tensor ConvertTo(ElementType type)
        {
            if (type == tensor.Type) return tensor.Copy();
            if (type == ElementType.Bytes || tensor.Type == ElementType.Bytes)
            {
                throw new RecordException($"'{tensor.Name}' holds {tensor.Type.ProtocolName} where {type.ProtocolName} is wanted; a cast step converts text");
            }
            var result = Tensor.Uninitialized(tensor.Name, type, tensor.Shape);
            switch (type)
            {
                case ElementType.Float32: tensor.CopyTo(result.Values<float>()); break;
                case ElementType.Float64: tensor.CopyTo(result.Values<double>()); break;
                case ElementType.Float16: Checked<Half>(tensor, result); break;
                case ElementType.Int64: Checked<long>(tensor, result); break;
                case ElementType.Int32: Checked<int>(tensor, result); break;
                case ElementType.Int16: Checked<short>(tensor, result); break;
                case ElementType.Int8: Checked<sbyte>(tensor, result); break;
                case ElementType.UInt64: Checked<ulong>(tensor, result); break;
                case ElementType.UInt32: Checked<uint>(tensor, result); break;
                case ElementType.UInt16: Checked<ushort>(tensor, result); break;
                case ElementType.UInt8: Checked<byte>(tensor, result); break;
                case ElementType.Bool:
                    for (var i = 0; i < tensor.Count; i++) result.RawData[i] = NumberAt(tensor, i) != 0 ? (byte)1 : (byte)0;
                    break;
                default:
                    for (var i = 0; i < tensor.Count; i++)
                    {
                        result.Values<ushort>()[i] = RoundToBFloat16((float)NumberAt(tensor, i));
                    }
                    break;
            }
            for (var i = 0; tensor.HasMissing && i < tensor.Count; i++)
            {
                if (tensor.IsMissing(i)) result.SetMissing(i);
            }
            return result;
        }

        /// <summary>An independent copy.</summary>
        public Tensor Copy()
        {
            var copy = Tensor.Uninitialized(tensor.Name, tensor.Type, tensor.Shape);
            if (tensor.Type == ElementType.Bytes)
            {
                for (var i = 0; i < tensor.Count; i++) copy.Append(tensor.GetBytes(i));
            }
            else
            {
                tensor.RawData.CopyTo(copy.RawData);
            }
            for (var i = 0; tensor.HasMissing && i < tensor.Count; i++)
            {
                if (tensor.IsMissing(i)) copy.SetMissing(i);
            }
            return copy;
        }

        /// <summary>Element <paramref name="index"/> as a double: exact for all but 64-bit integers beyond 2^53. NaN when missing.</summary>
        public double NumberAt(int index) => tensor.IsMissing(index) ? double.NaN : tensor.Type switch
        {
            ElementType.Float32 => tensor.Values<float>()[index],
            ElementType.Float64 => tensor.Values<double>()[index],
            ElementType.Float16 => (double)tensor.Values<Half>()[index],
            ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)tensor.Values<ushort>()[index] << 16),
            ElementType.Int64 => tensor.Values<long>()[index],
            ElementType.Int32 => tensor.Values<int>()[index],
            ElementType.Int16 => tensor.Values<short>()[index],
            ElementType.Int8 => tensor.Values<sbyte>()[index],
            ElementType.UInt64 => tensor.Values<ulong>()[index],
            ElementType.UInt32 => tensor.Values<uint>()[index],
            ElementType.UInt16 => tensor.Values<ushort>()[index],
            ElementType.UInt8 => tensor.Values<byte>()[index],
            ElementType.Bool => tensor.RawData[index],
            _ => throw new RecordException($"'{tensor.Name}' holds text where a number is wanted"),
        };
    }

    private static void Checked<T>(Tensor tensor, Tensor result) where T : unmanaged, INumber<T>
    {
        var values = result.Values<T>();
        for (var i = 0; i < values.Length; i++)
        {
            if (tensor.IsMissing(i))
            {
                values[i] = T.Zero;
                continue;
            }
            var number = NumberAt(tensor, i);
            if (typeof(T) != typeof(Half) && (double.IsNaN(number) || double.Truncate(number) != number)) ThrowCannotHold(tensor, i, result.Type, number);
            try
            {
                values[i] = tensor.Type switch
                {
                    ElementType.Int64 => T.CreateChecked(tensor.Values<long>()[i]),
                    ElementType.UInt64 => T.CreateChecked(tensor.Values<ulong>()[i]),
                    _ => T.CreateChecked(number),
                };
            }
            catch (OverflowException)
            {
                ThrowCannotHold(tensor, i, result.Type, number);
            }
        }
    }

    private static void ThrowCannotHold(Tensor tensor, int index, ElementType type, double number) =>
        throw new RecordException($"'{tensor.Name}' element {index}: {type.ProtocolName} cannot hold {number.ToString(CultureInfo.InvariantCulture)}");

    internal static ushort RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
