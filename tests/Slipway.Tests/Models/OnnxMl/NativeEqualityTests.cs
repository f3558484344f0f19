using Slipway.Models.OnnxRuntime;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>Random ensembles give the bits that ONNX Runtime gives.</summary>
public class NativeEqualityTests
{
    private static readonly string[] AllModes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    public static TheoryData<string> Regressors => [.. RegressorShapes.Keys];

    public static TheoryData<string> Classifiers => [.. ClassifierShapes.Keys];

    private static Dictionary<string, EnsembleShape> RegressorShapes { get; } = Named(
        from targets in new[] { 1, 3 }
        from aggregate in new[] { "SUM", "AVERAGE", "MIN", "MAX" }
        from transform in new[] { "NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT" }
        from wide in new[] { false, true }
        from bases in new[] { 0, targets }
        select new EnsembleShape { Targets = targets, Aggregate = aggregate, Transform = transform, Double = wide, BaseValues = bases, Weights = targets == 1 ? "one" : "all", Positive = transform == "PROBIT", MissingTracksTrue = bases > 0 });

    private static Dictionary<string, EnsembleShape> ClassifierShapes { get; } = Named(
        from targets in new[] { 2, 3 }
        from weights in targets == 2 ? new[] { "all", "first", "second", "one", "some" } : ["all", "one", "some"]
        from transform in new[] { "NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO" }
        from wide in new[] { false, true }
        from bases in targets == 2 ? new[] { 0, 1, 2 } : [0, 3]
        from positive in new[] { false, true }
        select new EnsembleShape { Targets = targets, Weights = weights, Transform = transform, Double = wide, BaseValues = bases, Positive = positive });

    [Theory]
    [MemberData(nameof(Regressors))]
    public void A_regressor_answers_as_the_native_runtime_does(string name) => CompareRegressor(RegressorShapes[name]);

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void A_classifier_answers_as_the_native_runtime_does(string name)
    {
        RequireNative();
        var shape = ClassifierShapes[name];
        for (var seed = 0; seed < 2; seed++)
        {
            var ensemble = new RandomEnsemble(seed, shape);
            Native.Compare(ensemble.ClassifierModel(texts: seed == 1), Native.Matrix(ensemble.InputType, ensemble.Rows(40), shape.Features));
        }
    }

    [Theory]
    [InlineData("BRANCH_LEQ")]
    [InlineData("BRANCH_LT")]
    [InlineData("BRANCH_GTE")]
    [InlineData("BRANCH_GT")]
    [InlineData("BRANCH_EQ")]
    [InlineData("BRANCH_NEQ")]
    [InlineData("mixed")]
    [InlineData("mixed equalities")]
    public void Every_mode_of_nodes_goes_where_the_native_runtime_goes(string mode)
    {
        foreach (var whole in new[] { false, true })
        {
            foreach (var missing in new[] { false, true })
            {
                foreach (var wide in new[] { false, true })
                {
                    CompareRegressor(new EnsembleShape
                    {
                        Modes = mode switch { "mixed" => AllModes, "mixed equalities" => ["BRANCH_EQ", "BRANCH_EQ", "BRANCH_LEQ"], _ => [mode] },
                        Whole = whole,
                        MissingTracksTrue = missing,
                        Double = wide,
                    });
                }
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(6)]
    public void Whole_numbers_are_compared_as_the_native_runtime_does(int inputType)
    {
        RequireNative();
        foreach (var modes in new[] { AllModes, ["BRANCH_LEQ"] })
        {
            var shape = new EnsembleShape { Targets = 3, Modes = modes, Whole = true, InputType = inputType };
            var ensemble = new RandomEnsemble(5, shape);
            Native.Compare(ensemble.ClassifierModel(texts: false), Native.Matrix(inputType, ensemble.Rows(60), shape.Features));
        }
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(400, 300)]
    [InlineData(3, 5000)]
    [InlineData(1, 1)]
    public void Sizes_of_batches_and_forests_do_not_matter(int trees, int rows)
    {
        RequireNative();
        foreach (var targets in new[] { 1, 3 })
        {
            var shape = new EnsembleShape { Trees = trees, Targets = targets, BaseValues = targets };
            var ensemble = new RandomEnsemble(rows, shape);
            Native.Compare(ensemble.RegressorModel(), Native.Matrix(1, ensemble.Rows(rows), shape.Features));
        }
    }

    [Fact]
    public void Several_weights_of_a_leaf_for_one_target_are_added_as_the_native_runtime_does()
    {
        foreach (var targets in new[] { 1, 3 }) CompareRegressor(new EnsembleShape { Targets = targets, Weights = "repeated" });
    }

    [Fact]
    public void Leaves_without_weights_are_what_they_are_in_the_native_runtime()
    {
        foreach (var targets in new[] { 1, 2, 3 }) CompareRegressor(new EnsembleShape { Targets = targets, Weights = "some" });
    }

    private static void CompareRegressor(EnsembleShape shape)
    {
        RequireNative();
        for (var seed = 0; seed < 3; seed++)
        {
            var ensemble = new RandomEnsemble(seed, shape);
            Native.Compare(ensemble.RegressorModel(), Native.Matrix(ensemble.InputType, ensemble.Rows(40), shape.Features));
        }
    }

    private static void RequireNative()
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip(Native.Absent);
    }

    private static Dictionary<string, EnsembleShape> Named(IEnumerable<EnsembleShape> shapes) =>
        shapes.ToDictionary(s => $"{s.Targets} {s.Aggregate} {s.Transform} {s.Weights} base {s.BaseValues}{(s.Double ? " double" : "")}{(s.Positive ? " positive" : "")}");
}
