using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>Boosters of XGBoost's own golden files inside of archives, with XGBoost's predictions of the rows.</summary>
public class XGBoostMojoTests
{
    [Theory]
    [InlineData("squared-error")]
    [InlineData("poisson")]
    [InlineData("dart")]
    public void Plain_rows_predict_what_the_booster_does(string name)
    {
        using var expected = GoldenFiles.Expected(name + ".model");
        using var outputs = Run(SampleMojos.Booster(name + ".model", 5, "Regression").Column("y"), name, null);
        Assert.Equal(expected.Values<float>(), outputs["prediction"].Values<float>());
    }

    [Fact]
    public void Classes_have_the_boosters_probabilities()
    {
        using var expected = GoldenFiles.Expected("softprob.model");
        using var outputs = Run(SampleMojos.Booster("softprob.model", 5, "Multinomial").Column("y", "r", "s", "t", "u").Set("n_classes", "4"), "softprob", null);
        Assert.Equal(expected.Values<float>(), outputs["probability"].Values<float>());
    }

    [Fact]
    public void Of_two_classes_the_first_has_the_rest()
    {
        using var expected = GoldenFiles.Expected("binary-logistic.model");
        using var outputs = Run(Binary(), "binary-logistic", null);
        var probabilities = outputs["probability"].Values<float>();
        for (var row = 0; row < expected.Rows; row++)
        {
            var p = expected.Values<float>()[row];
            Assert.Equal(1f - p, probabilities[2 * row]);
            Assert.Equal(p, probabilities[(2 * row) + 1]);
            Assert.Equal(p >= 0.3 ? "yes" : "no", outputs["label"].GetText(row));
        }
    }

    [Fact]
    public void Calibrated_probabilities_stand_beside_the_boosters()
    {
        using var expected = GoldenFiles.Expected("binary-logistic.model");
        using var outputs = Run(Binary().Set("calib_method", "platt").Set("calib_glm_beta", -3, 1.5), "binary-logistic", null);
        var probabilities = outputs["probability"].Values<double>();
        for (var row = 0; row < expected.Rows; row++)
        {
            var p = expected.Values<float>()[row];
            Assert.Equal(p, probabilities[(4 * row) + 1]);
            Assert.Equal(1 / (1 + Math.Exp((3 * (double)(1f - p)) - 1.5)), probabilities[(4 * row) + 3], 1e-15);
        }
    }

    [Fact]
    public void An_offset_stands_in_the_place_of_the_base_score()
    {
        using var expected = GoldenFiles.Expected("squared-error.model");
        var builder = SampleMojos.Booster("squared-error.model", 5, "Regression").Column("exposure").Column("y").Set("offset_column", "exposure").Set("has_offset", "true");
        foreach (var offset in new[] { 0.5, -2 })
        {
            using var outputs = Run(builder, "squared-error", offset);
            // The golden model's base score is 0.5; sums are float32 in another order.
            for (var row = 0; row < expected.Rows; row++) Assert.Equal(expected.Values<float>()[row] - 0.5 + offset, outputs["prediction"].Values<double>()[row], 1e-5);
        }
    }

    [Theory]
    [InlineData("1", "x", 0)]
    [InlineData("0", "x", 1)]
    public void Of_sparse_rows_zeros_and_cold_levels_are_missing(string sparse, string level, int zero)
    {
        var encoding = new Slipway.Models.Formats.H2O.BoosterEncoding(Offsets(), sparse == "1");
        var encoded = new float[6];
        encoding.Encode<float>([level == "x" ? 0 : 1, 0, 2], encoded);
        Assert.Equal(1, encoded[0]);
        Assert.Equal(zero == 0 ? float.NaN : 0f, encoded[1]);
        Assert.Equal(zero == 0 ? float.NaN : 0f, encoded[4]);
        Assert.Equal(2, encoded[5]);
        encoding.Encode<float>([float.NaN, float.NaN, 2], encoded);
        Assert.Equal(1, encoded[3]);
        Assert.Equal(float.NaN, encoded[4]);
    }

    [Fact]
    public void A_booster_of_another_width_is_refused() =>
        Assert.Equal("boosterBytes: rows of 5 values, but nums and cat_offsets make 4", Assert.Throws<ModelException>(() => MojoFiles.Read(SampleMojos.Booster("squared-error.model", 4, "Regression").Column("y").Build())).Message);

    [Fact]
    public void A_booster_for_other_classes_is_refused() =>
        Assert.Equal("boosterBytes: 1 outputs a row, 3 expected for category Multinomial",
            Assert.Throws<ModelException>(() => MojoFiles.Read(SampleMojos.Booster("squared-error.model", 5, "Multinomial").Column("y", "r", "s", "t").Set("n_classes", "3").Build())).Message);

    private static MojoBuilder Binary() => SampleMojos.Booster("binary-logistic.model", 5, "Binomial").Column("y", "no", "yes").Set("n_classes", "2").Set("default_threshold", "0.3");

    /// <summary>One column of three levels, two numbers.</summary>
    private static Slipway.Models.Formats.H2O.CategoryOffsets Offsets()
    {
        var builder = new MojoBuilder("glm", "Regression", "1.00").Features(3).Column("level", "x", "y", "z").Column("a").Column("b").Column("t").Set("cats", "1").Set("nums", "2").Set("cat_offsets", 0, 4);
        using var archive = new Slipway.Models.Formats.H2O.MojoArchive(new Slipway.Models.Formats.H2O.ZipEntries(new MemoryStream(builder.Build())));
        var info = Slipway.Models.Formats.H2O.MojoInfo.Read(archive.Read("model.ini"), "model.ini");
        return Slipway.Models.Formats.H2O.CategoryOffsets.Read(info, Slipway.Models.Formats.H2O.MojoHeader.Read(archive, info), allLevels: true);
    }

    private static Batch Run(MojoBuilder builder, string golden, double? offset)
    {
        using var model = MojoFiles.Open(builder.Build());
        using var rows = GoldenFiles.Inputs(golden + ".model");
        var values = rows[0].Values<float>();
        var input = model.Signature.Inputs[0];
        var width = offset is null ? 5 : 6;
        var matrix = new double[rows[0].Rows * width];
        for (var i = 0; i < matrix.Length; i++) matrix[i] = i % width == 5 ? offset!.Value : values[(i / width * 5) + (i % width)];
        using var inputs = new Batch(input.Type == ElementType.Float32
            ? Tensor.Of<float>(input.Name, [.. matrix.Select(v => (float)v)], rows[0].Rows, width)
            : Tensor.Of<double>(input.Name, matrix, rows[0].Rows, width));
        return model.Run(inputs);
    }
}
