using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>AdaBoostClassifier (SAMME, SAMME.R) and AdaBoostRegressor over trees.</summary>
internal static class AdaBoostImport
{
    /// <summary>Of a regressor, which keeps the answers of all until the last is there.</summary>
    private const int MaxTrees = 2048;

    /// <exception cref="ModelException">The estimator is damaged, or boosts something else.</exception>
    public static TreeModelDefinition Classifier(Estimator estimator)
    {
        if (!estimator.Version.IsSince(0, 22)) throw new ModelException($"{estimator.Place}: AdaBoostClassifier of scikit-learn before 0.22 computes other probabilities and is not read") { IsUnsupported = true };
        var shape = ModelShape.OfSingle(estimator);
        var classes = shape.Width;
        if (classes < 2) throw new ModelException($"{estimator.Place}.classes_: two classes or more expected, {classes} found");
        var members = ForestImport.Members(estimator);
        var weights = WeightsOf(estimator, members.Length);
        var isReal = estimator.Text("algorithm") is { } algorithm ? algorithm == "SAMME.R" : !estimator.Version.IsSince(1, 6);
        var builder = new TreeEnsembleBuilder(shape.Features, classes).ForScores(!estimator.Scope.HasStatistics).Expect(SklearnTree.ExpectedNodes(members));
        for (var i = 0; i < members.Length; i++)
        {
            var tree = SklearnTree.Of(members[i]);
            var leaves = isReal ? RealVotes(members[i], tree, classes) : Votes(members[i], tree, shape, weights[i]);
            tree.AddTo(builder, leaves, classes);
        }
        return Define(estimator, shape, builder, new AdaBoostProbabilities(classes, weights, isReal));
    }

    /// <exception cref="ModelException">The estimator is damaged, or boosts something else.</exception>
    public static TreeModelDefinition Regressor(Estimator estimator)
    {
        var shape = ModelShape.OfSingle(estimator);
        var members = ForestImport.Members(estimator);
        if (members.Length > MaxTrees) throw new ModelException($"{estimator.Place}.estimators_: the median of {members.Length} trees; {MaxTrees} are possible") { IsUnsupported = true };
        var weights = WeightsOf(estimator, members.Length);
        var builder = new TreeEnsembleBuilder(shape.Features, members.Length).ForScores(!estimator.Scope.HasStatistics).Expect(SklearnTree.ExpectedNodes(members));
        for (var i = 0; i < members.Length; i++)
        {
            var tree = SklearnTree.Of(members[i]);
            if (tree.ValuesPerNode != 1) throw new ModelException($"{members[i].Place}: {tree.ValuesPerNode} values a node, 1 expected");
            tree.AddTo(builder, tree.Values, 1, i);
        }
        return Define(estimator, shape, builder, new WeightedMedian(weights));
    }

    private static TreeModelDefinition Define(Estimator estimator, ModelShape shape, TreeEnsembleBuilder builder, PredictionFunction function) =>
        new(new Signature([shape.Input(ElementType.Float32, takesMissing: false)], shape.Results()), MarginTransform.Identity)
        {
            Trees = builder.Build(),
            Function = function,
            Encoder = new FiniteMatrixEncoder(shape.Features, shape.FeatureNames, estimator.Name, takesMissing: false),
            Labels = shape.Labels(),
            Facts = SklearnFacts.Of(estimator, shape, takesMissing: false),
        };

    /// <summary>scikit-learn keeps room for members that boosting did not come to.</summary>
    private static double[] WeightsOf(Estimator estimator, int members)
    {
        var weights = estimator.Numbers("estimator_weights_");
        return weights.Length >= members ? weights[..members] : throw new ModelException($"{estimator.Place}.estimator_weights_: {weights.Length} weights for {members} trees");
    }

    /// <summary>A tree's weight for the class it predicts; since 1.3 the others share its negative.</summary>
    private static double[] Votes(Estimator member, SklearnTree tree, ModelShape shape, double weight)
    {
        var classes = shape.Width;
        var names = member.TryTexts("classes_") ?? throw member.At("classes_", "a list of classes");
        if (tree.ValuesPerNode != names.Length) throw new ModelException($"{member.Place}: {tree.ValuesPerNode} values a node for {names.Length} classes");
        var places = Array.ConvertAll(names, name => shape.Classes[0].IndexOf(name));
        if (Array.IndexOf(places, -1) >= 0) throw new ModelException($"{member.Place}.classes_: a class that the ensemble does not know");
        member.Scope.Take((long)tree.Count * classes, member.Place);
        var others = member.Version.IsSince(1, 3) ? -1.0 / (classes - 1) * weight : 0;
        var leaves = new double[tree.Count * classes];
        for (var node = 0; node < tree.Count; node++)
        {
            var votes = leaves.AsSpan(node * classes, classes);
            votes.Fill(others);
            votes[places[MarginTransforms.ArgMax<double>(tree.Values.AsSpan(node * names.Length, names.Length))]] = weight;
        }
        return leaves;
    }

    /// <summary>(K − 1) × (ln p − mean of all ln p).</summary>
    private static double[] RealVotes(Estimator member, SklearnTree tree, int classes)
    {
        var leaves = ForestImport.ProbabilitiesOf(member.Version, tree, [classes], member.Place);
        for (var at = 0; at < leaves.Length; at += classes)
        {
            var row = leaves.AsSpan(at, classes);
            foreach (ref var value in row) value = Math.Log(Math.Max(value, double.BitIncrement(1.0) - 1));
            var mean = 1.0 / classes * PairwiseSum.Of(row);
            foreach (ref var value in row) value = (classes - 1) * (value - mean);
        }
        return leaves;
    }
}

/// <summary>Softmax of the weighted votes over their number.</summary>
internal sealed class AdaBoostProbabilities(int classes, double[] weights, bool isReal) : PredictionFunction(classes)
{
    private readonly double _total = PairwiseSum.Of(weights);
    private readonly Softmax _softmax = new(classes, isPairwise: isReal, divisor: classes == 2 ? 2 : classes - 1);

    public override PredictionFunction ForRounds(int rounds) => new AdaBoostProbabilities(Outputs, weights[..rounds], isReal);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        for (var i = 0; i < margins.Length; i++) predictions[i] = margins[i] / _total;
        if (predictions is [var first, var second])
        {
            var decision = -first + second;
            (predictions[0], predictions[1]) = (-decision, decision);
        }
        _softmax.Apply(predictions, predictions);
    }
}

/// <summary>The prediction of the tree that has half of the trees' weight below it.</summary>
internal sealed class WeightedMedian(double[] weights) : PredictionFunction(1)
{
    public override PredictionFunction ForRounds(int rounds) => new WeightedMedian(weights[..rounds]);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var count = weights.Length;
        var values = System.Buffers.ArrayPool<double>.Shared.Rent(2 * count);
        var sorted = values.AsSpan(0, count);
        var sums = values.AsSpan(count, count);
        margins[..count].CopyTo(sorted);
        weights.CopyTo(sums);
        sorted.Sort(sums);
        for (var i = 1; i < count; i++) sums[i] += sums[i - 1];
        var median = 0;
        while (median < count - 1 && !(sums[median] >= 0.5 * sums[^1])) median++;
        predictions[0] = sorted[median];
        System.Buffers.ArrayPool<double>.Shared.Return(values);
    }
}
