using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>Names that a package gives the columns of a model whose file names them by their places only: wherever the model says a place, the name is shown.</summary>
internal static class ColumnNames
{
    /// <summary>Whether names are one stem with the numbers from 0: <c>f0</c>, <c>f1</c>, … Libraries call columns so that came without names.</summary>
    public static bool ArePlaces(ImmutableArray<string> columns)
    {
        if (columns[0] is not [.. var stem, '0']) return false;
        for (var i = 1; i < columns.Length; i++)
        {
            if (!columns[i].StartsWith(stem, StringComparison.Ordinal) || !columns[i].AsSpan(stem.Length).SequenceEqual(i.ToString(CultureInfo.InvariantCulture))) return false;
        }
        return true;
    }

    /// <param name="model">As the model file says it.</param>
    /// <param name="given">As the package says it.</param>
    public static ImmutableArray<FeatureSplits> InSplits(ImmutableArray<FeatureSplits> splits, Signature model, Signature given)
    {
        if (Renamed(model, given) is not { } names) return splits;
        var nameOf = names.Old.Zip(names.New).ToDictionary(n => n.First, n => n.Second, StringComparer.Ordinal);
        return [.. splits.Select(s => nameOf.TryGetValue(s.Feature, out var name) ? s with { Feature = name } : s)];
    }

    /// <summary>Contributions stand, for each output, in the order of the columns with one more behind them; their names end with the column's.</summary>
    /// <inheritdoc cref="InSplits"/>
    public static Signature InContributions(Signature model, Signature given)
    {
        if (Renamed(model, given) is not { } names || given.Outputs is not [var output] || output.Columns.Length % (names.Old.Length + 1) != 0) return given;
        var columns = output.Columns.Select((column, at) => at % (names.Old.Length + 1) is var place && place < names.Old.Length && column.EndsWith(names.Old[place], StringComparison.Ordinal)
            ? column[..^names.Old[place].Length] + names.New[place]
            : column);
        return given with { Outputs = [output with { Columns = [.. columns] }] };
    }

    private static (ImmutableArray<string> Old, ImmutableArray<string> New)? Renamed(Signature model, Signature given) =>
        model.Inputs is [{ Columns: { IsEmpty: false } old }] && given.Inputs[0].Columns is var @new && !old.SequenceEqual(@new) ? (old, @new) : null;
}
