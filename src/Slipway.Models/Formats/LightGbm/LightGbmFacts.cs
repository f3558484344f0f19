using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>What a LightGBM file tells about itself, for <c>slipway inspect</c>.</summary>
internal static class LightGbmFacts
{
    private const int MaxListed = 20;

    public static ImmutableArray<KeyValuePair<string, string>> Of(LightGbmDocument document, LightGbmTrees trees, PandasCategories?[] columns)
    {
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        facts.Add(new("library", $"lightgbm (model format {document.Version})"));
        facts.Add(new("booster", document.Boosting.Length > 0 ? document.Boosting : document.AverageOutput ? "rf" : "gbdt"));
        facts.Add(new("objective", document.Objective.Length > 0 ? document.Objective : "none in the file: predictions are margins"));
        if (document.AverageOutput) facts.Add(new("averaged", "over iterations"));
        facts.Add(new("features", Text(document.Features)));
        if (document.FeatureInfos.Length > 0) facts.Add(new("feature types", TypesOf(document)));
        AddCategories(facts, document, columns);
        if (trees.HasLinearLeaves) facts.Add(new("leaves are linear", "yes"));
        facts.Add(new("trees in the file", Text(trees.Count)));
        facts.Add(new("iterations", Text(trees.Count / document.Outputs)));
        facts.Add(new(document.Classes > 1 ? "classes" : "outputs", Text(document.Outputs)));
        return facts.ToImmutable();
    }

    private static string TypesOf(LightGbmDocument document)
    {
        var kinds = document.FeatureInfos.GroupBy(i => i.Kind).OrderByDescending(g => g.Count()).ThenBy(g => g.Key);
        return string.Join(", ", kinds.Select(g => $"{NameOf(g.Key)} {Text(g.Count())}"));
    }

    private static string NameOf(FeatureKind kind) => kind switch
    {
        FeatureKind.Categorical => "categorical",
        FeatureKind.Numerical => "numerical",
        _ => "unused",
    };

    private static void AddCategories(ImmutableArray<KeyValuePair<string, string>>.Builder facts, LightGbmDocument document, PandasCategories?[] columns)
    {
        var categorical = Enumerable.Range(0, document.Features).Where(document.IsCategorical).ToList();
        if (categorical.Count > 0)
        {
            var more = categorical.Count > MaxListed ? $", … ({Text(categorical.Count)} in all)" : "";
            facts.Add(new("categorical features", string.Join(", ", categorical.Take(MaxListed).Select(f => document.FeatureNames[f])) + more));
        }
        if (document.PandasCategories.IsEmpty) return;
        if (Array.TrueForAll(columns, c => c is null))
        {
            facts.Add(new("pandas categories", $"{Text(document.PandasCategories.Length)} lists, but the file does not tell of which features: inputs are their codes"));
            return;
        }
        foreach (var feature in columns.Index().Where(c => c.Item is not null).Take(MaxListed))
        {
            var texts = feature.Item!.Texts;
            var more = texts.Length > MaxListed ? $", … ({Text(texts.Length)} in all)" : "";
            facts.Add(new($"categories of {document.FeatureNames[feature.Index]}", string.Join(", ", texts.Take(MaxListed).Select((name, code) => $"{Text(code)}={name}")) + more));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
