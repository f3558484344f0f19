using System.Collections.Immutable;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>The element <c>InlineTable</c>: rows of named cells; a cell that a row does not have is null (PMML 4.4.1, Taxonomy).</summary>
internal sealed record InlineTable(ImmutableArray<string> Columns, ImmutableArray<string?[]> Rows)
{
    public static InlineTable Empty { get; } = new([], []);

    public static InlineTable Read(ElementReader e)
    {
        var columns = new List<string>();
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = ImmutableArray.CreateBuilder<string?[]>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "row") continue;
            var row = new string?[columns.Count];
            var rowDepth = e.Depth;
            while (e.ReadChild(rowDepth, anyNamespace: true))
            {
                if (e.Name == "Extension") continue;
                if (!index.TryGetValue(e.Name, out var column))
                {
                    index[e.Name] = column = columns.Count;
                    columns.Add(e.Name);
                }
                if (column >= row.Length) Array.Resize(ref row, columns.Count);
                row[column] = e.ReadText();
            }
            rows.Add(row);
        }
        return new InlineTable([.. columns], rows.DrainToImmutable());
    }

    /// <summary>The column of a name, with or without its namespace prefix; -1 when there is none.</summary>
    public int IndexOf(string column) => Columns.IndexOf(column[(column.IndexOf(':') + 1)..]);

    public string? Cell(int row, int column) => column >= 0 && column < Rows[row].Length ? Rows[row][column] : null;
}
