using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Pipelines.Steps;

namespace Slipway.Pipelines.UseCases;

/// <summary>Rows written in YAML as a batch with the source's columns; a column left out is missing.</summary>
internal static class GivenRows
{
    /// <param name="rows">Names and values were checked when the use case was bound.</param>
    public static Batch Of(TableSchema schema, ImmutableArray<OrderedDictionary<string, object?>> rows)
    {
        var batch = new Batch();
        foreach (var column in schema.Columns)
        {
            var tensor = new Tensor(column.Name, column.Type, rows.Length);
            for (var row = 0; row < rows.Length; row++) Put(tensor, row, rows[row].GetValueOrDefault(column.Name));
            batch.Add(tensor);
        }
        return batch;
    }

    private static void Put(Tensor tensor, int row, object? value)
    {
        if (value is null || !Literal.TryRead(value, tensor.Type, out var literal, out _))
        {
            if (tensor.Type == ElementType.Bytes) tensor.AppendMissing();
            else tensor.SetMissing(row);
            return;
        }
        switch (tensor.Type)
        {
            case ElementType.Bytes: tensor.Append(literal.Text); break;
            case ElementType.Bool: tensor.Values<bool>()[row] = literal.Number != 0; break;
            case ElementType.UInt8: tensor.Values<byte>()[row] = (byte)literal.Integer; break;
            case ElementType.UInt16: tensor.Values<ushort>()[row] = (ushort)literal.Integer; break;
            case ElementType.UInt32: tensor.Values<uint>()[row] = (uint)literal.Integer; break;
            case ElementType.UInt64: tensor.Values<ulong>()[row] = (ulong)literal.Integer; break;
            case ElementType.Int8: tensor.Values<sbyte>()[row] = (sbyte)literal.Integer; break;
            case ElementType.Int16: tensor.Values<short>()[row] = (short)literal.Integer; break;
            case ElementType.Int32: tensor.Values<int>()[row] = (int)literal.Integer; break;
            case ElementType.Int64: tensor.Values<long>()[row] = (long)literal.Integer; break;
            case ElementType.Float16: tensor.Values<Half>()[row] = (Half)literal.Number; break;
            case ElementType.Float32: tensor.Values<float>()[row] = (float)literal.Number; break;
            default: tensor.Values<double>()[row] = literal.Number; break;
        }
    }
}
