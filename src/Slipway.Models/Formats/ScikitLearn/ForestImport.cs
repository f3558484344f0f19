using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Single trees, random forests, extremely randomized trees, and bags of trees: averages of leaves.</summary>
internal static class ForestImport
{
    /// <exception cref="ModelException">The estimator is damaged, or has members that are no trees.</exception>
    public static TreeModelDefinition Tree(Estimator estimator)
    {
        var shape = ModelShape.Of(estimator);
        var (builder, tree) = (Builder(shape, estimator), SklearnTree.Of(estimator));
        tree.AddTo(builder, LeavesOf(estimator, tree, shape), shape.Width);
        return Define(estimator, shape, builder, MissingValues.AreTakenByTree(estimator), null);
    }

    /// <exception cref="ModelException">The estimator is damaged, or has members that are no trees.</exception>
    public static TreeModelDefinition Forest(Estimator estimator)
    {
        var shape = ModelShape.Of(estimator);
        var members = Members(estimator);
        var builder = Builder(shape, members);
        foreach (var member in members)
        {
            var tree = SklearnTree.Of(member);
            tree.AddTo(builder, LeavesOf(estimator, tree, shape), shape.Width);
        }
        return Define(estimator, shape, builder, MissingValues.AreTakenByForest(estimator, members[0]), new Average(shape.Width, members.Length));
    }

    /// <summary>Every member sees some of the features, and a classifier's perhaps some of the classes.</summary>
    /// <exception cref="ModelException">The estimator is damaged, or has members that are no trees.</exception>
    public static TreeModelDefinition Bag(Estimator estimator)
    {
        var shape = ModelShape.Of(estimator);
        var members = Members(estimator);
        if (!shape.IsClassifier) shape = shape with { Outputs = members[0].TryInteger("n_outputs_") ?? 1 };
        var builder = Builder(shape, members);
        var features = FeaturesOf(estimator, members.Length);
        for (var i = 0; i < members.Length; i++)
        {
            var tree = SklearnTree.Of(members[i]);
            var leaves = shape.IsClassifier ? Spread(members[i], tree, shape.Width) : LeavesOf(members[i], tree, shape);
            tree.AddTo(builder, leaves, shape.Width, features: features?[i]);
        }
        return Define(estimator, shape, builder, MissingValues.AreTakenByTree(members[0]), new Average(shape.Width, members.Length));
    }

    /// <exception cref="ModelException">There are none.</exception>
    public static Estimator[] Members(Estimator estimator) =>
        estimator.Members("estimators_") is { Length: > 0 } members ? members : throw new ModelException($"{estimator.Place}.estimators_: there are no trees");

    /// <summary>Which features every member sees; null when the estimator does not say.</summary>
    /// <exception cref="ModelException">They are not as many lists as members.</exception>
    public static double[][]? FeaturesOf(Estimator estimator, int members)
    {
        if (!estimator.Has("estimators_features_")) return null;
        var lists = estimator.Items("estimators_features_");
        if (lists.Count != members) throw new ModelException($"{estimator.Place}.estimators_features_: features of {lists.Count} members, there are {members}");
        var features = new double[members][];
        for (var i = 0; i < members; i++)
        {
            features[i] = Estimator.NumbersOf(lists[i]) ?? throw estimator.At("estimators_features_", "lists of numbers");
            estimator.Scope.Take(features[i].Length, estimator.Place);
        }
        return features;
    }

    /// <summary>Probabilities of every node: weights of classes divided by their sum, as <c>predict_proba</c> does; since 1.3 they are kept divided.</summary>
    /// <exception cref="ModelException">The tree has other classes.</exception>
    public static double[] ProbabilitiesOf(LibraryVersion version, SklearnTree tree, ReadOnlySpan<int> classes, string place)
    {
        var stride = tree.ValuesPerNode / classes.Length;
        var width = 0;
        foreach (var count in classes)
        {
            if (count > stride) throw new ModelException($"{place}.tree_: {tree.ValuesPerNode} values a node, but an output has {count} classes");
            width += count;
        }
        if (tree.ValuesPerNode % classes.Length != 0) throw new ModelException($"{place}.tree_: {tree.ValuesPerNode} values a node for {classes.Length} outputs");
        var leaves = new double[(long)tree.Count * width];
        var at = 0;
        for (var node = 0; node < tree.Count; node++)
        {
            for (var output = 0; output < classes.Length; output++)
            {
                var weights = tree.Values.AsSpan((node * tree.ValuesPerNode) + (output * stride), classes[output]);
                var sum = version.IsSince(1, 3) ? 1 : PairwiseSum.Of(weights);
                if (sum == 0) sum = 1;
                foreach (var weight in weights) leaves[at++] = weight / sum;
            }
        }
        return leaves;
    }

    private static double[] LeavesOf(Estimator estimator, SklearnTree tree, ModelShape shape)
    {
        if (shape.IsClassifier) return ProbabilitiesOf(estimator.Version, tree, [.. shape.Classes.Select(c => c.Length)], estimator.Place);
        return tree.ValuesPerNode == shape.Outputs ? tree.Values : throw new ModelException($"{estimator.Place}: {tree.ValuesPerNode} values a node for {shape.Outputs} outputs");
    }

    private static double[] Spread(Estimator member, SklearnTree tree, int width)
    {
        var classes = Array.ConvertAll(member.TryTexts("classes_") ?? [], text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
        if (classes.Length == 0) throw member.At("classes_", "a list of classes");
        var leaves = ProbabilitiesOf(member.Version, tree, [classes.Length], member.Place);
        if (classes.Length == width) return leaves;
        // A member of a large bag may know few of many classes: the leaves are wider than in the file.
        member.Scope.Take((long)tree.Count * width / 16, member.Place);
        var spread = new double[tree.Count * width];
        for (var i = 0; i < leaves.Length; i++)
        {
            var column = classes[i % classes.Length];
            if ((uint)column >= (uint)width) throw new ModelException($"{member.Place}.classes_: class {column} of {width}");
            spread[(i / classes.Length * width) + column] = leaves[i];
        }
        return spread;
    }

    private static TreeEnsembleBuilder Builder(ModelShape shape, params ReadOnlySpan<Estimator> members) =>
        new TreeEnsembleBuilder(shape.Features, shape.Width).ForScores(!members[0].Scope.HasStatistics).Expect(SklearnTree.ExpectedNodes(members));

    private static TreeModelDefinition Define(Estimator estimator, ModelShape shape, TreeEnsembleBuilder builder, bool takesMissing, PredictionFunction? function) =>
        new(new Signature([shape.Input(ElementType.Float32, takesMissing)], shape.Results()), MarginTransform.Identity)
        {
            Trees = builder.Build(),
            Encoder = new FiniteMatrixEncoder(shape.Features, shape.FeatureNames, estimator.Name, takesMissing),
            Function = function,
            Labels = shape.Labels(),
            Facts = SklearnFacts.Of(estimator, shape, takesMissing),
        };
}

/// <summary>Sums divided by the number of trees.</summary>
internal sealed class Average(int outputs, int trees) : PredictionFunction(outputs)
{
    public override PredictionFunction ForRounds(int rounds) => new Average(Outputs, rounds);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        for (var i = 0; i < margins.Length; i++) predictions[i] = margins[i] / trees;
    }
}
