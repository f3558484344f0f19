using System.Collections.Immutable;
using Slipway.Models.Trees.Explanations;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>
/// Whose the contributions are, as in CatBoost's SHAP values: what a CTR adds is shared by the features that it counts by, in equal parts, and CTRs (and one-hot
/// values) of the same features are one.
/// </summary>
/// <param name="numberOf">The number of a float feature by its index.</param>
/// <param name="categoryOf">The number of a categorical feature by its index.</param>
internal sealed class CatBoostContributions(
    CatBoostDocument document, ImmutableArray<string> numbers, ImmutableArray<string> categories, Dictionary<int, int> numberOf, Dictionary<int, int> categoryOf)
{
    private readonly Dictionary<string, int> _groups = [];
    private readonly ImmutableArray<ImmutableArray<int>>.Builder _members = ImmutableArray.CreateBuilder<ImmutableArray<int>>();

    /// <param name="ctrColumn">The column of each CTR in a kernel's row.</param>
    public ContributionFeatures Of(ImmutableArray<OneHotColumn> oneHots, int[] ctrColumn)
    {
        // In the order of the training data, numbers and categories mixed.
        int[] flat = [.. document.FloatFeatures.Select(f => f.FlatIndex), .. document.CategoricalFeatures.Select(f => f.FlatIndex)];
        int[] order = [.. Enumerable.Range(0, flat.Length).OrderBy(f => flat[f])];
        var placeOf = new int[flat.Length];
        for (var place = 0; place < order.Length; place++) placeOf[order[place]] = place;

        var groupOf = new int[numbers.Length + oneHots.Length + ctrColumn.Length];
        for (var number = 0; number < numbers.Length; number++) groupOf[number] = Group([placeOf[number]]);
        for (var i = 0; i < oneHots.Length; i++) groupOf[numbers.Length + i] = Group([placeOf[numbers.Length + oneHots[i].Category]]);
        for (var i = 0; i < ctrColumn.Length; i++)
        {
            var projection = document.CtrFeatures[i].Projection;
            groupOf[ctrColumn[i]] = Group(
            [
                .. projection.Categories.Select(PlaceOfCategory),
                .. projection.FloatSplits.Select(s => placeOf[numberOf[s.Feature]]),
                .. projection.OneHotSplits.Select(s => PlaceOfCategory(s.Feature)),
            ]);
        }
        return new ContributionFeatures([.. order.Select(f => f < numbers.Length ? numbers[f] : categories[f - numbers.Length])], [.. groupOf], _members.ToImmutable());

        int PlaceOfCategory(int index) => placeOf[numbers.Length + categoryOf[index]];
    }

    private int Group(ImmutableArray<int> features)
    {
        var key = string.Join(',', features);
        if (_groups.TryGetValue(key, out var group)) return group;
        _members.Add(features);
        _groups.Add(key, _members.Count - 1);
        return _members.Count - 1;
    }
}
