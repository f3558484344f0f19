using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.LightGbm;

public class LightGbmFormatTests
{
    /// <summary>By hand: the sums are -2 where x ≤ 0.5 and 1.5 elsewhere.</summary>
    [Theory]
    [InlineData("", -2, 1.5)]
    [InlineData("custom", -2, 1.5)]
    [InlineData("regression", -2, 1.5)]
    [InlineData("regression sqrt", -4, 2.25)]
    [InlineData("regression_l1 sqrt", -4, 2.25)]
    [InlineData("huber sqrt", -2, 1.5)]
    [InlineData("fair", -2, 1.5)]
    [InlineData("quantile", -2, 1.5)]
    [InlineData("mape", -2, 1.5)]
    [InlineData("lambdarank", -2, 1.5)]
    [InlineData("rank_xendcg", -2, 1.5)]
    [InlineData("poisson", 0.1353352832366127, 4.4816890703380645)]
    [InlineData("gamma", 0.1353352832366127, 4.4816890703380645)]
    [InlineData("tweedie tweedie_variance_power:1.5", 0.1353352832366127, 4.4816890703380645)]
    [InlineData("binary sigmoid:1", 0.11920292202211755, 0.8175744761936437)]
    [InlineData("binary sigmoid:0.5", 0.2689414213699951, 0.679178699175393)]
    [InlineData("cross_entropy", 0.11920292202211755, 0.8175744761936437)]
    [InlineData("xentropy", 0.11920292202211755, 0.8175744761936437)]
    [InlineData("cross_entropy_lambda", 0.1269280110429725, 1.7014132779827524)]
    public void Every_objective_converts_margins_as_LightGBM_does(string objective, double low, double high)
    {
        var model = new ModelText { Objective = objective }.Stump(-1, 1).Stump(-1, 0.5);
        foreach (var definition in new[] { LightGbmFormat.Text.Read(model.ToBytes()), LightGbmFormat.Json.Read(JsonDump.Of(model.ToString())) })
        {
            using var predictions = Scored.Run(definition, [[0], [1]]);
            Scored.Within(2, low, predictions[0].Values<double>()[0]);
            Scored.Within(2, high, predictions[0].Values<double>()[1]);
            using var margins = Scored.Run(definition, [[0], [1]], OutputKind.Margin);
            Assert.Equal([-2, 1.5], margins[0].Values<double>().ToArray());
        }
    }

    [Theory]
    [InlineData("multiclass num_class:3", 0.09003057317038046, 0.24472847105479764, 0.6652409557748218)]
    [InlineData("multiclassova num_class:3 sigmoid:1", 0.7310585786300049, 0.8807970779778823, 0.9525741268224334)]
    [InlineData("multiclassova num_class:3 sigmoid:2", 0.8807970779778823, 0.9820137900379085, 0.9975273768433653)]
    [InlineData("", 1, 2, 3)]
    public void Classes_have_a_tree_each_in_every_iteration(string objective, double first, double second, double third)
    {
        var definition = LightGbmFormat.Text.Read(new ModelText { Objective = objective, Classes = 3, TreesPerIteration = 3 }.Constant(1).Stump(2, 9).Constant(2.5).Constant(0).Constant(0).Stump(0.5, 9).ToBytes());
        Assert.Equal(["class_0", "class_1", "class_2"], definition.Signature.Outputs[0].Columns);
        using var predictions = Scored.Run(definition, [[0]]);
        double[] expected = [first, second, third];
        for (var i = 0; i < 3; i++) Scored.Within(2, expected[i], predictions[0].Values<double>()[i]);
    }

