using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.UseCases;

/// <summary>Whether a table can feed a model: what <see cref="InputBinding"/> would find wrong with every batch, found before the first.</summary>
internal static class ModelInputs
{
    public static IEnumerable<string> Problems(Signature signature, TableSchema table)
    {
        foreach (var input in signature.Inputs)
        {
            if (table.Find(input.Name) is { } same)
            {
                if (input.Shape.Length != 1) yield return $"the model's input {input} is not one column, but a column of that name would be taken for it; rename or drop the column in prepare";
                else if (Mismatch(same, input) is { } why) yield return why;
                continue;
            }
            if (input.Columns.IsEmpty)
            {
                if (!input.Optional) yield return Absent(input.Name, input.Shape.Length == 1 ? "" : $" (an input {input} takes a table's columns only when model.yaml names them)", table);
                continue;
            }
            foreach (var name in input.Columns)
            {
                if (table.Find(name) is not { } column) yield return Absent(name, "", table);
                else if (Mismatch(column, input) is { } why) yield return why;
            }
        }
    }

    private static string Absent(string name, string more, TableSchema table)
    {
        var hint = Suggestion.Nearest(name, table.Names) is { } near ? $"did you mean {near}?" : $"there are: {string.Join(", ", table.Names)}";
        return $"the model needs a column '{name}', which is not there after prepare; {hint}{more}";
    }

    private static string? Mismatch(ColumnSpec column, TensorSpec input) => (column.Type == ElementType.Bytes, input.Type == ElementType.Bytes) switch
    {
        _ when input.AnyType => null,
        (true, false) => $"column '{column.Name}' holds text, the model needs {input.Type.ProtocolName}; cast or one-hot it in prepare",
        (false, true) => $"column '{column.Name}' holds {column.Type.ProtocolName}, the model needs text; cast it to text in prepare",
        _ => null,
    };
}
