using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>
/// What <c>predict</c> (and for classifiers <c>predict_proba</c>) makes of raw values: probabilities for classification, e^x for Poisson and Tweedie,
/// mean and variance for RMSEWithUncertainty, and for every other loss the raw values.
/// </summary>
/// <param name="Columns">Names of the predictions; empty for a single one.</param>
/// <param name="Labels">Of a classifier.</param>
internal sealed record CatBoostObjective(MarginTransform Transform, ImmutableArray<string> Columns, PredictionFunction? Function = null, ClassLabels? Labels = null)
{
    /// <summary>The loss gives a probability for each class, or for each of several labels.</summary>
    public bool IsClassification { get; private init; }

    /// <exception cref="ModelException">The classes do not fit the trees.</exception>
    public static CatBoostObjective Of(CatBoostParameters parameters, int dimensions)
    {
        switch (parameters.Loss)
        {
            case "Logloss" or "CrossEntropy" or "Focal" when dimensions == 1:
                return Binary(parameters);
            case "MultiLogloss" or "MultiCrossEntropy":
                return new(MarginTransform.Sigmoid, MultiLabelNames(parameters, dimensions)) { IsClassification = true };
            case "MultiClass" or "MultiClassOneVsAll":
                return MultiClass(parameters, dimensions);
            case "Poisson" or "Tweedie":
                return new(MarginTransform.Exponential, Outputs(dimensions));
            case "MultiQuantile" when parameters.Quantiles.Length == dimensions:
                return new(MarginTransform.Identity, [.. parameters.Quantiles.Select(q => $"quantile_{q}")]);
            case "RMSEWithUncertainty" when dimensions == 2:
                return new(MarginTransform.Identity, ["mean", "variance"], new MeanAndVariance());
        }
        // A loss of the user's own, or none on record: class names tell that it is a classifier's.
        var isKnown = parameters.Loss.Length > 0 && !parameters.Loss.StartsWith("PythonUserDefined", StringComparison.Ordinal);
        if (isKnown || parameters.ClassNames.IsEmpty) return new(MarginTransform.Identity, Outputs(dimensions));
        return dimensions == 1 && parameters.ClassNames.Length == 2 ? Binary(parameters)
            : dimensions > 1 && parameters.ClassNames.Length >= dimensions ? MultiClass(parameters, dimensions)
            : new(MarginTransform.Identity, Outputs(dimensions));
    }

    private static CatBoostObjective Binary(CatBoostParameters parameters)
    {
        var names = parameters.ClassNames;
        if (names.IsEmpty && parameters.ClassCount == 0 && parameters.Labels.Length == 2) names = [.. parameters.Labels.Select(Text)];
        if (names.IsEmpty) names = ["0", "1"];
        if (names.Length != 2) throw new ModelException($"model_info: {names.Length} classes for a loss of two ({parameters.Loss})");
        // The second class is chosen above the threshold, not at it.
        var threshold = parameters.Threshold == 0.5 ? double.NaN : double.BitIncrement(parameters.Threshold);
        return new(MarginTransform.BinaryProbabilities, names, Labels: new ClassLabels(names, threshold)) { IsClassification = true };
    }

    private static CatBoostObjective MultiClass(CatBoostParameters parameters, int dimensions)
    {
        var oneAgainstAll = parameters.Loss == "MultiClassOneVsAll";
        var transform = oneAgainstAll ? MarginTransform.Sigmoid : MarginTransform.Softmax;
        var count = Math.Max(parameters.ClassCount, parameters.ClassNames.Length);
        // A name for each dimension, or more: classes that training had no rows of.
        if (count > (1 << 16) + dimensions) throw new ModelException($"model_info: {count} classes for {dimensions} dimensions");
        ImmutableArray<string> names = parameters.ClassNames.Length == count && count > 0 ? parameters.ClassNames
            : count > 0 ? Numbers(count)
            : parameters.Labels.Length == dimensions ? [.. parameters.Labels.Select(Text)]
            : Numbers(dimensions);
        var places = Places(parameters, dimensions, names.Length, areClasses: count > 0);
        var function = names.Length == dimensions && IsIdentity(places) ? null : new ProbabilitiesOfSomeClasses(names.Length, places, oneAgainstAll);
        return new(transform, names, function, new ClassLabels(names)) { IsClassification = true };
    }

    /// <summary>Which class each dimension is.</summary>
    private static int[] Places(CatBoostParameters parameters, int dimensions, int classes, bool areClasses)
    {
        var places = new int[dimensions];
        var labels = areClasses ? parameters.Labels : [];
        if (!labels.IsEmpty && labels.Length != dimensions) throw new ModelException($"model_info: class_to_label has {labels.Length} entries, the trees have {dimensions} dimensions");
        var seen = new HashSet<int>();
        for (var i = 0; i < dimensions; i++)
        {
            var place = labels.IsEmpty ? i : labels[i];
            if (!(place >= 0 && place < classes) || !seen.Add((int)place)) throw new ModelException($"model_info: dimension {i} has class {Text(place)} of {classes}");
            places[i] = (int)place;
        }
        return places;
    }

    private static bool IsIdentity(int[] places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] != i) return false;
        }
        return true;
    }

    private static ImmutableArray<string> MultiLabelNames(CatBoostParameters parameters, int dimensions) =>
        parameters.ClassNames.Length == dimensions ? parameters.ClassNames : Numbers(dimensions);

    private static ImmutableArray<string> Outputs(int dimensions) => dimensions == 1 ? [] : [.. Numbers(dimensions).Select(n => $"target_{n}")];

    private static ImmutableArray<string> Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => Text(i))];

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The mean as it is, and the variance e^2x of the second margin.</summary>
internal sealed class MeanAndVariance() : PredictionFunction(2)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        predictions[0] = margins[0];
        predictions[1] = Math.Exp(2 * margins[1]);
    }
}

/// <summary>Probabilities of classes of which some were not in the training rows: they have none.</summary>
/// <param name="places">The class of each margin.</param>
/// <param name="oneAgainstAll">Each by itself, instead of all together.</param>
internal sealed class ProbabilitiesOfSomeClasses(int classes, int[] places, bool oneAgainstAll) : PredictionFunction(classes)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        predictions.Fill(double.NegativeInfinity);
        for (var i = 0; i < places.Length; i++) predictions[places[i]] = margins[i];
        MarginTransforms.Apply(oneAgainstAll ? MarginTransform.Sigmoid : MarginTransform.Softmax, predictions, Outputs);
    }
}
