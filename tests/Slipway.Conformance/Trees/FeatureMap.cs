using System.Globalization;

namespace Slipway.Conformance.Trees;

/// <summary>
/// XGBoost's feature map (<c>index name type</c> a line), by which the owner of a case encoded its rows: type <c>i</c> is an indicator <c>column=value</c>,
/// 1 where the column has the value and missing elsewhere; other types are the column itself.
/// </summary>
internal sealed class FeatureMap
{
    private readonly List<(string Column, string? Value)> _features = [];

    public static FeatureMap Read(string path)
    {
        var map = new FeatureMap();
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            var cells = line.Split('\t');
            if (cells.Length != 3 || int.Parse(cells[0], CultureInfo.InvariantCulture) != map._features.Count) throw new ConformanceException($"{path}: '{line}' is no line of a feature map");
            var equals = cells[2] == "i" ? cells[1].IndexOf('=', StringComparison.Ordinal) : -1;
            map._features.Add(equals < 0 ? (cells[1], null) : (cells[1][..equals], cells[1][(equals + 1)..]));
        }
        return map;
    }

    /// <summary>One column for each feature.</summary>
    public CaseRows Encode(CaseRows rows)
    {
        var columns = rows.Columns ?? throw new ConformanceException("rows without column names cannot be encoded by a feature map");
        var sources = _features.Select(f => columns.ToList().IndexOf(f.Column) is >= 0 and var i ? i : throw new ConformanceException($"the rows have no column '{f.Column}'")).ToArray();
        return new CaseRows(null, [.. rows.Rows.Select(row => _features.Select((f, i) => f.Value is null ? row[sources[i]] : row[sources[i]] == f.Value ? "1" : null).ToArray())]);
    }
}
