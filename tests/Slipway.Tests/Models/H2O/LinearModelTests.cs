using Slipway.Core;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>GLM, SVM and Cox models of two levels' columns and two numbers, against sums written out here.</summary>
public class LinearModelTests
{
    /// <summary>b, c of the column with three levels; q of the second; two numbers; the intercept.</summary>
    private static readonly double[] Beta = [0.5, -0.25, 0.125, 2, -1, 0.0625];

    [Theory]
    [InlineData("a", "p", "0", "0", 0.0625)]
    [InlineData("b", "p", "0", "0", 0.5625)]
    [InlineData("c", "q", "1", "2", -0.0625)]
    [InlineData("c", "q", "-1", "0.5", -2.5625)]
    public void Levels_and_numbers_are_added(string first, string second, string x, string z, double expected) =>
        Assert.Equal(expected, Predict(Glm("Regression", "gaussian", "identity", Beta).Column("y"), first, second, x, z)[0]);

    [Fact]
    public void All_levels_have_coefficients_when_the_model_says_so()
    {
        var builder = Columns(new MojoBuilder("glm", "Regression", "1.00")).Set("cats", "2").Set("nums", "2").Set("cat_offsets", 0, 3, 5).Set("use_all_factor_levels", "true")
            .Set("family", "gaussian").Set("link", "identity").Set("beta", 1, 2, 4, 8, 16, 32, 64, 128).Column("y");
        Assert.Equal(128 + 1 + 8, Predict(builder, "a", "p", "0", "0")[0]);
        Assert.Equal(128 + 4 + 16 + 32 - 64, Predict(builder, "c", "q", "1", "-1")[0]);
    }

    [Fact]
    public void Missing_and_unknown_values_are_imputed_or_make_the_prediction_missing()
    {
        var builder = Glm("Regression", "gaussian", "identity", Beta).Column("y");
        Assert.Equal(double.NaN, Predict(builder, "", "p", "0", "0")[0]);
        Assert.Equal(double.NaN, Predict(builder, "a", "p", "", "0")[0]);
        builder.Set("mean_imputation", "true").Set("cat_modes", 1, 0).Set("num_means", 0.5, 0.25);
        Assert.Equal(0.0625 + 0.5, Predict(builder, "", "p", "0", "0")[0]);
        Assert.Equal(0.0625 + 0.5, Predict(builder, "never seen", "", "0", "0")[0]);
        Assert.Equal(0.0625 + 1 - 0.25, Predict(builder, "a", "p", "", "NA")[0]);
    }

