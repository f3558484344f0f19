using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>The names of categories, which XGBoost keeps since 3.1: columns with names take texts, as the data frame that the model was trained on did.</summary>
internal static class XGBoostCategories
{
    /// <summary>An encoder of columns, or null when no feature has names.</summary>
    /// <exception cref="ModelException">Two features have one name.</exception>
    public static ColumnEncoder? EncoderOf(XGBoostDocument document, ImmutableArray<string> names)
    {
        if (!document.Categories.Any(c => !c.IsEmpty)) return null;
        if (document.Categories.Count > names.Length) throw new ModelException($"gradient_booster.model.cats tells the categories of {document.Categories.Count} features, num_feature is {names.Length}");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!taken.Add(name)) throw new ModelException($"learner.feature_names has '{name}' twice");
        }
        return new ColumnEncoder([.. names.Select((name, f) => (FeatureColumn)(f < document.Categories.Count && !document.Categories[f].IsEmpty
            ? new CategoryColumn(name, document.Categories[f])
            : new NumberColumn(name)))]);
    }
}
