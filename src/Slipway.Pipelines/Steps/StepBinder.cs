using System.Text;
using Slipway.Core;

namespace Slipway.Pipelines.Steps;

/// <summary>Resolves a step's columns against its input and gathers every problem, so that one look shows them all.</summary>
internal sealed class StepBinder(TableSchema input)
{
    private readonly List<SpecProblem> _problems = [];

    public TableSchema Input { get; } = input;

    public void Problem(string path, string message) => _problems.Add(new SpecProblem(path, 0, 0, message));

    /// <summary>The column, or null after reporting that there is none.</summary>
    public ColumnSpec? Column(string path, string name)
    {
        if (Input.Find(name) is { } column) return column;
        Problem(path, UnknownColumn.Message(name, Input.Names));
        return null;
    }

    /// <summary>The column if it holds numbers that steps compute with, or null after reporting why not.</summary>
    public ColumnSpec? Numbers(string path, string name)
    {
        if (Column(path, name) is not { } column) return null;
        if (column.Type.IsNumeric && column.Type != ElementType.BFloat16) return column;
        Problem(path, $"column '{name}' holds {column.Type.ProtocolName}, numbers are needed; cast it to number first");
        return null;
    }

    /// <exception cref="SpecException">Something was reported.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0) throw new SpecException(null, _problems);
    }

    /// <summary>The input with some columns' types replaced, and new columns appended.</summary>
    public static TableSchema With(TableSchema schema, params IEnumerable<ColumnSpec> changed)
    {
        var columns = schema.Columns.ToBuilder();
        foreach (var column in changed)
        {
            var at = -1;
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].Name == column.Name) at = i;
            }
            if (at < 0) columns.Add(column);
            else columns[at] = column;
        }
        return new TableSchema(columns.ToImmutable());
    }

    /// <summary>A value as an error message shows it: quoted, and cut when long.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        const int shown = 60;
        var all = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * shown)]);
        return all.Length > shown ? $"'{all.AsSpan(0, shown)}…'" : $"'{all}'";
    }
}
