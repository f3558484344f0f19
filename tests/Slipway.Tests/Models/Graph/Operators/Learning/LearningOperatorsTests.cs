using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Learning;

public sealed class LearningOperatorsTests
{
    private const string Ml = "ai.onnx.ml";

    private static readonly TensorValue Rows = BothEngines.Random(1, 7, 4);

    public static TheoryData<string> Transforms => ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"];

    [Theory, MemberData(nameof(Transforms))]
    public void LinearClassifier_of_three_classes_scores_as_the_native_runtime_does_when_transformed(string transform) =>
        BothEngines.Agree(Ml, "LinearClassifier", 1, [("coefficients", BothEngines.Floats(2, 12)), ("intercepts", BothEngines.Floats(3, 3)), ("classlabels_ints", ImmutableArray.Create(5L, 7, 2)), ("post_transform", transform)], [Rows], 2);

    [Theory]
    [InlineData("NONE")]
    [InlineData("LOGISTIC")]
    [InlineData("SOFTMAX")]
    public void LinearClassifier_of_one_score_gives_two_when_there_are_two_labels(string transform) =>
        BothEngines.Agree(Ml, "LinearClassifier", 1, [("coefficients", BothEngines.Floats(2, 4)), ("intercepts", BothEngines.Floats(3, 1)), ("classlabels_strings", ImmutableArray.Create("no", "yes")), ("post_transform", transform)], [Rows], 2);

    [Theory, MemberData(nameof(Transforms))]
    public void LinearRegressor_agrees_with_the_native_runtime_when_it_has_three_targets(string transform) =>
        BothEngines.Agree(Ml, "LinearRegressor", 1, [("coefficients", BothEngines.Floats(2, 12)), ("intercepts", BothEngines.Floats(3, 3)), ("targets", 3L), ("post_transform", transform)], [Rows]);

    [Theory]
    [InlineData("NONE")]
    [InlineData("LOGISTIC")]
    [InlineData("PROBIT")]
    public void LinearRegressor_agrees_with_the_native_runtime_when_it_has_one_target(string transform) =>
        BothEngines.Agree(Ml, "LinearRegressor", 1, [("coefficients", BothEngines.Floats(2, 4)), ("post_transform", transform)], [Rows]);

    [Theory]
    [InlineData("LINEAR", 2, false, "NONE")]
    [InlineData("POLY", 2, false, "LOGISTIC")]
    [InlineData("RBF", 3, false, "NONE")]
    [InlineData("SIGMOID", 3, false, "SOFTMAX")]
    [InlineData("RBF", 2, true, "NONE")]
    [InlineData("RBF", 3, true, "NONE")]
    [InlineData("LINEAR", 4, true, "LOGISTIC")]
    public void SvmClassifier_agrees_with_the_native_runtime_when_it_has_support_vectors(string kernel, int classes, bool hasProbabilities, string transform)
    {
        var (vectors, machines) = (2 * classes, classes * (classes - 1) / 2);
        List<(string, object)> attributes =
        [
            ("kernel_type", kernel), ("kernel_params", ImmutableArray.Create(0.4f, 0.3f, 3)), ("vectors_per_class", ImmutableArray.CreateRange(Enumerable.Repeat(2L, classes))),
            ("support_vectors", BothEngines.Floats(5, vectors * 4)), ("coefficients", BothEngines.Floats(6, (classes - 1) * vectors)), ("rho", BothEngines.Floats(7, machines)),
            ("classlabels_ints", ImmutableArray.CreateRange(Enumerable.Range(10, classes).Select(i => (long)i))), ("post_transform", transform),
        ];
        if (hasProbabilities) attributes.AddRange([("prob_a", BothEngines.Floats(8, machines)), ("prob_b", BothEngines.Floats(9, machines))]);
        BothEngines.Agree(Ml, "SVMClassifier", 1, [.. attributes], [Rows], 2, 1e-4);
    }

