using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

public class KMeansTests
{
    [Theory]
    [InlineData("1", "0", "a", 0)]
    [InlineData("9", "10", "b", 1)]
    // The level decides between centres that are equally far.
    [InlineData("5", "5", "b", 1)]
    [InlineData("5", "5", "a", 0)]
    // Without x, y is nearer to the second.
    [InlineData("", "9", "a", 1)]
    // Nothing known: the first of equals.
    [InlineData("", "", "", 0)]
    public void The_nearest_center_is_told(string x, string y, string level, double cluster) => Assert.Equal(cluster, Predict(Model(), OutputKind.Prediction, x, y, level)[0]);

    [Fact]
    public void Distances_over_known_columns_are_scaled_up()
    {
        Assert.Equal([1 + 4 + 1, 81 + 64.0], Predict(Model(), OutputKind.Margin, "1", "2", "b"));
        Assert.Equal([(4 + 1) * 1.5, 64 * 1.5], Predict(Model(), OutputKind.Margin, "", "2", "b"));
    }

    [Fact]
    public void Standardized_columns_have_their_missing_values_imputed()
    {
        var builder = Model().Set("standardize", "true").Set("standardize_means", 5, 5, double.NaN).Set("standardize_mults", 2, 1, 1).Set("standardize_modes", -1, -1, 1);
        // (1 − 5) × 2, and the mean of y is 0.
        Assert.Equal([64 + 0 + 1, (18 * 18) + 100.0], Predict(builder, OutputKind.Margin, "1", "", ""));
    }

    [Theory]
    [InlineData("center_num", "0")]
    [InlineData("center_num", "2147483647")]
    [InlineData("center_1", "[1.0]")]
    public void Centers_that_are_not_there_are_refused(string key, string value) =>
        Assert.Throws<ModelException>(() => MojoFiles.Read(Model().Set(key, value).Build()));

    private static MojoBuilder Model() =>
        new MojoBuilder("kmeans", "Clustering", "1.00").Set("supervised", "false").Features(3).Column("x").Column("y").Column("level", "a", "b").Set("standardize", "false")
            .Set("center_num", "2").Set("center_0", 0, 0, 0).Set("center_1", 10, 10, 1);

    private static double[] Predict(MojoBuilder builder, OutputKind kind, params string[] row)
    {
        using var model = MojoFiles.Open(builder.Build(), kind);
        using var outputs = MojoFiles.Run(model, new CorpusTable(["x", "y", "level"], [row]));
        return outputs[0].Values<double>().ToArray();
    }
}
