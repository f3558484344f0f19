using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>What a CatBoost file tells about itself, for <c>slipway inspect</c>.</summary>
internal static class CatBoostFacts
{
    private const int MaxListed = 20;

    public static ImmutableArray<KeyValuePair<string, string>> Of(CatBoostDocument document, CatBoostParameters parameters, ImmutableArray<string> numbers, ImmutableArray<string> categories)
    {
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        Add("library", VersionOf(document.Info.GetValueOrDefault("catboost_version_info", "")) is { Length: > 0 } version ? $"catboost {version}" : "catboost");
        Add("objective", parameters.Loss.Length > 0 ? parameters.Loss : "not on record");
        if (document.Info.GetValueOrDefault("train_finish_time", "") is { Length: > 0 } time) Add("trained", time);
        Add("features", Text(numbers.Length + categories.Length));
        if (!categories.IsEmpty)
        {
            Add("feature types", $"number {Text(numbers.Length)}, category {Text(categories.Length)}");
            Add("categorical features", Listed(categories));
        }
        AddCategories();
        if (document.CtrFeatures.Count > 0) Add("CTRs", $"{Text(document.CtrFeatures.Count)} ({string.Join(", ", document.CtrFeatures.GroupBy(c => c.Type).Select(g => $"{g.Key} {Text(g.Count())}"))}) of {Text(document.CtrFeatures.Select(c => c.Projection.Key).Distinct().Count())} combinations");
        if (document.FloatFeatures.Any(f => f.HasNans)) Add("missing numbers", string.Join(", ", document.FloatFeatures.Where(f => f.HasNans).GroupBy(f => f.Nan).Select(g => $"{Text(g.Count())} {(g.Key == NanTreatment.AsTrue ? "above" : "below")} every border")));
        if (document.TreeSizes.Length > 0) Add("tree shape", document.Nodes is null ? "symmetric" : "not symmetric");
        Add(document.Dimensions > 1 ? "dimensions" : "outputs", Text(document.Dimensions));
        if (document.Scale != 1) Add("scale", document.Scale.ToString(CultureInfo.InvariantCulture));
        if (document.Bias.Any(b => b != 0)) Add("bias", Listed([.. document.Bias.Select(b => b.ToString(CultureInfo.InvariantCulture))]));
        return facts.ToImmutable();

        void Add(string name, string value) => facts.Add(new(name, value));

        void AddCategories()
        {
            foreach (var oneHot in document.OneHotFeatures.Take(MaxListed))
            {
                var feature = document.CategoricalFeatures.FindIndex(c => c.Index == oneHot.CategoricalFeature);
                if (feature < 0 || oneHot.Texts.Length != oneHot.Values.Length || oneHot.Texts.Length == 0) continue;
                Add($"categories of {categories[feature]}", Listed([.. oneHot.Texts]));
            }
        }
    }

    /// <summary>"tags/v1.2.10" of the branch it was built from.</summary>
    private static string VersionOf(string text)
    {
        foreach (var mark in new[] { "tags/v", "CatBoost release " })
        {
            var start = text.IndexOf(mark, StringComparison.Ordinal);
            if (start < 0) continue;
            var version = text.AsSpan(start + mark.Length);
            var length = 0;
            while (length < version.Length && (char.IsAsciiDigit(version[length]) || version[length] == '.')) length++;
            return version[..length].TrimEnd('.').ToString();
        }
        return "";
    }

    private static string Listed(ImmutableArray<string> items) =>
        string.Join(", ", items.Take(MaxListed)) + (items.Length > MaxListed ? $", … ({Text(items.Length)} in all)" : "");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
