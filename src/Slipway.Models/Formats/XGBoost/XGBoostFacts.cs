using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>What an XGBoost file tells about itself, for <c>slipway inspect</c>.</summary>
internal static class XGBoostFacts
{
    private const int MaxListed = 20;

    public static ImmutableArray<KeyValuePair<string, string>> Of(XGBoostDocument document, int features, int outputs, ImmutableArray<float> baseScores)
    {
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        facts.Add(new("library", document.BaseScoreIsMargin ? "xgboost before 1.0" : document.Version.IsEmpty ? "xgboost" : $"xgboost {string.Join('.', document.Version)}"));
        facts.Add(new("booster", document.TreeWeights.Length > 0 && document.Booster == "gbtree" ? "gbtree (dart)" : document.Booster));
        facts.Add(new("objective", document.Objective));
        foreach (var (name, value) in document.ObjectiveParameters.OrderBy(p => p.Key, StringComparer.Ordinal)) facts.Add(new(name, value));
        facts.Add(new(document.BaseScoreIsMargin ? "base margin" : "base score", string.Join(", ", baseScores.Take(MaxListed).Select(s => s.ToString(CultureInfo.InvariantCulture)))));
        facts.Add(new("features", Text(features)));
        if (document.FeatureTypes.Count > 0)
        {
            var types = document.FeatureTypes.GroupBy(t => t, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal);
            facts.Add(new("feature types", string.Join(", ", types.Take(MaxListed).Select(g => $"{g.Key} {Text(g.Count())}"))));
        }
        AddCategories(facts, document);
        if (document.Trees.Count > 0) facts.Add(new("trees in the file", Text(document.Trees.Count)));
        var multiclass = document.Objective.StartsWith("multi:", StringComparison.Ordinal);
        facts.Add(new(multiclass ? "classes" : "outputs", Text(outputs)));
        foreach (var (name, value) in document.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith("best_", StringComparison.Ordinal)) facts.Add(new(name, value));
        }
        return facts.ToImmutable();
    }

    private static void AddCategories(ImmutableArray<KeyValuePair<string, string>>.Builder facts, XGBoostDocument document)
    {
        var categorical = document.FeatureTypes.Index().Where(f => f.Item == "c").Select(f => f.Index).ToList();
        if (categorical.Count == 0) return;
        facts.Add(new("categorical features", string.Join(", ", categorical.Take(MaxListed).Select(NameOf))));
        foreach (var feature in categorical.Take(MaxListed))
        {
            if (feature >= document.Categories.Count || document.Categories[feature] is not { IsEmpty: false } names) continue;
            var more = names.Length > MaxListed ? $", … ({Text(names.Length)} in all)" : "";
            facts.Add(new($"categories of {NameOf(feature)}", string.Join(", ", names.Take(MaxListed).Select((name, code) => $"{Text(code)}={name}")) + more));
        }

        string NameOf(int feature) => feature < document.FeatureNames.Count ? document.FeatureNames[feature] : $"f{feature}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
