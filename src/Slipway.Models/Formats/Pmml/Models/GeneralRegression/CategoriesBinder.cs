using System.Collections.Immutable;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Formats.Pmml.Models.GeneralRegression;

/// <summary>General regressions of categories: the reference category, the estimates of the others, their links.</summary>
internal static class CategoriesBinder
{
    public static RowModel Bind(GeneralRegressionModel model, ModelScope scope)
    {
        var place = scope.Place;
        var (kind, link) = model.Type switch
        {
            ModelType.MultinomialLogistic => (CategoryLink.Multinomial, default),
            ModelType.OrdinalMultinomial => (CategoryLink.Cumulative, new InverseLink(model.CumulativeLink ?? throw place.Fault("modelType=\"ordinalMultinomial\" needs the attribute 'cumulativeLink'"), 0)),
            ModelType.GeneralizedLinear => (CategoryLink.Separate, model.BindLink()),
            _ => throw place.Fault("this modelType predicts numbers, not categories"),
        };
        var byCategory = model.Estimates.Where(c => c.TargetCategory is not null).ToLookup(c => scope.Category(c.TargetCategory!, c.Place));
        var common = model.Estimates.Where(c => c.TargetCategory is null).ToList();
        var categories = Order(model, scope, byCategory);
        var design = new DesignBinder(model, scope);
        var estimates = ImmutableArray.CreateBuilder<ImmutableArray<Estimate>>();
        foreach (var category in categories.AsSpan()[..^1])
        {
            var own = byCategory[category].ToList();
            if (own.Count == 0 && (kind == CategoryLink.Cumulative || categories.Length > 2)) throw place.Fault($"the ParamMatrix has no estimates for the category '{Text(category, scope)}'");
            var cells = kind == CategoryLink.Cumulative ? [.. own, .. common] : own.Count == 0 ? common : own;
            estimates.Add(design.Bind(Text(category, scope), cells));
        }
        var result = scope.CategoryResult(categories);
        return new GeneralizedCategoryRegression(result, design.Build(), estimates.DrainToImmutable(), kind, link, model.BindOffset(scope));
    }

    /// <summary>In the target's order, the reference category last.</summary>
    private static ImmutableArray<double> Order(GeneralRegressionModel model, ModelScope scope, ILookup<double, ParameterCell> byCategory)
    {
        var place = scope.Place;
        var categories = scope.Target.Categories.IsEmpty ? [.. byCategory.Select(g => g.Key)] : scope.Target.Categories.Distinct().ToList();
        if (model.ReferenceCategory is { } text)
        {
            var reference = scope.Category(text, place);
            categories.Remove(reference);
            categories.Add(reference);
        }
        else if (model.Type != ModelType.OrdinalMultinomial)
        {
            var without = categories.FindAll(c => !byCategory.Contains(c));
            if (without.Count != 1) throw place.Fault("which category is the reference? Give it as targetReferenceCategory, or let it be the only one without estimates in the ParamMatrix");
            categories.Remove(without[0]);
            categories.Add(without[0]);
        }
        return categories.Count >= 2 ? [.. categories] : throw place.Fault($"the target '{scope.Target.Name}' needs at least two categories");
    }

    private static string Text(double category, ModelScope scope) =>
        scope.Target.Format.Print(category, new RowTexts(scope.Program.Symbols));
}
