using Slipway.Models.OnnxRuntime;
using static Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>TreeEnsemble of opset 5, where leaves are lists of their own and sets are one node.</summary>
public class TreeEnsembleV5Tests
{
    public static TheoryData<int, int> AggregatesAndTransforms => [.. from aggregate in Enumerable.Range(0, 4) from transform in Enumerable.Range(0, 5) select (aggregate, transform)];

    [Theory]
    [MemberData(nameof(AggregatesAndTransforms))]
    public void Every_aggregate_and_transform_is_that_of_the_native_runtime(int aggregate, int transform)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip(Native.Absent);
        foreach (var wide in new[] { false, true })
        {
            for (var seed = 0; seed < 3; seed++)
            {
                Compare(seed, targets: 3, aggregate, transform, wide, modes: [0, 1, 2, 3, 4, 5], whole: false);
                Compare(seed, targets: 1, aggregate, transform, wide, modes: [0], whole: false);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sets_have_the_members_that_they_have_in_the_native_runtime(bool wide)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip(Native.Absent);
        for (var seed = 0; seed < 10; seed++)
        {
            Compare(seed, targets: 2, aggregate: 1, transform: 0, wide, modes: [6], whole: true);
            Compare(seed, targets: 2, aggregate: 1, transform: 0, wide, modes: [0, 4, 6], whole: true);
        }
    }

    private static void Compare(int seed, int targets, int aggregate, int transform, bool wide, int[] modes, bool whole)
    {
        const int Features = 4;
        var random = new Random(seed);
        var type = wide ? 11 : 1;
        List<double> splits = [], weights = [], members = [], kinds = [];
        List<long> features = [], trues = [], falses = [], trueLeaves = [], falseLeaves = [], missing = [], targetOf = [], roots = [];
        for (var tree = 0; tree < 6; tree++)
        {
            roots.Add(splits.Count);
            Grow(0);
        }
        var node = Node("TreeEnsemble", ["X"], ["Y"],
            Integer("aggregate_function", aggregate), Integer("post_transform", transform), Integer("n_targets", targets), Integers("tree_roots", roots),
            TensorAttribute("nodes_splits", Tensor("splits", type, splits)), TensorAttribute("nodes_modes", Tensor("modes", 2, kinds)), Integers("nodes_featureids", features),
            Integers("nodes_truenodeids", trues), Integers("nodes_trueleafs", trueLeaves), Integers("nodes_falsenodeids", falses), Integers("nodes_falseleafs", falseLeaves),
            Integers("nodes_missing_value_tracks_true", missing), TensorAttribute("leaf_weights", Tensor("weights", type, weights)), Integers("leaf_targetids", targetOf),
            TensorAttribute("membership_values", Tensor("members", type, members)));
        var model = Model(Graph([node], [Value("X", type, -1, Features)], [Value("Y", type, -1, targets)]), 5);
        var rows = new double[40 * Features];
        foreach (ref var x in rows.AsSpan())
        {
            x = random.Next(8) == 0 ? double.NaN : whole ? random.Next(-2, 42) + (random.Next(10) == 0 ? 0.5 : 0) : random.Next(2) == 0 ? splits[random.Next(splits.Count)] : Threshold();
        }
        using var inputs = Native.Matrix(type, rows, Features);
        Native.Compare(model, inputs);

        int Grow(int depth)
        {
            var at = splits.Count;
            var mode = modes[random.Next(modes.Length)];
            kinds.Add(mode);
            splits.Add(mode == 6 ? 0 : Threshold());
            features.Add(random.Next(Features));
            missing.Add(random.Next(2));
            trues.Add(0);
            trueLeaves.Add(0);
            falses.Add(0);
            falseLeaves.Add(0);
            if (mode == 6)
            {
                for (var i = random.Next(1, 6); i > 0; i--) members.Add(random.Next(random.Next(2) == 0 ? 20 : 40));
                members.Add(double.NaN);
            }
            (trues[at], trueLeaves[at]) = Child(depth);
            (falses[at], falseLeaves[at]) = Child(depth);
            return at;
        }

        (long Node, long IsLeaf) Child(int depth)
        {
            if (depth < 3 && random.Next(4) > 0) return (Grow(depth + 1), 0);
            weights.Add(wide ? random.NextDouble() : (float)random.NextDouble());
            targetOf.Add(random.Next(targets));
            return (weights.Count - 1, 1);
        }

        double Threshold() => whole ? random.Next(12) : wide ? random.NextDouble() : (float)random.NextDouble();
    }
}
