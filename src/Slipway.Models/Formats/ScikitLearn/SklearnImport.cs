using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Makes a library-neutral model of a fitted scikit-learn estimator.</summary>
internal static class SklearnImport
{
    /// <summary>Searches in searches.</summary>
    private const int MaxWrappers = 8;

    /// <param name="root">What the file holds.</param>
    /// <param name="bytes">Of the file, unpacked.</param>
    /// <param name="source">How the file is written, for those who inspect it.</param>
    /// <param name="hasStatistics">Whether what training knew of the nodes is kept, too.</param>
    /// <exception cref="ModelException">It is no estimator, or damaged.</exception>
    public static TreeModelDefinition Import(Datum root, LibraryVersion version, long bytes, string source, bool hasStatistics = true)
    {
        var estimator = Estimator.Of(root, "model", new ReadingScope(bytes, hasStatistics), version) ?? throw new ModelException($"a fitted scikit-learn estimator expected, {root.Kind} found");
        for (var i = 0; i < MaxWrappers && Searched(estimator) is { } best; i++) estimator = best;
        TreeModelDefinition definition;
        try
        {
            definition = Import(estimator);
        }
        catch (ModelException e) when (e.IsUnsupported)
        {
            definition = Unsupported(estimator, e.Message);
        }
        return definition with { Facts = definition.Facts.Add(new("written as", source)) };
    }

    private static TreeModelDefinition Import(Estimator estimator)
    {
        if (!estimator.IsScikitLearn) return Unsupported(estimator, $"{estimator.ClassName}: only scikit-learn's own trees and ensembles of trees are read");
        return estimator.Name switch
        {
            "DecisionTreeClassifier" or "DecisionTreeRegressor" or "ExtraTreeClassifier" or "ExtraTreeRegressor" => ForestImport.Tree(estimator),
            "RandomForestClassifier" or "RandomForestRegressor" or "ExtraTreesClassifier" or "ExtraTreesRegressor" => ForestImport.Forest(estimator),
            "BaggingClassifier" or "BaggingRegressor" => ForestImport.Bag(estimator),
            "GradientBoostingClassifier" or "GradientBoostingRegressor" => GradientBoostingImport.Import(estimator),
            "HistGradientBoostingClassifier" or "HistGradientBoostingRegressor" => HistogramBoostingImport.Import(estimator),
            "IsolationForest" => IsolationForestImport.Import(estimator),
            "AdaBoostClassifier" => AdaBoostImport.Classifier(estimator),
            "AdaBoostRegressor" => AdaBoostImport.Regressor(estimator),
            _ => Unsupported(estimator, $"{estimator.ClassName}: only decision trees and ensembles of them are read"),
        };
    }

    /// <summary>The best estimator of a search, which answers in the search's place.</summary>
    private static Estimator? Searched(Estimator estimator) =>
        estimator.IsScikitLearn && estimator.Name.EndsWith("SearchCV", StringComparison.Ordinal) ? estimator.TryMember("best_estimator_") : null;

    private static TreeModelDefinition Unsupported(Estimator estimator, string reason)
    {
        var features = estimator.TryInteger("n_features_in_") is > 0 and var known ? known : -1;
        var signature = new Signature([new TensorSpec("input", ElementType.Float64, [-1, features])], [new TensorSpec("prediction", ElementType.Float64, [-1])]);
        return new TreeModelDefinition(signature, MarginTransform.Identity) { Facts = SklearnFacts.Of(estimator), Unsupported = [reason] };
    }
}
