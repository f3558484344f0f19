using System.Globalization;
using System.Text.Json;
using Slipway.Conformance.Pmml;

namespace Slipway.Conformance.Trees;

/// <summary>The rows of a case as texts; null is missing.</summary>
/// <param name="Columns">Names; null when values are known by their place only.</param>
internal sealed record CaseRows(IReadOnlyList<string>? Columns, IReadOnlyList<string?[]> Rows)
{
    /// <summary>Reads a file in the encoding that the case tells.</summary>
    /// <param name="encoding">See the corpus README: CSV with a header, tab-separated values with or without a label, or libsvm.</param>
    /// <param name="features">Columns of libsvm rows.</param>
    /// <param name="absent">What libsvm leaves out.</param>
    public static CaseRows Read(string path, string encoding, int features, string? absent)
    {
        if (!File.Exists(path)) throw new ConformanceException($"the file {path} is absent");
        if (encoding.StartsWith("CSV", StringComparison.Ordinal))
        {
            var table = TextTable.Read(path);
            return new CaseRows(table.Columns, table.Rows);
        }
        var lines = File.ReadAllLines(path).Where(line => line.Length > 0 && line[0] != '#').ToArray();
        if (encoding.StartsWith("libsvm", StringComparison.Ordinal)) return Libsvm(lines, features, absent);
        // Not all that are said to begin with a label do.
        return new CaseRows(null, [.. lines.Select(line => line.Split('\t', ' ')).Select(cells => cells[(encoding.Contains("col0=label", StringComparison.Ordinal) && cells.Length > features ? 1 : 0)..].Select(cell => cell is "" or "nan" or "NA" ? null : cell).ToArray())]);
    }

    /// <summary>Rows that stand in <c>case.json</c>: arrays of values by place, or one object of values by name.</summary>
    public static CaseRows Read(JsonElement rows, IReadOnlyList<string>? columns)
    {
        if (rows.ValueKind != JsonValueKind.Object) return new CaseRows(columns, [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(Text).ToArray())]);
        var properties = rows.EnumerateObject().ToArray();
        return new CaseRows([.. properties.Select(p => p.Name)], [[.. properties.Select(p => Text(p.Value))]]);
    }

    /// <summary>Names in the place of numbers, where a column has categories.</summary>
    /// <param name="categories">By column; null where it has none.</param>
    public CaseRows NameCategories(IReadOnlyList<string[]?> categories) =>
        this with { Rows = [.. Rows.Select(row => row.Select((cell, i) => cell is not null && categories[i] is { } names ? names[(int)double.Parse(cell, CultureInfo.InvariantCulture)] : cell).ToArray())] };

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    /// <summary>Places count from 0, or from 1 when one of them is beyond the features otherwise.</summary>
    private static CaseRows Libsvm(string[] lines, int features, string? absent)
    {
        var entries = lines.Select(line => line.Split(' ', '\t').Where(e => e.Contains(':', StringComparison.Ordinal)).Select(Entry).ToArray()).ToArray();
        var first = entries.SelectMany(row => row).Any(e => e.Feature == features) ? 1 : 0;
        return new CaseRows(null, [.. entries.Select(row =>
        {
            var values = new string?[features];
            values.AsSpan().Fill(absent);
            foreach (var (feature, value) in row)
            {
                if (feature - first < features) values[feature - first] = value;
            }
            return values;
        })]);
    }

    private static (int Feature, string Value) Entry(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (int.Parse(text.AsSpan(0, colon), CultureInfo.InvariantCulture), text[(colon + 1)..]);
    }
}
