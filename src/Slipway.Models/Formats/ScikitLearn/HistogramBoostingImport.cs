using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>HistGradientBoostingClassifier and HistGradientBoostingRegressor, which compute on float64 and know missing values and categories.</summary>
internal static class HistogramBoostingImport
{
    /// <summary>Categories are kept as bits of 256.</summary>
    private const int MaxCategories = 256;

    /// <exception cref="ModelException">The estimator is damaged.</exception>
    public static TreeModelDefinition Import(Estimator estimator)
    {
        var shape = ModelShape.OfSingle(estimator);
        var iterations = estimator.Items("_predictors");
        if (iterations.Count == 0) throw new ModelException($"{estimator.Place}._predictors: there are no trees");
        var classes = shape.IsClassifier ? shape.Classes[0].Length : 0;
        if (shape.IsClassifier && classes < 2) throw new ModelException($"{estimator.Place}.classes_: one class");
        var margins = classes > 2 ? classes : 1;
        var baseline = estimator.TryNumbers("_baseline_prediction") ?? [estimator.Number("_baseline_prediction")];
        if (baseline.Length != margins) throw new ModelException($"{estimator.Place}._baseline_prediction: {baseline.Length} values for {margins} trees an iteration");
        var builder = new TreeEnsembleBuilder(shape.Features, margins).ForScores(!estimator.Scope.HasStatistics).BaseMargins(baseline);
        var known = KnownCategories(estimator, shape.Features);
        for (var i = 0; i < iterations.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{estimator.Place}._predictors[{i}]");
            var trees = Estimator.ItemsOf(iterations[i]);
            if (trees?.Count != margins) throw new ModelException($"{place}: {margins} trees expected, {iterations[i].Kind} found");
            for (var k = 0; k < margins; k++)
            {
                var predictor = Estimator.Of(trees[k], string.Create(CultureInfo.InvariantCulture, $"{place}[{k}]"), estimator.Scope, estimator.Version) ?? throw new ModelException($"{place}[{k}]: a tree expected, {trees[k].Kind} found");
                new HistogramTree(predictor).AddTo(builder, k, known);
            }
        }
        var inputs = HistogramInputs.Of(estimator, shape);
        return new TreeModelDefinition(new Signature(inputs.Inputs, shape.Results()), TransformOf(estimator, classes))
        {
            Encoder = inputs.Encoder,
            FeatureNames = inputs.FeatureNames,
            Trees = builder.Build(),
            TreesPerRound = margins,
            Function = classes > 2 ? new Softmax(classes, isPairwise: false) : null,
            Labels = shape.Labels(),
            Facts = SklearnFacts.Of(estimator, shape, takesMissing: true),
        };
    }

    private static MarginTransform TransformOf(Estimator estimator, int classes)
    {
        if (classes > 0) return classes == 2 ? MarginTransform.BinaryProbabilities : MarginTransform.Identity;
        return estimator.Text("loss") switch
        {
            "poisson" or "gamma" => MarginTransform.Exponential,
            "squared_error" or "least_squares" or "absolute_error" or "least_absolute_deviation" or "quantile" => MarginTransform.Identity,
            var loss => throw new ModelException($"{estimator.Place}.loss: '{loss}' is not known") { IsUnsupported = true },
        };
    }

    private static int[]?[] KnownCategories(Estimator estimator, int features)
    {
        var known = new int[]?[features];
        if (estimator.TryMember("_bin_mapper") is not { } mapper || mapper.TryNumbers("is_categorical_") is not { } isCategorical) return known;
        var thresholds = mapper.Items("bin_thresholds_");
        if (isCategorical.Length != features || thresholds.Count != features) throw new ModelException($"{mapper.Place}: bins of {isCategorical.Length} features, there are {features}");
        for (var feature = 0; feature < features; feature++)
        {
            if (isCategorical[feature] == 0) continue;
            var categories = Estimator.NumbersOf(thresholds[feature]) ?? throw mapper.At("bin_thresholds_", "lists of numbers");
            known[feature] = Array.ConvertAll(categories, c => c >= 0 && c < MaxCategories ? (int)c : throw new ModelException($"{mapper.Place}.bin_thresholds_[{feature}]: category {c} is outside 0…{MaxCategories - 1}"));
            if (known[feature]!.Length > MaxCategories) throw new ModelException($"{mapper.Place}.bin_thresholds_[{feature}]: {categories.Length} categories");
        }
        return known;
    }
}
