using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>What H2O makes of the sums of trees, against the formulas written out here.</summary>
public class TreePredictionTests
{
    private const double Margin = 0.75;

    [Theory]
    [InlineData("gaussian", null, Margin)]
    [InlineData("gaussian", "identity", Margin)]
    [InlineData("huber", null, Margin)]
    [InlineData("quantile", null, Margin)]
    [InlineData("poisson", null, 2.117000016612675)]
    [InlineData("gamma", "log", 2.117000016612675)]
    [InlineData("tweedie", "log", 2.117000016612675)]
    [InlineData("gaussian", "inverse", 1.3333333333333333)]
    [InlineData("gaussian", "logit", 0.679178699175393)]
    [InlineData("gaussian", "ologlog", 0.8796077379201705)]
    public void Regressions_have_the_inverse_of_the_link(string distribution, string? link, double expected)
    {
        var builder = Model("Regression", distribution, Margin).Column("y");
        if (link is not null) builder.Set("link_function", link);
        Assert.Equal(expected, Predict(builder)["prediction"][0], 1e-14);
    }

    [Fact]
    public void Exponentials_end_where_H2Os_end() => Assert.Equal(1e19, Predict(Model("Regression", "poisson", 100).Column("y"))["prediction"][0]);

    [Theory]
    [InlineData("bernoulli")]
    [InlineData("quasibinomial")]
    [InlineData("modified_huber")]
    public void Two_classes_have_the_second_ones_probability_from_one_margin(string distribution)
    {
        var outputs = Predict(Model("Binomial", distribution, Margin).Column("y", "no", "yes").Set("n_classes", "2").Set("default_threshold", "0.7"));
        Assert.Equal([0.320821300824607, 0.679178699175393], outputs["probability"], (a, b) => Math.Abs(a - b) < 1e-14);
        // 0.679 is the larger, but below the threshold.
        Assert.Equal("no", outputs.Label);
    }

    [Fact]
    public void The_threshold_itself_belongs_to_the_second_class()
    {
        var builder = Model("Binomial", "bernoulli", 0).Column("y", "no", "yes").Set("n_classes", "2").Set("default_threshold", "0.5");
        Assert.Equal("yes", Predict(builder).Label);
    }

