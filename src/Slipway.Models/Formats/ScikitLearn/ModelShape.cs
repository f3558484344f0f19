using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>What goes into a model and what comes out: features with their names, and the classes of every output.</summary>
/// <param name="Features">Values in a row.</param>
/// <param name="FeatureNames">Distinct, or empty.</param>
/// <param name="Outputs">Targets.</param>
/// <param name="Classes">Of a classifier: those of each output; of a regressor: empty.</param>
internal sealed record ModelShape(int Features, ImmutableArray<string> FeatureNames, int Outputs, ImmutableArray<ImmutableArray<string>> Classes)
{
    private const int MaxFeatures = 1 << 20;
    private const int MaxOutputs = 1 << 14;

    public bool IsClassifier => !Classes.IsEmpty;

    /// <summary>Predictions a row: probabilities of all classes of all outputs, or a value for each output.</summary>
    public int Width => IsClassifier ? Classes.Sum(c => c.Length) : Outputs;

    /// <exception cref="ModelException">The estimator is not fitted, or contradicts itself.</exception>
    public static ModelShape Of(Estimator estimator)
    {
        var features = FeaturesOf(estimator) ?? throw new ModelException($"{estimator.Place}: n_features_in_ is absent: is the model fitted?");
        if (features is <= 0 or > MaxFeatures) throw new ModelException($"{estimator.Place}: {features} features");
        var outputs = estimator.TryInteger("n_outputs_") ?? 1;
        if (outputs is <= 0 or > MaxOutputs) throw new ModelException($"{estimator.Place}.n_outputs_: {outputs} outputs");
        var classes = estimator.Name.EndsWith("Classifier", StringComparison.Ordinal) ? ClassesOf(estimator, outputs) : [];
        return new ModelShape(features, NamesOf(estimator, features), outputs, classes);
    }

    /// <summary>Of an estimator that has one output.</summary>
    /// <exception cref="ModelException">It is not fitted, or contradicts itself.</exception>
    public static ModelShape OfSingle(Estimator estimator) =>
        Of(estimator) is { Outputs: 1 } shape ? shape : throw estimator.At("n_outputs_", "one output");

    /// <summary>One matrix.</summary>
    /// <param name="takesMissing">scikit-learn predicts rows with missing values.</param>
    public TensorSpec Input(ElementType type, bool takesMissing) => new("input", type, [-1, Features], Optional: takesMissing, Columns: FeatureNames);

    /// <summary>Labels and probabilities, or predictions.</summary>
    public ImmutableArray<TensorSpec> Results()
    {
        if (!IsClassifier)
        {
            return Outputs == 1
                ? [new TensorSpec("prediction", ElementType.Float64, [-1])]
                : [new TensorSpec("prediction", ElementType.Float64, [-1, Outputs], Columns: [.. Enumerable.Range(0, Outputs).Select(OutputName)])];
        }
        if (Classes is [var only])
        {
            return
            [
                new TensorSpec("label", ElementType.Bytes, [-1], AllowedValues: only),
                new TensorSpec("probability", ElementType.Float64, [-1, only.Length], Columns: only),
            ];
        }
        return
        [
            new TensorSpec("label", ElementType.Bytes, [-1, Outputs], Columns: [.. Enumerable.Range(0, Outputs).Select(OutputName)]),
            new TensorSpec("probability", ElementType.Float64, [-1, Width], Columns: [.. Classes.SelectMany((names, output) => names.Select(name => $"{OutputName(output)}={name}"))]),
        ];
    }

    public ClassLabels? Labels() => !IsClassifier ? null : Classes is [var only] ? new ClassLabels(only) : new ClassLabels(Classes);

    private static int? FeaturesOf(Estimator estimator)
    {
        foreach (var name in (ReadOnlySpan<string>)["n_features_in_", "n_features_", "_n_features", "n_features"])
        {
            if (estimator.TryInteger(name) is { } features) return features;
        }
        return Estimator.ItemsOf(estimator.Find("estimators_")) is [var first, ..] && Estimator.Of(first, estimator.Place, estimator.Scope, estimator.Version) is { } member && !member.Has("estimators_") ? FeaturesOf(member) : null;
    }

    private static ImmutableArray<string> NamesOf(Estimator estimator, int features)
    {
        if (estimator.TryTexts("feature_names_in_") is not { } names) return [];
        if (names.Length != features) throw new ModelException($"{estimator.Place}.feature_names_in_: {names.Length} names for {features} features");
        return new HashSet<string>(names, StringComparer.Ordinal).Count == names.Length ? [.. names] : [];
    }

    private static ImmutableArray<ImmutableArray<string>> ClassesOf(Estimator estimator, int outputs)
    {
        IReadOnlyList<Datum> lists = outputs == 1 ? [estimator.Find("classes_") ?? NoneDatum.Value] : estimator.Items("classes_");
        if (lists.Count != outputs) throw new ModelException($"{estimator.Place}.classes_: classes of {lists.Count} outputs, n_outputs_ is {outputs}");
        var classes = ImmutableArray.CreateBuilder<ImmutableArray<string>>(outputs);
        foreach (var list in lists)
        {
            var names = (ImmutableArray<string>)[.. Estimator.TextsOf(list) ?? throw estimator.At("classes_", "a list of classes")];
            classes.Add(names);
            estimator.Scope.Take(names.Length, estimator.Place);
            if (names.IsEmpty) throw new ModelException($"{estimator.Place}.classes_: there are no classes");
        }
        return classes.ToImmutable();
    }

    private static string OutputName(int output) => $"y{output.ToString(CultureInfo.InvariantCulture)}";
}
