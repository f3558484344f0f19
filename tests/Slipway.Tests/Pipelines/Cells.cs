using System.Globalization;
using Slipway.Core;

namespace Slipway.Tests.Pipelines;

/// <summary>Batches from and as plain values, so that tests read like tables: null is missing, a number a double, a whole number a long.</summary>
internal static class Cells
{
    public static Batch Table(params (string Name, object?[] Values)[] columns)
    {
        var batch = new Batch();
        foreach (var (name, values) in columns) batch.Add(Column(name, values));
        return batch;
    }

    public static Tensor Column(string name, params object?[] values)
    {
        var first = values.FirstOrDefault(v => v is not null) ?? 0.0;
        if (first is string) return Tensor.OfText(name, [.. values.Select(v => (string?)v)]);
        return first switch
        {
            bool => Fill<bool>(name, values),
            float => Fill<float>(name, values),
            int => Fill<int>(name, values),
            long => Fill<long>(name, values),
            ulong => Fill<ulong>(name, values),
            byte => Fill<byte>(name, values),
            sbyte => Fill<sbyte>(name, values),
            short => Fill<short>(name, values),
            ushort => Fill<ushort>(name, values),
            uint => Fill<uint>(name, values),
            Half => Fill<Half>(name, values),
            _ => Fill<double>(name, values),
        };
    }

    public static TableSchema SchemaOf(Batch batch) => new([.. batch.Select(t => new ColumnSpec(t.Name, t.Type))]);

    /// <summary>One line for each row: <c>a=1 b=x c=∅</c>.</summary>
    public static string[] Lines(Batch batch)
    {
        var lines = new string[batch.Rows];
        for (var row = 0; row < lines.Length; row++) lines[row] = string.Join(' ', batch.Select(t => $"{t.Name}={Cell(t, row)}"));
        return lines;
    }

    public static string[] Column(Batch batch, string name) => [.. Enumerable.Range(0, batch[name].Rows).Select(row => Cell(batch[name], row))];

    private static string Cell(Tensor tensor, int row)
    {
        if (tensor.IsMissing(row)) return "∅";
        return tensor.Type switch
        {
            ElementType.Bytes => tensor.GetText(row)!,
            ElementType.Bool => tensor.Values<bool>()[row] ? "true" : "false",
            ElementType.Int64 => tensor.Values<long>()[row].ToString(CultureInfo.InvariantCulture),
            ElementType.Float32 => tensor.Values<float>()[row].ToString(CultureInfo.InvariantCulture),
            _ => tensor.NumberAt(row).ToString(CultureInfo.InvariantCulture),
        };
    }

    private static Tensor Fill<T>(string name, object?[] values) where T : unmanaged
    {
        var tensor = new Tensor(name, ElementTypes.Of<T>(), values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value) tensor.Values<T>()[i] = (T)value;
            else tensor.SetMissing(i);
        }
        return tensor;
    }
}