    [Fact]
    public void A_random_forest_divides_sums_by_iterations_and_then_converts_them()
    {
        var model = new ModelText { Objective = "binary sigmoid:2", AverageOutput = true }.Stump(-1, 1).Stump(-1, 4).Stump(-1, 4);
        foreach (var definition in new[] { LightGbmFormat.Text.Read(model.ToBytes()), LightGbmFormat.Json.Read(JsonDump.Of(model.ToString())) })
        {
            using var predictions = Scored.Run(definition, [[0], [1]]);
            Scored.Within(2, 1 / (1 + Math.Exp(2)), predictions[0].Values<double>()[0]);
            Scored.Within(2, 1 / (1 + Math.Exp(-6)), predictions[0].Values<double>()[1]);
            using var sums = Scored.Run(definition, [[0], [1]], OutputKind.Margin);
            Assert.Equal([-3, 9], sums[0].Values<double>().ToArray());
        }
        using var first = TreesModel.Compile(LightGbmFormat.Text.Read(model.ToBytes()), new RuntimeOptions(Rounds: 1));
        using var inputs = Scored.Matrix([[1]]);
        using var predictionsOfOne = first.Run(inputs);
        Scored.Within(2, 1 / (1 + Math.Exp(-2)), predictionsOfOne[0].Values<double>()[0]);
    }

    /// <summary>x ≤ 0.5 goes left; decision_type: 2 default left, 4 zero is missing, 8 NaN is missing.</summary>
    [Theory]
    [InlineData(0, "L L L R L")]
    [InlineData(2, "L L L R L")]
    [InlineData(4, "L R R R R")]
    [InlineData(6, "L L L R L")]
    [InlineData(8, "L L L R R")]
    [InlineData(10, "L L L R L")]
    public void Missing_values_go_where_the_split_says(int decision, string expected)
    {
        var definition = LightGbmFormat.Text.Read(new ModelText().Stump(1, 2, decision: decision).ToBytes());
        using var outputs = Scored.Run(definition, [[-3], [0], [1e-36], [0.6], [double.NaN]]);
        Assert.Equal(expected, string.Join(' ', outputs[0].Values<double>().ToArray().Select(v => v == 1 ? "L" : "R")));
    }

