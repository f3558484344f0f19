using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>What pandas had categories for takes the categories; their places in the file are the codes.</summary>
public class PandasCategoriesTests
{
    [Fact]
    public void Texts_numbers_and_booleans_become_the_codes_they_had_in_training()
    {
        var definition = Read(Mixed());
        Assert.Equal(["colour BYTES[-1]", "size FP64[-1]", "flag BYTES[-1]", "n FP64[-1]"], definition.Signature.Inputs.Select(i => i.ToString()));
        Assert.All(definition.Signature.Inputs, i => Assert.True(i.Optional));
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        using var inputs = new Batch(
            Tensor.OfText("colour", "red", "green", "blüe", "RED", null, "red"),
            Tensor.Of<double>("size", [2.5, 1, 2.5, 0, double.NaN, 1]),
            Tensor.OfText("flag", "TRUE", "false", "1", "yes", null, "0"),
            Tensor.Of<double>("n", [0, 1, 0, 1, double.NaN, 0]));
        using var outputs = model.Run(inputs);
        // Hundreds: red or blüe left; tens: 2.5 left; ones: True left; thousands: n ≤ 0.5, or missing, left. Left is 1, right 2.
        Assert.Equal([1111, 2222, 1111, 2222, 1222, 1122], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Booleans_may_come_as_booleans_or_numbers()
    {
        var definition = Read(Mixed());
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        using var flags = new Tensor("flag", ElementType.Bool, 2);
        flags.Values<bool>()[0] = true;
        foreach (var flag in new[] { flags.Copy(), Tensor.Of<double>("flag", [1, 0]), Tensor.Of<int>("flag", [1, 0]) })
        {
            using var inputs = new Batch(Tensor.OfText("colour", "red", "red"), Tensor.Of<double>("size", [1, 1]), flag, Tensor.Of<double>("n", [0, 0]));
            using var outputs = model.Run(inputs);
            Assert.Equal([1121, 1122], outputs[0].Values<double>().ToArray());
        }
    }

    [Fact]
    public void Numbers_alone_stay_one_matrix_and_go_by_their_value()
    {
        var definition = Read(new ModelText
        {
            Names = ["n", "year"],
            Infos = ["[0:9]", "0:1:2"],
            Parameters = ["[categorical_feature: 1]"],
            PandasCategories = "[[1970, 1980.0, 1990]]",
        }.CategoryStump(1, 2, [1], feature: 1));
        Assert.Equal("input FP64[-1,2]", definition.Signature.Inputs.Single().ToString());
        using var outputs = Scored.Run(definition, [[0, 1980], [0, 1], [0, 1970], [0, 1980.5], [0, double.NaN]]);
        Assert.Equal([1, 2, 2, 2, 2], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Columns_are_found_by_the_parameter_also_where_training_had_one_category_only()
    {
        var definition = Read(new ModelText
        {
            Names = ["a", "b", "c"],
            Infos = ["none", "none", "0:1"],
            Parameters = ["[categorical_feature: 1,2]"],
            PandasCategories = "[[\"only\"], [\"x\", \"y\"]]",
        }.CategoryStump(1, 2, [1], feature: 2));
        Assert.Equal(["a FP64[-1]", "b BYTES[-1]", "c BYTES[-1]"], definition.Signature.Inputs.Select(i => i.ToString()));
    }

    /// <summary>Older files have the parameter, but empty; and features can be declared that are not there.</summary>
    [Theory]
    [InlineData("[boosting: gbdt]")]
    [InlineData("[categorical_feature: ]")]
    [InlineData("[categorical_feature: 0,9]")]
    [InlineData("[categorical_feature: name:b,c]")]
    public void Columns_are_found_by_what_training_saw_where_the_parameter_does_not_tell_them(string parameter)
    {
        var definition = Read(new ModelText
        {
            Names = ["a", "b", "c"],
            Infos = ["[0:2]", "1:0", "0:1"],
            Parameters = [parameter],
            PandasCategories = "[[\"u\", \"v\"], [\"x\", \"y\"]]",
        }.CategoryStump(1, 2, [1], feature: 2));
        Assert.Equal(["a FP64[-1]", "b BYTES[-1]", "c BYTES[-1]"], definition.Signature.Inputs.Select(i => i.ToString()));
    }

    [Fact]
    public void An_ordered_category_is_a_number_and_found_where_there_is_one_way()
    {
        // pandas had two columns of categories; that of b was ordered, so that LightGBM took its codes as numbers.
        var definition = Read(new ModelText
        {
            Names = ["a", "b", "c"],
            Infos = ["[0.5:9]", "[0:2]", "0:1:2:3"],
            Parameters = ["[categorical_feature: 2]"],
            PandasCategories = "[[\"low\", \"middle\", \"high\"], [\"w\", \"x\", \"y\", \"z\"]]",
        }.Stump(1, 2, threshold: 1, feature: 1).CategoryStump(10, 20, [3], feature: 2));
        Assert.Equal(["a FP64[-1]", "b BYTES[-1]", "c BYTES[-1]"], definition.Signature.Inputs.Select(i => i.ToString()));
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        using var inputs = new Batch(Tensor.Of<double>("a", [0, 0, 0]), Tensor.OfText("b", "middle", "high", "none of them"), Tensor.OfText("c", "w", "z", "z"));
        using var outputs = model.Run(inputs);
        Assert.Equal([21, 12, 11], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Where_the_file_leaves_a_choice_inputs_are_codes_and_the_description_says_so()
    {
        var definition = Read(new ModelText
        {
            Names = ["a", "b"],
            Infos = ["0:1", "0:1"],
            Parameters = ["[categorical_feature: 0,1]"],
            PandasCategories = "[[\"x\", \"y\"]]",
        }.CategoryStump(1, 2, [1]));
        Assert.Equal("input FP64[-1,2]", definition.Signature.Inputs.Single().ToString());
        Assert.Contains(definition.Facts, f => f.Key == "pandas categories");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void Without_categories_a_model_takes_a_matrix(string json) =>
        Assert.Equal("input FP64[-1,1]", Read(new ModelText { PandasCategories = json }.Stump(1, 2)).Signature.Inputs.Single().ToString());

    [Fact]
    public void Columns_of_text_with_one_name_are_refused()
    {
        var model = new ModelText { Names = ["a", "a"], Infos = ["0:1", "[0:1]"], Parameters = ["[categorical_feature: 0]"], PandasCategories = "[[\"x\", \"y\"]]" }.CategoryStump(1, 2, [1]);
        Assert.Contains("a name is given twice", Assert.Throws<ModelException>(() => Read(model)).Message, StringComparison.Ordinal);
        // By place they can be told apart.
        Assert.Empty(Read(new ModelText { Names = ["a", "a"] }.Stump(1, 2)).Signature.Inputs[0].Columns);
    }

    [Fact]
    public void A_dump_has_the_same_inputs_as_its_text()
    {
        var text = Mixed().ToString();
        var fromJson = LightGbmFormat.Json.Read(JsonDump.Of(text));
        var fromText = LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal(fromText.Signature, fromJson.Signature);
    }

    private static ModelText Mixed() => new ModelText
    {
        Names = ["colour", "size", "flag", "n"],
        Infos = ["-1:0:1:2", "0:1", "0:1", "[0:9]"],
        Parameters = ["[boosting: gbdt]", "[categorical_feature: 0,1,2]"],
        PandasCategories = "[[\"red\", \"green\", \"bl\\u00fce\"], [1, 2.5], [false, true]]",
    }.CategoryStump(100, 200, [0, 2]).CategoryStump(10, 20, [1], feature: 1).CategoryStump(1, 2, [1], feature: 2).Stump(1000, 2000, feature: 3);

    private static TreeModelDefinition Read(ModelText model) => LightGbmFormat.Text.Read(model.ToBytes());
}