    [Theory]
    [InlineData("Binomial", "binomial", "logit", 2)]
    [InlineData("Multinomial", "multinomial", "multinomial", 3)]
    public void A_row_without_a_prediction_has_no_label(string category, string family, string link, int classes)
    {
        var builder = Glm(category, family, link, [.. Enumerable.Range(0, classes == 2 ? 6 : 18).Select(i => (double)i)]).Column("y", [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]).Set("n_classes", $"{classes}");
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, new CorpusTable(["few", "two", "x", "z"], [["", "p", "0", "0"], ["a", "p", "0", "0"]]));
        Assert.Null(outputs["label"].GetText(0));
        Assert.Equal(double.NaN, outputs["probability"].Values<double>()[0]);
        Assert.NotNull(outputs["label"].GetText(1));
    }

    [Theory]
    [InlineData("logit", null, 0.679178699175393)]
    [InlineData("log", null, 2.117000016612675)]
    [InlineData("inverse", null, 1.3333333333333333)]
    [InlineData("tweedie", "0", 2.117000016612675)]
    [InlineData("tweedie", "0.5", 0.5625)]
    [InlineData("identity", null, 0.75)]
    public void Links_are_inverted(string link, string? power, double expected)
    {
        var builder = Glm("Regression", "tweedie", link, [0, 0, 0, 1, 0, 0]).Column("y");
        if (power is not null) builder.Set("tweedie_link_power", power);
        Assert.Equal(expected, Predict(builder, "a", "p", "0.75", "0")[0], 1e-14);
    }

    [Fact]
    public void A_predictor_of_0_has_the_largest_inverse() =>
        Assert.Equal(1e5, Predict(Glm("Regression", "gamma", "inverse", [0, 0, 0, 1, 0, 0]).Column("y"), "a", "p", "0", "0")[0], 1e-9);

    [Fact]
    public void Two_classes_without_names_are_0_and_1()
    {
        var builder = Glm("Binomial", "quasibinomial", "logit", [0, 0, 0, 1, 0, 0]).Column("y").Set("n_classes", "2");
        using var model = MojoFiles.Open(builder.Build());
        Assert.Equal(["0", "1"], model.Signature.Outputs[1].Columns);
        Assert.Equal([0.5, 0.5], Predict(builder, "a", "p", "0", "0"));
    }

    [Fact]
    public void An_offset_is_added_to_the_predictor()
    {
        var builder = Glm("Regression", "poisson", "log", Beta).Column("o").Column("y").Set("offset_column", "o");
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, new CorpusTable(["few", "two", "x", "z", "o"], [["b", "p", "0", "0", "1"], ["b", "p", "0", "0", ""]]));
        Assert.Equal(Math.Exp(1.5625), outputs[0].Values<double>()[0], 1e-14);
        Assert.Equal(Math.Exp(0.5625), outputs[0].Values<double>()[1], 1e-14);
    }

    [Fact]
    public void Classes_have_a_predictor_each()
    {
        double[] beta = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, -0.5];
        var builder = Glm("Multinomial", "multinomial", "multinomial", beta).Column("y", "r", "s", "t").Set("n_classes", "3");
        double[] exponentials = [Math.Exp(2), Math.Exp(-3), Math.Exp(-0.5)];
        var expected = exponentials.Select(e => e / exponentials.Sum()).ToArray();
        Assert.Equal(expected, Predict(builder, "a", "p", "2", "-3"), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Ordered_classes_have_cumulative_probabilities()
    {
        double[] beta = [0, 0, 0, 1, 0, -1, 0, 0, 0, 1, 0, 1, 9, 9, 9, 9, 9, 9];
        var builder = Glm("Ordinal", "ordinal", "ologit", beta).Column("y", "low", "mid", "high").Set("n_classes", "3");
        var (first, second) = (1 / (1 + Math.Exp(0.5)), 1 / (1 + Math.Exp(-1.5)));
        Assert.Equal([first, second - first, 1 - second], Predict(builder, "a", "p", "0.5", "0"), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Theory]
    [InlineData("num_interactions", "1", "num_interactions: interactions of columns")]
    [InlineData("link", "cauchit", "link 'cauchit' is not known")]
    public void What_is_not_computed_is_told(string key, string value, string reason) =>
        Assert.Equal([reason], MojoFiles.Read(Glm("Regression", "gaussian", "identity", Beta).Column("y").Set(key, value).Build()).Unsupported);

    [Theory]
    [InlineData("beta", "[1.0, 2.0]", "beta is '[1.0, 2.0]', 6 coefficients (1 times 5 and an intercept) expected")]
    [InlineData("beta", "[1.0, x]", "beta is '[1.0, x]', a number expected")]
    [InlineData("beta", "1.0", "beta is '1.0', a list in brackets expected")]
    [InlineData("nums", "3", "nums is '3', 4 together with cats, the features, expected")]
    [InlineData("nums", "many", "nums is 'many', a whole number expected")]
    [InlineData("cat_offsets", "[0, 1000000, 2000000]", "cat_offsets is '[0, 1000000, 2000000]', no more places for 'few' than its levels expected")]
    [InlineData("use_all_factor_levels", "maybe", "use_all_factor_levels is 'maybe', true or false expected")]
    [InlineData("n_features", "9", "n_features is '9', at most the 5 columns expected")]
    public void Values_that_contradict_the_rest_are_refused_with_their_line(string key, string value, string message)
    {
        var error = Assert.Throws<ModelException>(() => MojoFiles.Read(Glm("Regression", "gaussian", "identity", Beta).Column("y").Set(key, value).Build()));
        Assert.Matches("^model\\.ini, line \\d+: " + System.Text.RegularExpressions.Regex.Escape(message) + "$", error.Message);
    }

    [Fact]
    public void Cox_models_take_the_mean_row_of_the_stratum_off()
    {
        var builder = new MojoBuilder("coxph", "CoxPH", "1.00").Features(4).Column("group", "g", "h").Column("few", "a", "b", "c").Column("x").Column("start").Column("stop")
            .Set("coef", 0.5, -0.25, 2).Set("cats", "1").Set("cat_offsets", 0, 2).Set("use_all_factor_levels", "false").Set("num_numerical_columns", "1").Set("num_offsets", 2, 3)
            .Set("strata_count", "2").Set("strata_0", 0).Set("strata_1", 1).Set("x_mean_cat_size1", "2").Set("x_mean_cat_size2", "2").Set("x_mean_num_size1", "2").Set("x_mean_num_size2", "1")
            .Entry("x_mean_cat", BigEndian(0.5, 0.25, 0.125, 0.5)).Entry("x_mean_num", BigEndian(1, 3));
        using var model = MojoFiles.Open(builder.Build());
        Assert.Equal(["group", "few", "x"], model.Signature.InputColumns);
        using var outputs = MojoFiles.Run(model, new CorpusTable(["group", "few", "x"], [["g", "b", "4"], ["h", "c", "0"], ["h", "a", "1"], ["", "a", "1"]]));
        var (g, h) = ((0.5 * 0.5) - (0.25 * 0.25) + 2, (0.125 * 0.5) - (0.5 * 0.25) + 6);
        Assert.Equal([0.5 + 8 - g, -0.25 - h, 2 - h, double.NaN], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Support_vector_machines_keep_their_score_on_the_side_of_the_threshold()
    {
        var builder = new MojoBuilder("svm", "Binomial", "1.00").Features(2, 2).Column("x").Column("z").Column("y", "no", "yes").Set("weights", 1, 2).Set("means", 3, 4)
            .Set("meanImputation", "true").Set("interceptor", "0.5").Set("threshold", "1.0").Set("defaultThreshold", "0.0");
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, new CorpusTable(["x", "z"], [["1", "1"], ["0.25", "0"], ["-2", "0"], ["", ""]]));
        Assert.Equal(["yes", "no", "no", "yes"], Enumerable.Range(0, 4).Select(outputs["label"].GetText));
        Assert.Equal([2.5, 3.5, 0, -1, -0.5, -1.5, 10.5, 11.5], outputs["probability"].Values<double>().ToArray());
    }

    [Theory]
    [InlineData("3", "b", "2.5", 0.5 + 2 - 2, -0.5 + 3 + 10)]
    [InlineData("1", "c", "2", 0.25, 0.75)]
    [InlineData("1", "a", "2", 0, 0)]
    [InlineData("1", "", "2", 0, 0)]
    [InlineData("1", "never seen", "", double.NaN, double.NaN)]
    public void Principal_components_are_projections(string x, string level, string z, double first, double second)
    {
        using var model = MojoFiles.Open(SampleMojos.Make("pca").Build());
        Assert.Equal(["PC1", "PC2"], model.Signature.Outputs[0].Columns);
        using var outputs = MojoFiles.Run(model, new CorpusTable(["x", "level", "z"], [[x, level, z]]));
        Assert.Equal([first, second], outputs[0].Values<double>().ToArray());
    }

    internal static byte[] BigEndian(params double[] values) => [.. values.SelectMany(v => BitConverter.GetBytes(v).Reverse())];

    private static MojoBuilder Columns(MojoBuilder builder) => builder.Features(4).Column("few", "a", "b", "c").Column("two", "p", "q").Column("x").Column("z");

    private static MojoBuilder Glm(string category, string family, string link, double[] beta) =>
        Columns(new MojoBuilder("glm", category, "1.00")).Set("cats", "2").Set("nums", "2").Set("cat_offsets", 0, 2, 3).Set("use_all_factor_levels", "false").Set("family", family).Set("link", link).Set("beta", beta);

    private static double[] Predict(MojoBuilder builder, params string[] row)
    {
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, new CorpusTable(["few", "two", "x", "z"], [row]));
        return outputs[^1].Values<double>().ToArray();
    }
}
