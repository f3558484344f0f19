using Slipway.Core;
using Slipway.Pipelines.Steps;

namespace Slipway.Pipelines.UseCases;

/// <summary>Brings rows of a request into the columns of the source: order and number types are converted, an absent column is missing in every row.</summary>
internal static class RequestRows
{
    /// <returns>An independent batch.</returns>
    /// <exception cref="RecordException">A column is unknown, or does not hold what the source's column holds.</exception>
    public static Batch Fit(TableSchema schema, Batch given)
    {
        foreach (var tensor in given)
        {
            if (schema.Find(tensor.Name) is null) throw new RecordException(UnknownColumn.Message(tensor.Name, schema.Names));
            if (tensor.Stride != 1 || tensor.Shape.Length == 0) throw new RecordException($"column '{tensor.Name}' has shape [{string.Join(',', tensor.Shape.ToArray())}]: one value a row expected");
        }
        var rows = given.Rows;
        var fitted = new Batch();
        try
        {
            foreach (var column in schema.Columns)
            {
                if (given.TryGet(column.Name, out var tensor)) fitted.Add(Fit(column, tensor, rows));
                else fitted.Add(Missing(column, rows));
            }
            return fitted;
        }
        catch
        {
            fitted.Dispose();
            throw;
        }
    }

    private static Tensor Fit(ColumnSpec column, Tensor tensor, int rows)
    {
        // A column of nothing but nulls arrives with whatever type its writer made up.
        if (tensor.HasMissing && IsAllMissing(tensor)) return Missing(column, rows);
        if (tensor.Shape.Length == 1) return tensor.ConvertTo(column.Type);
        using var converted = tensor.ConvertTo(column.Type);
        var flat = Tensor.Uninitialized(column.Name, column.Type, rows);
        for (var row = 0; row < rows; row++)
        {
            if (column.Type == ElementType.Bytes) flat.Append(converted.GetBytes(row));
            if (converted.IsMissing(row)) flat.SetMissing(row);
        }
        if (column.Type != ElementType.Bytes) converted.RawData.CopyTo(flat.RawData);
        return flat;
    }

    private static bool IsAllMissing(Tensor tensor)
    {
        for (var i = 0; i < tensor.Count; i++)
        {
            if (!tensor.IsMissing(i)) return false;
        }
        return true;
    }

    private static Tensor Missing(ColumnSpec column, int rows)
    {
        var tensor = new Tensor(column.Name, column.Type, rows);
        for (var row = 0; row < rows; row++)
        {
            if (column.Type == ElementType.Bytes) tensor.AppendMissing();
            else tensor.SetMissing(row);
        }
        return tensor;
    }
}
