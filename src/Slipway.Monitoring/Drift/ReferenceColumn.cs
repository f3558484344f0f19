using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Monitoring.Drift;

/// <summary>Rows per bin of the reference and of a window.</summary>
/// <param name="QuantileBins">So many bins, from the first, lie between quantiles of the reference.</param>
internal sealed record BinCounts(ImmutableArray<string> Labels, int[] Reference, int[] Current, int QuantileBins);

/// <summary>What is remembered of a column of the reference.</summary>
internal abstract class ReferenceColumn(string name, int rows)
{
    public const string Missing = "missing";

    public string Name => name;

    public int Rows => rows;

    /// <summary>Counts a column of the window into bins. A null column stands for a window without it.</summary>
    /// <returns>Null when the column holds another kind of value.</returns>
    public abstract BinCounts? Count(Tensor? current);

    public static ReferenceColumn Of(Tensor column, DriftOptions options)
    {
        if (column.Type is ElementType.Bytes or ElementType.Bool) return new CategoricalReference(column.Name, column.Rows, column.Type, CategoryCounts.Of(column, column.Type), options.MaxCategories);
        var values = NumericReference.Present(column);
        Array.Sort(values);
        var distinct = values.Length == 0 ? 0 : 1;
        for (var i = 1; i < values.Length && distinct <= options.Bins; i++)
        {
            if (values[i] != values[i - 1]) distinct++;
        }
        return distinct <= options.Bins
            ? new CategoricalReference(column.Name, column.Rows, column.Type, CategoryCounts.Of(column, column.Type), options.MaxCategories)
            : new NumericReference(column.Name, column.Rows, values, options.Bins);
    }
}
