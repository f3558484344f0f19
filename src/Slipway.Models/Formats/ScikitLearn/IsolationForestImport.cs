using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>IsolationForest: the depth of leaves, with what the rows in them would add, as <c>score_samples</c> and <c>decision_function</c> tell it.</summary>
internal static class IsolationForestImport
{
    private const double EulerGamma = 0.5772156649015329;

    /// <exception cref="ModelException">The estimator is damaged.</exception>
    public static TreeModelDefinition Import(Estimator estimator)
    {
        if (!estimator.Version.IsSince(0, 21)) throw new ModelException($"{estimator.Place}: IsolationForest of scikit-learn before 0.21 computes other scores and is not read") { IsUnsupported = true };
        var shape = ModelShape.OfSingle(estimator);
        var members = ForestImport.Members(estimator);
        var features = estimator.TryInteger("_max_features") == shape.Features ? null : ForestImport.FeaturesOf(estimator, members.Length);
        var builder = new TreeEnsembleBuilder(shape.Features, 1).ForScores(!estimator.Scope.HasStatistics).Expect(SklearnTree.ExpectedNodes(members));
        for (var i = 0; i < members.Length; i++)
        {
            var tree = SklearnTree.Of(members[i]);
            var depths = tree.Depths();
            var leaves = new double[tree.Count];
            for (var node = 0; node < leaves.Length; node++) leaves[node] = depths[node] + 1 + AveragePathLength(tree.Samples[node]) - 1.0;
            tree.AddTo(builder, leaves, 1, features: features?[i]);
        }
        var samples = estimator.TryNumber("max_samples_") ?? estimator.Number("_max_samples");
        var takesMissing = MissingValues.AreTakenByIsolationForest(estimator);
        TensorSpec[] results = [new("label", ElementType.Bytes, [-1], AllowedValues: ["-1", "1"]), new("prediction", ElementType.Float64, [-1, 2], Columns: ["score_samples", "decision_function"])];
        return new TreeModelDefinition(new Signature([shape.Input(ElementType.Float32, takesMissing)], [.. results]), MarginTransform.Identity)
        {
            Trees = builder.Build(),
            Function = new IsolationScores(members.Length, AveragePathLength(samples), estimator.Number("offset_")),
            Encoder = new FiniteMatrixEncoder(shape.Features, shape.FeatureNames, estimator.Name, takesMissing),
            Labels = new ClassLabels(["-1", "1"], 0),
            Facts = SklearnFacts.Of(estimator, shape, takesMissing),
        };
    }

    /// <summary>Of an isolation tree over so many rows.</summary>
    private static double AveragePathLength(double rows) => rows switch
    {
        <= 1 => 0,
        2 => 1,
        _ => (2.0 * (Math.Log(rows - 1.0) + EulerGamma)) - (2.0 * (rows - 1.0) / rows),
    };
}

/// <summary>The score of rows (lower is more abnormal), and the same from the threshold on.</summary>
/// <param name="pathLength">Expected of a tree.</param>
internal sealed class IsolationScores(int trees, double pathLength, double offset) : PredictionFunction(2)
{
    private readonly double _expected = trees * pathLength;

    public override PredictionFunction ForRounds(int rounds) => new IsolationScores(rounds, pathLength, offset);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var score = -Math.Pow(2, -(_expected == 0 ? 1 : margins[0] / _expected));
        (predictions[0], predictions[1]) = (score, score - offset);
    }
}
