using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Monitoring.Drift;

/// <summary>The rows that a window is compared with (the training rows kept in a package), reduced to what the comparison needs. Immutable.</summary>
public sealed class DriftReference
{
    private DriftReference(ImmutableArray<ReferenceColumn> columns, TableSchema schema)
    {
        Columns = columns;
        Schema = schema;
    }

    /// <summary>The columns that are compared: those of the reference with one value per row.</summary>
    public TableSchema Schema { get; }

    internal ImmutableArray<ReferenceColumn> Columns { get; }

    /// <param name="rows">The batch stays the caller's.</param>
    /// <param name="columns">Keep only these; null for all that have one value per row.</param>
    public static DriftReference From(Batch rows, DriftOptions options, IReadOnlySet<string>? columns = null)
    {
        var tensors = rows.Where(t => t.Stride == 1 && t.Shape.Length > 0 && columns?.Contains(t.Name) != false).ToArray();
        return new DriftReference(
            [.. tensors.Select(t => ReferenceColumn.Of(t, options))],
            new TableSchema([.. tensors.Select(t => new ColumnSpec(t.Name, t.Type))]));
    }
}
