using System.Collections.Immutable;

namespace Slipway.Core;

/// <summary>One column of a table: a tensor <c>[rows]</c>.</summary>
public sealed record ColumnSpec(string Name, ElementType Type);

/// <summary>The columns of a table, in order; names are unique.</summary>
public sealed record TableSchema(ImmutableArray<ColumnSpec> Columns)
{
    public static TableSchema Empty { get; } = new([]);

    public ColumnSpec? Find(string name)
    {
        foreach (var column in Columns)
        {
            if (column.Name == name) return column;
        }
        return null;
    }

    public IEnumerable<string> Names => Columns.Select(c => c.Name);

    public bool Equals(TableSchema? other) => other is not null && Columns.SequenceEqual(other.Columns);

    public override int GetHashCode() => Columns.Length;

    public override string ToString() => string.Join(", ", Columns.Select(c => $"{c.Name} {c.Type.ProtocolName}"));
}