    [Fact]
    public void A_multinomial_model_of_two_classes_has_one_margin_and_its_opposite()
    {
        var outputs = Predict(Model("Binomial", "multinomial", Margin).Column("y", "no", "yes").Set("n_classes", "2"));
        Assert.Equal([0.817574476193644, 0.182425523806356], outputs["probability"], (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal("no", outputs.Label);
    }

    [Fact]
    public void Balanced_classes_are_brought_back_to_their_distribution()
    {
        var builder = Model("Binomial", "bernoulli", 0).Column("y", "no", "yes").Set("n_classes", "2").Set("balance_classes", "true")
            .Set("prior_class_distrib", 0.9, 0.1).Set("model_class_distrib", 0.5, 0.5);
        Assert.Equal([0.9, 0.1], Predict(builder)["probability"], (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Platt_scaling_adds_probabilities_and_changes_none()
    {
        var builder = Model("Binomial", "bernoulli", 0).Column("y", "no", "yes").Set("n_classes", "2").Set("calib_method", "platt").Set("calib_glm_beta", -2, 1.5);
        using var model = MojoFiles.Open(builder.Build());
        Assert.Equal(["no", "yes", "cal_no", "cal_yes"], model.Signature.Outputs[1].Columns);
        var outputs = Predict(builder);
        // 1 / (1 + e^-(0.5 × -2 + 1.5)) is 0.622…, which takes no part in the label.
        Assert.Equal([0.5, 0.5, 0.377540668798145, 0.622459331201855], outputs["probability"], (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal("yes", outputs.Label);
    }

    [Fact]
    public void Calibration_of_another_kind_leaves_the_plain_probabilities()
    {
        var builder = Model("Binomial", "bernoulli", 0).Column("y", "no", "yes").Set("n_classes", "2").Set("calib_method", "isotonic");
        Assert.Equal([0.5, 0.5], Predict(builder)["probability"]);
        Assert.Contains(KeyValuePair.Create("calibration", "isotonic, not computed"), MojoFiles.Read(builder.Build()).Facts);
    }

    [Theory]
    [InlineData("2", 3.25)]
    [InlineData("", 1.25)]
    public void An_offset_is_added_to_the_margin_and_nothing_where_it_is_missing(string offset, double expected)
    {
        var builder = Model("Regression", "gaussian", 1).Column("exposure").Column("y").Set("offset_column", "exposure").Set("init_f", "0.25");
        using var model = MojoFiles.Open(builder.Build());
        Assert.Equal(["x", "exposure"], model.Signature.Inputs[0].Columns);
        using var outputs = MojoFiles.Run(model, new CorpusTable(["x", "exposure"], [["0", offset]]));
        Assert.Equal(expected, outputs[0].Values<double>()[0]);
    }

    [Fact]
    public void Forests_average_their_trees()
    {
        var builder = new MojoBuilder("drf", "Regression").Features(1).Column("x").Column("y").Set("n_trees", "3").Set("n_trees_per_class", "1");
        for (var t = 0; t < 3; t++) builder.Entry($"trees/t00_00{t}.bin", new TestLeaf(t + 0.5f).Bytes(1.4));
        Assert.Equal(1.5, Predict(builder)["prediction"][0]);
    }

    [Fact]
    public void Forests_of_two_classes_have_trees_for_the_first_unless_they_are_double()
    {
        var single = new MojoBuilder("drf", "Binomial").Features(1, 2).Column("x").Column("y", "no", "yes").Set("n_trees", "2").Set("n_trees_per_class", "1").Set("binomial_double_trees", "false")
            .Entry("trees/t00_000.bin", new TestLeaf(1).Bytes(1.4)).Entry("trees/t00_001.bin", new TestLeaf(0.5f).Bytes(1.4));
        Assert.Equal([0.75, 0.25], Predict(single)["probability"]);
        var twice = new MojoBuilder("drf", "Binomial").Features(1, 2).Column("x").Column("y", "no", "yes").Set("n_trees", "1").Set("n_trees_per_class", "2").Set("binomial_double_trees", "true")
            .Entry("trees/t00_000.bin", new TestLeaf(1).Bytes(1.4)).Entry("trees/t01_000.bin", new TestLeaf(3).Bytes(1.4));
        Assert.Equal([0.25, 0.75], Predict(twice)["probability"]);
    }

    [Fact]
    public void Uplift_forests_tell_what_treatment_adds()
    {
        var builder = new MojoBuilder("upliftdrf", "BinomialUplift").Features(1, 2).Column("x").Column("treatment", "no", "yes").Column("y", "0", "1").Set("n_trees", "2").Set("n_trees_per_class", "2").Set("treatment_column", "treatment");
        foreach (var (name, value) in new[] { ("t00_000", 0.5f), ("t00_001", 1f), ("t01_000", 0.25f), ("t01_001", 0.25f) }) builder.Entry($"trees/{name}.bin", new TestLeaf(value).Bytes(1.4));
        Assert.Equal([0.5, 0.75, 0.25], Predict(builder)["prediction"]);
    }

    [Theory]
    [InlineData(null, new[] { 0.5, 27.5 })]
    [InlineData("0.4", new[] { 1, 0.5, 27.5 })]
    [InlineData("0.5", new[] { 0, 0.5, 27.5 })]
    public void Isolation_forests_tell_score_and_mean_path_length(string? threshold, double[] expected)
    {
        var builder = new MojoBuilder("isolationforest", "AnomalyDetection").Set("supervised", "false").Features(1).Column("x").Set("n_trees", "2").Set("n_trees_per_class", "1")
            .Set("max_path_length", "70").Set("min_path_length", "40").Entry("trees/t00_000.bin", new TestLeaf(30).Bytes(1.4)).Entry("trees/t00_001.bin", new TestLeaf(25).Bytes(1.4));
        if (threshold is not null) builder.Set("output_anomaly_flag", "true").Set("default_threshold", threshold);
        Assert.Equal(expected, Predict(builder)["prediction"]);
    }

    [Fact]
    public void The_first_rounds_predict_by_themselves()
    {
        var boosted = Model("Regression", "gaussian", 1).Column("y").Set("init_f", "0.5").Set("n_trees", "2").Entry("trees/t00_001.bin", new TestLeaf(2).Bytes(1.4)).Build();
        Assert.Equal(1.5, PredictRounds(boosted, 1));
        Assert.Equal(3.5, PredictRounds(boosted, 2));
        var forest = new MojoBuilder("drf", "Regression").Features(1).Column("x").Column("y").Set("n_trees", "3").Set("n_trees_per_class", "1");
        for (var t = 0; t < 3; t++) forest.Entry($"trees/t00_00{t}.bin", new TestLeaf(t + 0.5f).Bytes(1.4));
        Assert.Equal(1, PredictRounds(forest.Build(), 2));
        Assert.Equal("2 rounds are asked for, but the model has 1", Assert.Throws<ModelException>(() => PredictRounds(Model("Regression", "gaussian", 1).Column("o").Column("y").Set("offset_column", "o").Build(), 2)).Message);
        var isolation = new MojoBuilder("isolationforest", "AnomalyDetection").Features(1).Column("x").Set("n_trees", "2").Set("n_trees_per_class", "1")
            .Entry("trees/t00_000.bin", new TestLeaf(30).Bytes(1.4)).Entry("trees/t00_001.bin", new TestLeaf(25).Bytes(1.4)).Build();
        Assert.Contains("are those of all its 2 trees", Assert.Throws<ModelException>(() => PredictRounds(isolation, 1)).Message, StringComparison.Ordinal);

        static double PredictRounds(byte[] archive, int rounds)
        {
            using var model = TreesModel.Compile(MojoFiles.Read(archive), RuntimeOptions.Default with { Rounds = rounds });
            using var outputs = MojoFiles.Run(model, new CorpusTable(["x", "o"], [["0", ""]]));
            return outputs[0].Values<double>()[0];
        }
    }

    [Fact]
    public void Contributions_add_up_to_the_margin_with_the_initial_prediction()
    {
        var archive = SampleMojos.Make("gbm").Build();
        using var margins = Run(archive, OutputKind.Margin);
        using var contributions = Run(archive, OutputKind.Contributions);
        Assert.Equal(["n0", "few", "some", "n3", "many", "bias"], MojoFiles.Open(archive, OutputKind.Contributions).Signature.Outputs[0].Columns);
        for (var row = 0; row < margins[0].Rows; row++)
        {
            var sum = 0.0;
            foreach (var contribution in contributions[0].Values<double>().Slice(6 * row, 6)) sum += contribution;
            Assert.Equal(margins[0].Values<double>()[row], sum, 1e-12);
        }

        static Batch Run(byte[] archive, OutputKind kind)
        {
            using var model = MojoFiles.Open(archive, kind);
            using var inputs = SampleMojos.Rows(model.Signature);
            return model.Run(inputs);
        }
    }

    [Theory]
    [InlineData("ordinal", "Regression", "distribution 'ordinal' is not known")]
    [InlineData("bernoulli", "Regression", "distribution 'bernoulli' is not known")]
    public void Distributions_that_are_not_known_are_told(string distribution, string category, string reason) =>
        Assert.Equal([reason], MojoFiles.Read(Model(category, distribution, 0).Column("y").Build()).Unsupported);

    [Fact]
    public void Columns_that_are_encoded_outside_of_the_model_are_told() =>
        Assert.Equal(["_genmodel_encoding: columns encoded as OneHotExplicit outside of the model"], MojoFiles.Read(Model("Regression", "gaussian", 0).Column("y").Set("_genmodel_encoding", "OneHotExplicit").Build()).Unsupported);

    private static MojoBuilder Model(string category, string distribution, double margin) =>
        new MojoBuilder("gbm", category).Features(1).Column("x").Set("n_trees", "1").Set("n_trees_per_class", "1").Set("distribution", distribution).Set("init_f", "0")
            .Entry("trees/t00_000.bin", new TestLeaf((float)margin).Bytes(1.4));

    private static Answer Predict(MojoBuilder builder)
    {
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, new CorpusTable(["x"], [["0"]]));
        return new Answer(outputs.Count == 2 ? outputs[0].GetText(0) : null, outputs[^1].Name, outputs[^1].Values<double>().ToArray());
    }

    private sealed record Answer(string? Label, string Name, double[] Values)
    {
        public double[] this[string name] => name == Name ? Values : throw new ArgumentException($"the output is {Name}", nameof(name));
    }
}