    [Theory]
    [InlineData(2, "NONE")]
    [InlineData(3, "SOFTMAX")]
    public void SvmClassifier_is_linear_when_it_has_no_support_vectors(int classes, string transform) =>
        BothEngines.Agree(Ml, "SVMClassifier", 1, [("kernel_params", ImmutableArray.Create(0f, 0, 0)), ("coefficients", BothEngines.Floats(6, classes * 4)), ("rho", ImmutableArray.Create(0.1f)), ("classlabels_strings", ImmutableArray.CreateRange("abc"[..classes].Select(c => $"{c}"))), ("post_transform", transform)], [Rows], 2);

    [Theory]
    [InlineData("LINEAR", 0L)]
    [InlineData("POLY", 0L)]
    [InlineData("RBF", 0L)]
    [InlineData("SIGMOID", 1L)]
    public void SvmRegressor_agrees_with_the_native_runtime_when_it_has_support_vectors(string kernel, long oneClass) =>
        BothEngines.Agree(Ml, "SVMRegressor", 1, [("kernel_type", kernel), ("kernel_params", ImmutableArray.Create(0.4f, 0.3f, 2)), ("n_supports", 3L), ("support_vectors", BothEngines.Floats(5, 12)), ("coefficients", BothEngines.Floats(6, 3)), ("rho", ImmutableArray.Create(0.2f)), ("one_class", oneClass)], [Rows]);

    [Theory]
    [InlineData("MAX")]
    [InlineData("L1")]
    [InlineData("L2")]
    public void Normalizer_agrees_with_the_native_runtime_when_rows_are_matrices(string norm) => BothEngines.Agree(Ml, "Normalizer", 1, [("norm", norm)], [Rows]);

    [Fact]
    public void Feature_maps_agree_with_the_native_runtime_when_each_feature_has_its_own_value()
    {
        BothEngines.Agree(Ml, "Scaler", 1, [("offset", BothEngines.Floats(1, 4)), ("scale", BothEngines.Floats(2, 4))], [Rows]);
        BothEngines.Agree(Ml, "Scaler", 1, [("offset", ImmutableArray.Create(1f)), ("scale", ImmutableArray.Create(3f))], [TensorValue.Of([1L, 2, 3], 3, 1)]);
        BothEngines.Agree(Ml, "Binarizer", 1, [("threshold", 0.25f)], [Rows]);
        BothEngines.Agree(Ml, "Imputer", 1, [("imputed_value_floats", BothEngines.Floats(1, 2)), ("replaced_value_float", float.NaN)], [TensorValue.Of([1f, float.NaN, float.NaN, 4], 2, 2)]);
        BothEngines.Agree(Ml, "Imputer", 1, [("imputed_value_int64s", ImmutableArray.Create(9L)), ("replaced_value_int64", 2L)], [TensorValue.Of([1L, 2, 3, 2], 2, 2)]);
        BothEngines.Agree(Ml, "FeatureVectorizer", 1, [("inputdimensions", ImmutableArray.Create(4L, 1))], [Rows, BothEngines.Random(3, 7, 1)]);
        BothEngines.Agree(Ml, "ArrayFeatureExtractor", 1, [], [Rows, TensorValue.Of([3L, 0, 3], 1, 3)]);
        BothEngines.Agree(Ml, "ArrayFeatureExtractor", 1, [], [BothEngines.Texts("a", "b", "c"), TensorValue.Of([2L, 0], 2)]);
        BothEngines.Agree(Ml, "OneHotEncoder", 1, [("cats_int64s", ImmutableArray.Create(3L, 1, 2))], [TensorValue.Of([1.9f, 2, 7, 3], 4, 1)]);
        BothEngines.Agree(Ml, "OneHotEncoder", 1, [("cats_strings", ImmutableArray.Create("a", "b"))], [BothEngines.Texts("b", "x", "a")]);
    }

