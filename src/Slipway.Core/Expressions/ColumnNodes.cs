using System.Numerics;
using System.Numerics.Tensors;

namespace Slipway.Core.Expressions;

/// <summary>A column of any numeric type, read as doubles; missing elements read NaN.</summary>
internal sealed class NumberColumn(string name, ElementType type) : NumberNode
{
    /// <summary>
    /// A constant as the column can hold it: 0.1 beside a 32-bit column means the 32-bit number nearest to 0.1, else no row would ever equal it.
    /// </summary>
    public static double Nearest(double constant, ElementType type) => type switch
    {
        ElementType.Float32 => (float)constant,
        ElementType.Float16 => (double)(Half)constant,
        _ => constant,
    };

    public double Nearest(double constant) => Nearest(constant, type);

    public override void Evaluate(in Frame frame, Span<double> result)
    {
        var column = frame.Column(name, ValueKind.Number);
        var start = frame.Start;
        switch (column.Type)
        {
            case ElementType.Float64: column.Values<double>().Slice(start, result.Length).CopyTo(result); break;
            case ElementType.Float32: Read<float>(column, start, result); break;
            case ElementType.Float16: Read<Half>(column, start, result); break;
            case ElementType.Int64: Read<long>(column, start, result); break;
            case ElementType.Int32: Read<int>(column, start, result); break;
            case ElementType.Int16: Read<short>(column, start, result); break;
            case ElementType.Int8: Read<sbyte>(column, start, result); break;
            case ElementType.UInt64: Read<ulong>(column, start, result); break;
            case ElementType.UInt32: Read<uint>(column, start, result); break;
            case ElementType.UInt16: Read<ushort>(column, start, result); break;
            case ElementType.UInt8: Read<byte>(column, start, result); break;
            default:
                var halves = column.Values<ushort>().Slice(start, result.Length);
                for (var i = 0; i < halves.Length; i++) result[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                break;
        }
        MissingRows.Mark(column, start, result, double.NaN);
    }

    private static void Read<T>(Tensor column, int start, Span<double> result) where T : unmanaged, INumberBase<T> =>
        TensorPrimitives.ConvertTruncating<T, double>(column.Values<T>().Slice(start, result.Length), result);
}

internal sealed class TruthColumn(string name) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        var column = frame.Column(name, ValueKind.Truth);
        var bytes = column.RawData.Slice(frame.Start, result.Length);
        for (var i = 0; i < bytes.Length; i++) result[i] = Truth.Of(bytes[i] != 0);
        MissingRows.Mark(column, frame.Start, result, Truth.Unknown);
    }
}

internal sealed class TextColumn(string name) : TextNode
{
    public override TextVector Evaluate(in Frame frame, int count) => TextVector.Column(frame.Column(name, ValueKind.Text), frame.Start);
}

internal static class MissingRows
{
    /// <summary>Writes <paramref name="mark"/> where the column is missing; <paramref name="start"/> is a multiple of 64.</summary>
    public static void Mark<T>(Tensor column, int start, Span<T> result, T mark)
    {
        var bits = column.MissingBits;
        if (bits.IsEmpty) return;
        bits = bits[(start >> 6)..];
        for (var word = 0; word << 6 < result.Length; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                var row = (word << 6) + BitOperations.TrailingZeroCount(rest);
                if (row >= result.Length) break;
                result[row] = mark;
            }
        }
    }
}
