using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>
/// The inputs of a model: one matrix of numbers; or, when pandas had columns of text categories, a column for each feature. Both take the categories
/// themselves where the file holds them, and else their codes.
/// </summary>
internal static class LightGbmInputs
{
    /// <param name="columns">The categories of each feature; null where there are none.</param>
    /// <param name="encoder">null when kernels read the matrix as it stands.</param>
    /// <exception cref="ModelException">Two columns have one name.</exception>
    public static ImmutableArray<TensorSpec> Of(LightGbmDocument document, LightGbmTrees trees, PandasCategories?[] columns, out FeatureEncoder? encoder)
    {
        var names = document.FeatureNames;
        var rules = new FeatureRule?[names.Length];
        for (var f = 0; f < rules.Length; f++)
        {
            rules[f] = columns[f] is { Kind: not CategoryKind.Text } categories ? new FeatureRule.Codes(categories)
                : trees.ZeroIsMissing(f) ? new FeatureRule.ZeroIsMissing()
                : columns[f] is null && trees.TruncatesToZero(f) ? new FeatureRule.TruncatesToZero()
                : null;
        }
        var distinct = new HashSet<string>(names, StringComparer.Ordinal).Count == names.Length;
        if (Array.TrueForAll(columns, c => c is not { Kind: CategoryKind.Text }))
        {
            encoder = Array.TrueForAll(rules, r => r is null) ? null : new RuledMatrixEncoder(rules);
            return [new TensorSpec("input", ElementType.Float64, [-1, names.Length], Optional: true, Columns: distinct ? names : [])];
        }
        if (!distinct) throw new ModelException("feature_names: a name is given twice, so that columns of text cannot be told apart");
        var features = ImmutableArray.CreateBuilder<FeatureColumn>(names.Length);
        for (var f = 0; f < names.Length; f++) features.Add(Column(names[f], columns[f], rules[f]));
        encoder = new ColumnEncoder(features.ToImmutable());
        return [.. features.Select(f => f.Spec)];
    }

    private static FeatureColumn Column(string name, PandasCategories? categories, FeatureRule? rule) => categories?.Kind switch
    {
        CategoryKind.Text => new CategoryColumn(name, categories.Texts),
        CategoryKind.Boolean => new BooleanColumn(name, categories),
        _ => rule is null ? new NumberColumn(name) : new RuledColumn(name, rule),
    };
}
