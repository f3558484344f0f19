using System.Globalization;
using Slipway.Core;

namespace Slipway.Conformance.Trees;

/// <summary>Brings the rows of a case into the form that a model's signature asks for.</summary>
internal static class ModelInputs
{
    /// <summary>A matrix takes columns by name where both sides have names that agree, else by place; so do columns.</summary>
    public static Batch Bind(Signature signature, CaseRows rows)
    {
        var batch = new Batch();
        if (signature.Inputs is [{ Shape.Length: 2 } matrix])
        {
            batch.Add(Matrix(matrix, rows));
            return batch;
        }
        var sources = Sources([.. signature.Inputs.Select(i => i.Name)], rows, signature.Inputs.Length);
        for (var i = 0; i < sources.Length; i++) batch.Add(Column(signature.Inputs[i], rows, sources[i]));
        return batch;
    }

    private static Tensor Matrix(TensorSpec spec, CaseRows rows)
    {
        var width = (int)spec.Shape[1];
        var sources = Sources(spec.Columns, rows, width);
        var tensor = new Tensor(spec.Name, spec.Type, rows.Rows.Count, width);
        for (var row = 0; row < rows.Rows.Count; row++)
        {
            for (var f = 0; f < width; f++)
            {
                var value = Number(Cell(rows.Rows[row], sources[f]));
                if (spec.Type == ElementType.Float32) tensor.Values<float>()[(row * width) + f] = (float)value;
                else tensor.Values<double>()[(row * width) + f] = value;
            }
        }
        return tensor;
    }

    private static Tensor Column(TensorSpec spec, CaseRows rows, int source)
    {
        if (spec.Type == ElementType.Bytes) return Tensor.OfText(spec.Name, [.. rows.Rows.Select(row => Cell(row, source))]);
        var tensor = new Tensor(spec.Name, spec.Type, rows.Rows.Count);
        for (var row = 0; row < rows.Rows.Count; row++)
        {
            var value = Number(Cell(rows.Rows[row], source));
            if (double.IsNaN(value)) tensor.SetMissing(row);
            else if (spec.Type == ElementType.Float32) tensor.Values<float>()[row] = (float)value;
            else tensor.Values<double>()[row] = value;
        }
        return tensor;
    }

    private static int[] Sources(IReadOnlyList<string> names, CaseRows rows, int count)
    {
        if (rows.Columns is { } columns && names.Count == count)
        {
            var byName = names.Select(name => columns.ToList().FindIndex(c => Same(c, name))).ToArray();
            if (byName.All(i => i >= 0)) return byName;
            if (byName.Any(i => i >= 0)) throw new ConformanceException($"the rows have no column '{names[Array.IndexOf(byName, -1)]}'");
        }
        return [.. Enumerable.Range(0, count)];
    }

    // LightGBM writes names with underscores in the place of what its text format cannot hold.
    private static bool Same(string column, string name) => column == name || column.Replace(' ', '_') == name;

    private static string? Cell(string?[] row, int source) => source < row.Length ? row[source] : null;

    private static double Number(string? cell) => cell switch
    {
        null or "" => double.NaN,
        "TRUE" or "true" or "True" => 1,
        "FALSE" or "false" or "False" => 0,
        _ => double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
