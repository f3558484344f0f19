using Slipway.Core;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

public class StackedEnsembleTests
{
    [Theory]
    [InlineData("NONE")]
    [InlineData("Logit")]
    public void Two_classes_stack_the_probability_of_the_second(string transform)
    {
        var builder = Ensemble("Binomial", transform).Column("y", "no", "yes").Features(2, 2)
            .Folder("models/meta/", Meta("Binomial", "binomial", "logit", [2, -3, 0.5]).Column("y", "no", "yes").Features(2, 2).Set("default_threshold", "0.9"))
            .Folder("models/b0/", Base("Binomial", "binomial", "logit", ["x", "z"], [1, 0.25, 0]).Column("y", "no", "yes").Features(2, 2))
            .Folder("models/b1/", Base("Binomial", "binomial", "logit", ["z", "x"], [-2, 0.5, 1]).Column("y", "no", "yes").Features(2, 2));
        var answer = Predict(builder, "0.5", "-1");
        var (first, second) = (Sigmoid(0.5 - 0.25), Sigmoid(2 + 0.25 + 1));
        if (transform == "Logit") (first, second) = (Math.Log(first / (1 - first)), Math.Log(second / (1 - second)));
        var expected = Sigmoid((2 * first) - (3 * second) + 0.5);
        Assert.Equal([1 - expected, expected], answer.Predictions, (a, b) => Math.Abs(a - b) < 1e-14);
        // The label is chosen by the metalearner's threshold.
        Assert.Equal(expected >= 0.9 ? "yes" : "no", answer.Label);
    }

    [Fact]
    public void Probabilities_of_0_and_1_stay_within_the_logit()
    {
        var builder = Ensemble("Binomial", "Logit").Column("y", "no", "yes").Features(2, 2)
            .Folder("models/meta/", Meta("Binomial", "binomial", "logit", [0.01, 0, 0]).Column("y", "no", "yes").Features(2, 2))
            .Folder("models/b0/", Base("Binomial", "binomial", "logit", ["x", "z"], [1, 0, 0]).Column("y", "no", "yes").Features(2, 2))
            .Folder("models/b1/", Base("Binomial", "binomial", "logit", ["x", "z"], [1, 0, 0]).Column("y", "no", "yes").Features(2, 2));
        Assert.Equal(Sigmoid(0.01 * -19), Predict(builder, "-1000", "0").Predictions[1], 1e-9);
    }

    [Fact]
    public void Regressions_stack_predictions()
    {
        var builder = Ensemble("Regression", "NONE").Column("y").Features(2)
            .Folder("models/meta/", Meta("Regression", "gaussian", "identity", [2, -3, 0.5]).Column("y").Features(2))
            .Folder("models/b0/", Base("Regression", "gaussian", "identity", ["x", "z"], [1, 10, 0]).Column("y").Features(2))
            .Folder("models/b1/", Base("Regression", "gaussian", "identity", ["z"], [100, 0]).Column("y").Features(1).Set("nums", "1"));
        Assert.Equal([(2 * (1 + 20)) - (3 * 200) + 0.5], Predict(builder, "1", "2").Predictions);
    }

    [Theory]
    [InlineData("metalearner_transform", "Percentile", "metalearner_transform 'Percentile' is not known (NONE and Logit are)")]
    public void What_is_not_computed_is_told(string key, string value, string reason) =>
        Assert.Equal([reason], MojoFiles.Read(Regression().Set(key, value).Build()).Unsupported);

    [Fact]
    public void What_a_part_cannot_is_told_with_its_name() =>
        Assert.Equal(["base_0: num_interactions: interactions of columns"],
            MojoFiles.Read(Ensemble("Regression", "NONE").Column("y").Features(2)
                .Folder("models/meta/", Meta("Regression", "gaussian", "identity", [2, -3, 0.5]).Column("y").Features(2))
                .Folder("models/b0/", Base("Regression", "gaussian", "identity", ["x", "z"], [1, 10, 0]).Column("y").Features(2).Set("num_interactions", "1"))
                .Folder("models/b1/", Base("Regression", "gaussian", "identity", ["x", "z"], [1, 10, 0]).Column("y").Features(2)).Build()).Unsupported);

    [Theory]
    [InlineData("metalearner", "nobody", "metalearner is 'nobody', one of the submodel_keys expected")]
    [InlineData("submodel_dir_1", "models/b7/", "the archive has no entry 'models/b7/model.ini'")]
    [InlineData("submodel_dir_1", "", "submodel_dir_1 is '', a folder that ends in / expected")]
    [InlineData("base_models_num", "2147483647", "base_models_num is '2147483647', as many base models as are listed, and at least 1, expected")]
    [InlineData("submodel_count", "2147483647", "submodel_dir_3 is absent")]
    public void Parts_that_are_not_there_are_refused(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<ModelException>(() => MojoFiles.Read(Regression().Set(key, value).Build())).Message, StringComparison.Ordinal);

    [Fact]
    public void An_ensemble_that_contains_itself_is_refused()
    {
        var builder = Ensemble("Regression", "NONE").Column("y").Features(2);
        for (var i = 0; i < 3; i++) builder.Set($"submodel_dir_{i}", "./");
        var entries = builder.Entries();
        var path = "";
        for (var depth = 0; depth < 8; depth++)
        {
            path += "./";
            entries.AddRange(builder.Entries().Select(e => (path + e.Name, e.Content)));
        }
        Assert.Contains("more than 4 ensembles in each other", Assert.Throws<ModelException>(() => MojoFiles.Read(MojoBuilder.Zip(entries))).Message, StringComparison.Ordinal);
    }

    private static MojoBuilder Regression() => Ensemble("Regression", "NONE").Column("y").Features(2)
        .Folder("models/meta/", Meta("Regression", "gaussian", "identity", [2, -3, 0.5]).Column("y").Features(2))
        .Folder("models/b0/", Base("Regression", "gaussian", "identity", ["x", "z"], [1, 10, 0]).Column("y").Features(2))
        .Folder("models/b1/", Base("Regression", "gaussian", "identity", ["x", "z"], [1, 10, 0]).Column("y").Features(2));

    private static MojoBuilder Ensemble(string category, string transform)
    {
        var builder = new MojoBuilder("stackedensemble", category, "1.01").Column("x").Column("z").Set("submodel_count", "3").Set("base_models_num", "2").Set("metalearner", "meta")
            .Set("metalearner_transform", transform).Set("base_model0", "base_0").Set("base_model1", "base_1");
        foreach (var (i, key, folder) in new[] { (0, "meta", "models/meta/"), (1, "base_0", "models/b0/"), (2, "base_1", "models/b1/") }) builder.Set($"submodel_key_{i}", key).Set($"submodel_dir_{i}", folder);
        return builder;
    }

    private static MojoBuilder Meta(string category, string family, string link, double[] beta) => Base(category, family, link, ["base_0", "base_1"], beta);

    private static MojoBuilder Base(string category, string family, string link, string[] columns, double[] beta)
    {
        var builder = new MojoBuilder("glm", category, "1.00").Set("cats", "0").Set("nums", $"{columns.Length}").Set("cat_offsets", 0).Set("family", family).Set("link", link).Set("beta", beta);
        foreach (var column in columns) builder.Column(column);
        return builder;
    }

    private static (string? Label, double[] Predictions) Predict(MojoBuilder builder, params string[] row)
    {
        using var model = MojoFiles.Open(builder.Build());
        using var outputs = MojoFiles.Run(model, new CorpusTable(["x", "z"], [row]));
        return (outputs.Count == 2 ? outputs[0].GetText(0) : null, outputs[^1].Values<double>().ToArray());
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
