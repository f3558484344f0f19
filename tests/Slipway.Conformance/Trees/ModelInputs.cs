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

    private static Tensor Column(TensorSpec spec, CaseRows rows, Source source)
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

    private static Source[] Sources(IReadOnlyList<string> names, CaseRows rows, int count)
    {
        if (rows.Columns is { } columns && names.Count == count)
        {
            var byName = names.Select(name => SourceOf(name, columns)).ToArray();
            if (byName.All(s => s is not null)) return byName!;
            if (byName.Any(s => s is not null)) throw new ConformanceException($"the rows have no column '{names[Array.IndexOf(byName, null)]}'");
        }
        return [.. Enumerable.Range(0, count).Select(i => new Source(i, null))];
    }

    /// <summary>The column of the name, or <c>column_value</c>: an indicator of a value, 0 elsewhere. LightGBM writes underscores where its format cannot hold a character.</summary>
    private static Source? SourceOf(string name, IReadOnlyList<string> columns)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i] == name || columns[i].Replace(' ', '_') == name) return new Source(i, null);
        }
        for (var i = 0; i < columns.Count; i++)
        {
            if (name.StartsWith(columns[i] + "_", StringComparison.Ordinal)) return new Source(i, name[(columns[i].Length + 1)..]);
        }
        return null;
    }

    private static string? Cell(string?[] row, Source source) =>
        source.Column >= row.Length ? null : source.Indicates is { } value ? (row[source.Column] == value ? "1" : "0") : row[source.Column];

    private static double Number(string? cell) => cell switch
    {
        null or "" => double.NaN,
        "TRUE" or "true" or "True" => 1,
        "FALSE" or "false" or "False" => 0,
        _ => double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <param name="Indicates">When set, the value is 1 where the column has this text.</param>
    private sealed record Source(int Column, string? Indicates);
}
