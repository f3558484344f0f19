using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>Columns that a model can do without: a caller may leave them out, as H2O's and PMML's callers do.</summary>
internal static class AbsentColumns
{
    /// <summary>The given columns and one of missing values for each that is left out and may be; null when none is, or nothing tells how many rows there are. The caller disposes it.</summary>
    public static Batch? Complete(Signature signature, Batch given)
    {
        if (given.Count >= signature.Inputs.Length || !signature.Inputs.Any(i => given.TryGet(i.Name, out _))) return null;
        var rows = given.Rows;
        var complete = new Batch();
        foreach (var input in signature.Inputs)
        {
            if (given.TryGet(input.Name, out var column)) complete.Add(column.Copy());
            else if (input is { Optional: true, Shape.Length: 1 }) complete.Add(Missing(input, rows));
        }
        return complete;
    }

    private static Tensor Missing(TensorSpec input, int rows)
    {
        var column = new Tensor(input.Name, input.Type, rows);
        if (input.Type == ElementType.Bytes)
        {
            for (var row = 0; row < rows; row++) column.AppendMissing();
            return column;
        }
        for (var row = 0; row < rows; row++) column.SetMissing(row);
        return column;
    }
}