    [Fact]
    public void Categories_of_the_set_go_left_and_everything_else_right()
    {
        var definition = LightGbmFormat.Text.Read(new ModelText { Infos = ["0:1:33"] }.CategoryStump(1, 2, [0, 33]).ToBytes());
        using var outputs = Scored.Run(definition, [[0], [33], [33.9], [-0.9], [1], [32], [34], [-1], [1e300], [double.NaN], [double.PositiveInfinity]]);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void A_feature_whose_zeros_are_missing_in_some_trees_only_is_not_opened()
    {
        var definition = LightGbmFormat.Text.Read(new ModelText().Stump(1, 2, decision: 4).Stump(1, 2, decision: 8).ToBytes());
        Assert.Equal(["feature 'x': its zeros are missing values at some splits and numbers at others"], definition.Unsupported);
        // Where it makes no difference it does not matter.
        definition = LightGbmFormat.Text.Read(new ModelText().Stump(1, 2, decision: 6).Stump(1, 2, decision: 8).Stump(1, 2, decision: 0).ToBytes());
        Assert.Empty(definition.Unsupported);
        using var outputs = Scored.Run(definition, [[0], [double.NaN]]);
        Assert.Equal([3, 4], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Linear_leaves_compute_and_fall_back_where_a_value_is_missing()
    {
        var model = new ModelText { Names = ["x", "y"] }.Tree(
            "num_leaves=2", "num_cat=0", "split_feature=0", "split_gain=1", "threshold=0.5", "decision_type=10", "left_child=-1", "right_child=-2", "leaf_value=7 8", "leaf_count=3 4",
            "internal_count=7", "is_linear=1", "leaf_const=0.5 10", "num_features=0 2", "leaf_features= 1 0  ", "leaf_coeff= 2 -1  ");
        foreach (var definition in new[] { LightGbmFormat.Text.Read(model.ToBytes()), LightGbmFormat.Json.Read(JsonDump.Of(model.ToString())) })
        {
            using var outputs = Scored.Run(definition, [[0, double.NaN], [1, 3], [1, double.NaN], [double.NaN, 1]]);
            Assert.Equal([0.5, 15, 8, 0.5], outputs[0].Values<double>().ToArray());
            Assert.Contains(definition.Facts, f => f is { Key: "leaves are linear", Value: "yes" });
        }
    }

    [Fact]
    public void Leaves_are_numbered_as_in_LightGBM_and_rows_are_counted_for_contributions()
    {
        var definition = LightGbmFormat.Text.Read(new ModelText().Stump(1, 2).Constant(5).ToBytes());
        using var leaves = Scored.Run(definition, [[0], [1]], OutputKind.Leaf);
        Assert.Equal([0, 0, 1, 0], leaves[0].Values<int>().ToArray());
        Assert.Equal([40, 30, 10, 1], definition.Trees!.Covers);
        Assert.Equal(7.5, definition.Trees.Gains[0]);
    }

    /// <summary>By hand: 30 rows went left and 10 right, so that 1.25 and 5 are the averages; a row has the difference.</summary>
    [Fact]
    public void Contributions_count_rows_as_LightGBM_does()
    {
        var model = new ModelText { Names = ["x", "y"], Objective = "binary sigmoid:2" }.Stump(1, 2).Constant(5).CategoryStump(-1, 3, [4], feature: 1);
        foreach (var definition in new[] { LightGbmFormat.Text.Read(model.ToBytes()), LightGbmFormat.Json.Read(JsonDump.Of(model.ToString())) })
        {
            using var contributions = Scored.Run(definition, [[0, 4], [1, double.NaN]], OutputKind.Contributions);
            Assert.Equal([-0.25, -1, 6.25, 0.75, 3, 6.25], contributions[0].Values<double>().ToArray());
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Line_ends_of_either_kind_a_mark_and_unknown_lines_are_read(string end)
    {
        var text = new ModelText { Objective = "poisson" }.Stump(1, 2).ToString()
            .Replace("objective=", "added=1\nnothing\nobjective=", StringComparison.Ordinal).Replace("is_linear=0", "is_linear=0\nadded=x y", StringComparison.Ordinal)
            .Replace("\n", end, StringComparison.Ordinal);
        byte[] file = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)];
        Assert.True(LightGbmFormat.Text.Matches("m.txt", file));
        using var outputs = Scored.Run(LightGbmFormat.Text.Read(file), [[0]]);
        Assert.Equal([Math.E], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Infinite_thresholds_are_read_as_C_prints_them()
    {
        var text = new ModelText().Stump(1, 2, threshold: 0.5).Stump(10, 20, threshold: 0.5).ToString();
        var first = text.IndexOf("threshold=0.5", StringComparison.Ordinal);
        text = string.Concat(text.AsSpan(0, first), "threshold=inf", text[(first + 13)..].Replace("threshold=0.5", "threshold=-inf", StringComparison.Ordinal));
        using var outputs = Scored.Run(LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text)), [[0], [double.PositiveInfinity], [double.NegativeInfinity]]);
        Assert.Equal([21, 21, 11], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void A_dump_with_its_keys_in_alphabetical_order_is_read()
    {
        var random = RandomModels.Make(11).ToString();
        var sorted = Sorted(System.Text.Json.Nodes.JsonNode.Parse(JsonDump.Of(random))!);
        var plain = new PlainLightGbm(random);
        Scored.ShouldBe(plain, LightGbmFormat.Json.Read(Encoding.UTF8.GetBytes(sorted.ToJsonString())), plain.Rows(20, new Random(1)));
    }

    [Theory]
    [InlineData("regression_lx", "objective: 'regression_lx' is not known")]
    public void An_unknown_objective_is_described_and_not_opened(string objective, string message)
    {
        var definition = LightGbmFormat.Text.Read(new ModelText { Objective = objective }.Stump(1, 2).ToBytes());
        Assert.Equal([message], definition.Unsupported);
    }

    [Theory]
    [InlineData("binary sigmoid:0", "objective: sigmoid is '0', a number above 0 expected")]
    [InlineData("binary sigmoid:x", "objective: sigmoid is 'x', a number above 0 expected")]
    [InlineData("multiclass num_class:4", "objective: num_class is '4', but there are 1 trees per iteration")]
    public void A_false_parameter_of_the_objective_is_refused(string objective, string message) =>
        Assert.Equal(message, Assert.Throws<ModelException>(() => LightGbmFormat.Text.Read(new ModelText { Objective = objective }.Stump(1, 2).ToBytes())).Message);

    [Fact]
    public void A_file_before_LightGBM_2_1_is_refused()
    {
        var text = new ModelText().Stump(1, 2).ToString().Replace("version=v4\n", "", StringComparison.Ordinal);
        Assert.Contains("there is no version", Assert.Throws<ModelException>(() => LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.txt", "tree\nversion=v4\nnum_class=1\n", "lightgbm-text")]
    [InlineData("model.bst", "tree\r\nversion=v3\r\n", "lightgbm-text")]
    [InlineData("model.txt", "trees are green", null)]
    [InlineData("model.json", "{\"name\":\"tree\",\"version\":\"v4\",\"num_class\":1,\"num_tree_per_iteration\":1", "lightgbm-json")]
    [InlineData("model.json", "{\"learner\":{", null)]
    [InlineData("model.json", "[\"max_feature_idx\"]", null)]
    [InlineData("model.txt", "", null)]
    public void A_file_is_recognised_by_its_first_bytes(string name, string head, string? format)
    {
        var bytes = Encoding.UTF8.GetBytes(head);
        Assert.Equal(format == "lightgbm-text", LightGbmFormat.Text.Matches(name, bytes));
        Assert.Equal(format == "lightgbm-json", LightGbmFormat.Json.Matches(name, bytes));
    }

    [Fact]
    public void Descriptions_tell_what_a_person_asks_about_a_model()
    {
        var definition = LightGbmFormat.Text.Read(new ModelText
        {
            Objective = "binary sigmoid:1",
            Names = ["colour", "n", "m"],
            Infos = ["-1:0:1", "[0:9]", "none"],
            Parameters = ["[boosting: dart]", "[categorical_feature: 0]"],
            PandasCategories = "[[\"red\", \"green\"]]",
        }.CategoryStump(1, 2, [0]).Stump(1, 2, feature: 1).ToBytes());
        var facts = definition.Facts.ToDictionary();
        Assert.Equal("lightgbm (model format v4)", facts["library"]);
        Assert.Equal("dart", facts["booster"]);
        Assert.Equal("binary sigmoid:1", facts["objective"]);
        Assert.Equal("3", facts["features"]);
        Assert.Equal("unused 1, numerical 1, categorical 1", facts["feature types"]);
        Assert.Equal("colour", facts["categorical features"]);
        Assert.Equal("0=red, 1=green", facts["categories of colour"]);
        Assert.Equal("2", facts["trees in the file"]);
        Assert.Equal("2", facts["iterations"]);
        Assert.Equal("1", facts["outputs"]);
    }

    private static System.Text.Json.Nodes.JsonNode Sorted(System.Text.Json.Nodes.JsonNode node) => node switch
    {
        System.Text.Json.Nodes.JsonObject o => new System.Text.Json.Nodes.JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new KeyValuePair<string, System.Text.Json.Nodes.JsonNode?>(p.Key, p.Value is null ? null : Sorted(p.Value)))),
        System.Text.Json.Nodes.JsonArray a => new System.Text.Json.Nodes.JsonArray([.. a.Select(i => i is null ? null : Sorted(i))]),
        _ => node.DeepClone(),
    };
}