    [Fact]
    public void Lookups_agree_with_the_native_runtime_when_keys_are_missing_or_given_twice()
    {
        BothEngines.Agree(Ml, "CategoryMapper", 1, [("cats_strings", ImmutableArray.Create("a", "b")), ("cats_int64s", ImmutableArray.Create(4L, 6)), ("default_int64", 9L)], [BothEngines.Texts("b", "x", "a")]);
        BothEngines.Agree(Ml, "CategoryMapper", 1, [("cats_strings", ImmutableArray.Create("a", "b")), ("cats_int64s", ImmutableArray.Create(4L, 6))], [TensorValue.Vector(6, 5, 4)]);
        BothEngines.Agree(Ml, "LabelEncoder", 1, [("classes_strings", ImmutableArray.Create("a", "b"))], [BothEngines.Texts("b", "x", "a")]);
        BothEngines.Agree(Ml, "LabelEncoder", 2, [("keys_int64s", ImmutableArray.Create(1L, 2, 1)), ("values_strings", ImmutableArray.Create("a", "b", "c"))], [TensorValue.Vector(1, 2, 3)]);
        BothEngines.Agree(Ml, "LabelEncoder", 2, [("keys_floats", ImmutableArray.Create(1.5f, 2)), ("values_floats", ImmutableArray.Create(7f, 8)), ("default_float", 3f)], [TensorValue.Of([2f, 9, 1.5f])]);
        BothEngines.Agree(Ml, "LabelEncoder", 4, [("keys_tensor", Doubles(double.NaN, 2)), ("values_tensor", Doubles(1, 5))], [Doubles(2, double.NaN, 0)]);
    }

    [Fact]
    public void ZipMap_orders_its_labels_as_the_native_runtime_does_when_they_are_not_in_order()
    {
        BothEngines.Agree(Ml, "ZipMap", 1, [("classlabels_int64s", ImmutableArray.Create(9L, -3, 4, 0))], [Rows]);
        BothEngines.Agree(Ml, "ZipMap", 1, [("classlabels_strings", ImmutableArray.Create("b", "a", "B", "é"))], [Rows]);
    }

