using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>GradientBoostingClassifier and GradientBoostingRegressor: what the initial estimator says plus learning rate × leaf, stage by stage and class by class.</summary>
internal static class GradientBoostingImport
{
    /// <exception cref="ModelException">The estimator is damaged, or starts from another model.</exception>
    public static TreeModelDefinition Import(Estimator estimator)
    {
        var shape = ModelShape.OfSingle(estimator);
        var classes = shape.IsClassifier ? shape.Classes[0].Length : 0;
        if (shape.IsClassifier && classes < 2) throw new ModelException($"{estimator.Place}.classes_: one class");
        var margins = classes > 2 ? classes : 1;
        var rate = estimator.Number("learning_rate");
        var builder = new TreeEnsembleBuilder(shape.Features, margins).ForScores(!estimator.Scope.HasStatistics).BaseMargins(InitialPrediction.Of(estimator, classes, margins));
        var trees = ForestImport.Members(estimator);
        if (trees.Length % margins != 0) throw new ModelException($"{estimator.Place}.estimators_: {trees.Length} trees for {margins} classes");
        for (var i = 0; i < trees.Length; i++)
        {
            var tree = SklearnTree.Of(trees[i]);
            if (tree.ValuesPerNode != 1) throw new ModelException($"{trees[i].Place}: {tree.ValuesPerNode} values a node, 1 expected");
            var leaves = new double[tree.Count];
            for (var node = 0; node < leaves.Length; node++) leaves[node] = rate * tree.Values[node];
            tree.AddTo(builder, leaves, 1, i % margins);
        }
        return new TreeModelDefinition(new Signature([shape.Input(ElementType.Float32, takesMissing: false)], shape.Results()), classes == 2 ? MarginTransform.BinaryProbabilities : MarginTransform.Identity)
        {
            Trees = builder.Build(),
            TreesPerRound = margins,
            MarginScale = classes == 2 && estimator.Text("loss") == "exponential" ? 2 : 1,
            Function = classes <= 2 ? null : estimator.Version.IsSince(1, 4) ? new Softmax(classes, isPairwise: true) : new LogSoftmax(classes),
            Encoder = new FiniteMatrixEncoder(shape.Features, shape.FeatureNames, estimator.Name, takesMissing: false),
            Labels = shape.Labels(),
            Facts = SklearnFacts.Of(estimator, shape, takesMissing: false),
        };
    }
}