    [Fact]
    public void Imputed_values_that_do_not_fit_the_features_are_refused_by_name()
    {
        var error = Assert.Throws<RecordException>(() => Ours("Imputer", [("imputed_value_floats", BothEngines.Floats(1, 3)), ("replaced_value_float", 0f)], Rows));
        Assert.Contains("3 imputed values", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LinearRegressor")]
    [InlineData("SVMRegressor")]
    [InlineData("TreeEnsembleRegressor")]
    [InlineData("Scaler")]
    [InlineData("OneHotEncoder")]
    [InlineData("ZipMap")]
    [InlineData("LabelEncoder")]
    [InlineData("FeatureVectorizer")]
    public void An_operator_without_its_attributes_is_refused_when_the_graph_is_bound(string name)
    {
        var error = Assert.Throws<ModelException>(() => Ours(name, [], Rows));
        Assert.Contains("node", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_too_few_features_are_refused_when_they_are_scored()
    {
        Assert.Throws<RecordException>(() => Ours("LinearRegressor", [("coefficients", BothEngines.Floats(2, 5))], Rows));
        Assert.Throws<RecordException>(() => Ours("TreeEnsembleRegressor", Tree(feature: 4), Rows));
    }

    [Fact]
    public void Indices_outside_of_the_columns_are_refused_when_they_are_extracted() =>
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Ml, "ArrayFeatureExtractor", 1, [], [Rows, TensorValue.Vector(4)], 1), [Rows, TensorValue.Vector(4)]));

    [Theory]
    [InlineData("nodes_featureids")]
    [InlineData("nodes_truenodeids")]
    [InlineData("target_ids")]
    public void A_tree_whose_lists_do_not_match_is_refused_when_the_graph_is_bound(string shortened)
    {
        var attributes = Tree(feature: 0).Select(a => a.Item1 == shortened ? (a.Item1, (object)ImmutableArray.Create(1L)) : a).ToArray();
        Assert.Throws<ModelException>(() => Ours("TreeEnsembleRegressor", attributes, Rows));
    }

    [Theory]
    [InlineData("SUM")]
    [InlineData("AVERAGE")]
    [InlineData("MAX")]
    public void TreeEnsembleRegressor_agrees_with_the_native_runtime_when_it_aggregates(string function) =>
        BothEngines.Agree(Ml, "TreeEnsembleRegressor", 3, [.. Tree(feature: 2), ("aggregate_function", function)], [Rows]);

    [Fact]
    public void TreeEnsembleClassifier_gives_texts_when_its_labels_are_texts()
    {
        var attributes = Tree(feature: 1).Select(a => (a.Item1.Replace("target", "class", StringComparison.Ordinal), a.Item2)).Where(a => a.Item1 != "n_classs");
        BothEngines.Agree(Ml, "TreeEnsembleClassifier", 3, [.. attributes, ("classlabels_strings", ImmutableArray.Create("no", "yes")), ("post_transform", "LOGISTIC")], [Rows], 2);
    }

    [Fact]
    public void TreeEnsemble_answers_in_float16_when_its_features_are()
    {
        TensorValue Halves(params float[] values) => TensorValue.Of<Half>(DataType.Float16, [.. values.Select(v => (Half)v)], values.Length);
        var features = new TensorValue(DataType.Float16, 2, 1);
        (features.Values<Half>()[0], features.Values<Half>()[1]) = ((Half)0.5f, (Half)0.75f);
        (string, object)[] attributes =
        [
            ("n_targets", 1L), ("aggregate_function", 1L), ("tree_roots", ImmutableArray.Create(0L)), ("nodes_featureids", ImmutableArray.Create(0L)), ("nodes_splits", Halves(0.5f)),
            ("nodes_modes", TensorValue.Of<byte>(DataType.UInt8, [0], 1)), ("nodes_truenodeids", ImmutableArray.Create(0L)), ("nodes_trueleafs", ImmutableArray.Create(1L)),
            ("nodes_falsenodeids", ImmutableArray.Create(1L)), ("nodes_falseleafs", ImmutableArray.Create(1L)), ("leaf_targetids", ImmutableArray.Create(0L, 0)), ("leaf_weights", Halves(-3.25f, 6)),
        ];

        var answer = Assert.IsType<TensorValue>(BothEngines.Ours(BothEngines.Model(Ml, "TreeEnsemble", 5, attributes, [features], 1), [features])[0]);

        Assert.Equal([(Half)(-3.25f), (Half)6], answer.Values<Half>().ToArray());
    }

    /// <summary>One split at 0.1 and two leaves.</summary>
    private static (string, object)[] Tree(long feature) =>
    [
        ("n_targets", 1L), ("nodes_treeids", ImmutableArray.Create(0L, 0, 0)), ("nodes_nodeids", ImmutableArray.Create(0L, 1, 2)), ("nodes_featureids", ImmutableArray.Create(feature, 0, 0)),
        ("nodes_modes", ImmutableArray.Create("BRANCH_LEQ", "LEAF", "LEAF")), ("nodes_values", ImmutableArray.Create(0.1f, 0, 0)), ("nodes_truenodeids", ImmutableArray.Create(1L, 0, 0)),
        ("nodes_falsenodeids", ImmutableArray.Create(2L, 0, 0)), ("target_treeids", ImmutableArray.Create(0L, 0)), ("target_nodeids", ImmutableArray.Create(1L, 2)),
        ("target_ids", ImmutableArray.Create(0L, 0)), ("target_weights", ImmutableArray.Create(-0.75f, 1.5f)),
    ];

    private static TensorValue Doubles(params double[] values) => TensorValue.Of<double>(DataType.Float64, values);

    private static Value[] Ours(string name, (string, object)[] attributes, TensorValue input) => BothEngines.Ours(BothEngines.Model(Ml, name, 3, attributes, [input], 1), [input]);
}
