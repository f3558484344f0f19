using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>The golfing tree of PMML 4.4.1, TreeModel, with the confidences that the standard works out for it.</summary>
public sealed class TreeStrategyTests
{
    private const string Nodes = """
        <Node id="1" score="will play" recordCount="100" defaultChild="2"><True/>
          <ScoreDistribution value="will play" recordCount="60" confidence="0.6"/><ScoreDistribution value="may play" recordCount="30" confidence="0.3"/><ScoreDistribution value="no play" recordCount="10" confidence="0.1"/>
          <Node id="2" score="will play" recordCount="50" defaultChild="3"><SimplePredicate field="outlook" operator="equal" value="sunny"/>
            <ScoreDistribution value="will play" recordCount="40" confidence="0.8"/><ScoreDistribution value="may play" recordCount="2" confidence="0.04"/><ScoreDistribution value="no play" recordCount="8" confidence="0.16"/>
            <Node id="3" score="will play" recordCount="40">
              <CompoundPredicate booleanOperator="surrogate"><SimplePredicate field="temperature" operator="greaterOrEqual" value="50"/><SimplePredicate field="humidity" operator="lessThan" value="80"/></CompoundPredicate>
              <ScoreDistribution value="will play" recordCount="36" confidence="0.9"/><ScoreDistribution value="may play" recordCount="2" confidence="0.05"/><ScoreDistribution value="no play" recordCount="2" confidence="0.05"/></Node>
            <Node id="4" score="no play" recordCount="10">
              <CompoundPredicate booleanOperator="surrogate"><SimplePredicate field="temperature" operator="lessThan" value="50"/><SimplePredicate field="humidity" operator="greaterOrEqual" value="80"/></CompoundPredicate>
              <ScoreDistribution value="will play" recordCount="4" confidence="0.4"/><ScoreDistribution value="may play" recordCount="0" confidence="0.0"/><ScoreDistribution value="no play" recordCount="6" confidence="0.6"/></Node>
          </Node>
          <Node id="5" score="may play" recordCount="50">
            <CompoundPredicate booleanOperator="or"><SimplePredicate field="outlook" operator="equal" value="overcast"/><SimplePredicate field="outlook" operator="equal" value="rain"/></CompoundPredicate>
            <ScoreDistribution value="will play" recordCount="20" confidence="0.4"/><ScoreDistribution value="may play" recordCount="28" confidence="0.56"/><ScoreDistribution value="no play" recordCount="2" confidence="0.04"/></Node>
        </Node>
        """;

    private const string Output = """
        <Output><OutputField name="node" feature="entityId" dataType="string" optype="categorical"/>
        <OutputField name="confidence" feature="confidence" dataType="double" optype="continuous"/>
        <OutputField name="mayPlay" feature="confidence" value="may play" dataType="double" optype="continuous"/>
        <OutputField name="noPlay" feature="confidence" value="no play" dataType="double" optype="continuous"/>
        <OutputField name="probability" feature="probability" dataType="double" optype="continuous"/></Output>
        """;

    private static readonly (string, object?)[] Sunny = [("outlook", "sunny")];
    private static readonly (string, object?)[] NoOutlook = [("temperature", 45), ("humidity", 90)];

    [Theory]
    [InlineData("none")]
    [InlineData("lastPrediction")]
    [InlineData("nullPrediction")]
    [InlineData("defaultChild")]
    [InlineData("weightedConfidence")]
    [InlineData("aggregateNodes")]
    public void A_row_without_missing_values_ends_in_one_node_whatever_the_strategy(string strategy)
    {
        using var model = Golf(strategy);
        var answer = model.Score(("temperature", 75), ("humidity", 55), ("outlook", "sunny"));
        Assert.Equal("will play", answer["whatIdo"]);
        Assert.Equal("3", answer["node"]);
        Assert.Equal(0.9, answer["confidence"]);
        Assert.Equal(0.05, answer["noPlay"]);
        Assert.Equal("5", model.Score(("temperature", 75), ("humidity", 55), ("outlook", "rain"))["node"]);
    }

    [Fact]
    public void Last_prediction_is_that_of_the_node_whose_children_are_unknown()
    {
        using var model = Golf("lastPrediction");
        var answer = model.Score(Sunny);
        Assert.Equal("2", answer["node"]);
        Assert.Equal("will play", answer["whatIdo"]);
        Assert.Equal(0.8, answer["confidence"]);
        Assert.Equal(0.8, answer["probability"]);
        Assert.Equal("1", model.Score(NoOutlook)["node"]);
    }

    [Fact]
    public void Null_prediction_gives_no_result()
    {
        using var model = Golf("nullPrediction");
        var answer = model.Score(NoOutlook);
        Assert.Null(answer["whatIdo"]);
        Assert.Null(answer["node"]);
        Assert.Null(answer["mayPlay"]);
    }

    [Fact]
    public void Default_children_take_the_penalty_once_a_level()
    {
        using var model = Golf("defaultChild", "missingValuePenalty='0.8'");
        Assert.Equal(0.48, Number(model.Score(NoOutlook), "confidence"), 12);
        Assert.Equal("4", model.Score(NoOutlook)["node"]);
        Assert.Equal(0.72, Number(model.Score(Sunny), "confidence"), 12);
        Assert.Equal(0.576, Number(model.Score(), "confidence"), 12);
        Assert.Equal(0.9, model.Score(("outlook", "sunny"), ("temperature", 60))["confidence"]);
    }

    [Theory]
    [InlineData(70, "3", 0.72)]
    [InlineData(90, "4", 0.48)]
    public void Surrogates_take_the_penalty_once_though_two_children_ask_theirs(double humidity, string node, double confidence)
    {
        using var model = Golf("defaultChild", "missingValuePenalty='0.8'");
        var answer = model.Score(("outlook", "sunny"), ("humidity", humidity));
        Assert.Equal(node, answer["node"]);
        Assert.Equal(confidence, Number(answer, "confidence"), 12);
    }

    [Fact]
    public void Weighted_confidence_blends_the_children_by_their_records()
    {
        using var model = Golf("weightedConfidence");
        var answer = model.Score(Sunny);
        Assert.Equal("will play", answer["whatIdo"]);
        Assert.Null(answer["node"]);
        Assert.Equal(((40.0 / 50) * 0.9) + ((10.0 / 50) * 0.4), Number(answer, "confidence"), 12);
        Assert.Equal((40.0 / 50) * 0.05, Number(answer, "mayPlay"), 12);
        Assert.Equal(((40.0 / 50) * 0.05) + ((10.0 / 50) * 0.6), Number(answer, "noPlay"), 12);
    }

    [Fact]
    public void Weighted_confidence_is_recursive()
    {
        using var model = Golf("weightedConfidence");
        var answer = model.Score();
        Assert.Equal("will play", answer["whatIdo"]);
        Assert.Equal((0.5 * 0.8) + (0.5 * 0.4), Number(answer, "confidence"), 12);
        Assert.Equal((0.5 * 0.04) + (0.5 * 0.56), Number(answer, "mayPlay"), 12);
        Assert.Equal((0.5 * 0.16) + (0.5 * 0.04), Number(answer, "noPlay"), 12);
    }

    /// <summary>The disputed example dmg_tree_missing_aggregateNodes: nodes 4 and 5 together hold 24, 28 and 8 records.</summary>
    [Fact]
    public void Aggregated_nodes_add_up_the_records_of_all_leaves_that_may_be_reached()
    {
        using var model = Golf("aggregateNodes");
        var answer = model.Score(NoOutlook);
        Assert.Equal("may play", answer["whatIdo"]);
        Assert.Equal(28.0 / 60, answer["confidence"]);
        Assert.Equal(8.0 / 60, answer["noPlay"]);
        Assert.Equal(28.0 / 60, answer["probability"]);
    }

    [Fact]
    public void Without_a_strategy_unknown_predicates_do_not_hold()
    {
        using var model = Golf("none");
        Assert.Null(model.Score(Sunny)["whatIdo"]);
        using var lenient = Golf("none", "noTrueChildStrategy='returnLastPrediction'");
        Assert.Equal("2", lenient.Score(Sunny)["node"]);
        Assert.Equal("1", lenient.Score(NoOutlook)["node"]);
    }

    [Fact]
    public void Last_prediction_needs_a_score_where_no_child_is_true()
    {
        using var model = Golf("none", "noTrueChildStrategy='returnLastPrediction'", Nodes.Replace("id=\"2\" score=\"will play\"", "id=\"2\"", StringComparison.Ordinal));
        Assert.Null(model.Score(Sunny)["whatIdo"]);
    }

    [Fact]
    public void A_node_without_a_score_predicts_its_most_frequent_category()
    {
        using var model = Golf("lastPrediction", "", Nodes.Replace("id=\"5\" score=\"may play\"", "id=\"5\"", StringComparison.Ordinal));
        Assert.Equal("may play", model.Score(("outlook", "rain"))["whatIdo"]);
    }

    [Fact]
    public void Nodes_without_identifiers_are_numbered_in_the_order_of_the_file()
    {
        using var model = Golf("none", "", System.Text.RegularExpressions.Regex.Replace(Nodes, " (id|defaultChild)=\"\\d\"", ""));
        Assert.Equal("4", model.Score(("outlook", "sunny"), ("temperature", 10))["node"]);
        Assert.Equal("5", model.Score(("outlook", "rain"))["node"]);
    }

    [Theory]
    [InlineData("defaultChild=\"3\"", "defaultChild=\"5\"")]
    [InlineData("defaultChild=\"2\"", "")]
    public void A_default_child_that_is_not_there_is_named_with_its_line(string attribute, string instead)
    {
        var error = Assert.Throws<ModelException>(() => Golf("defaultChild", "", Nodes.Replace(attribute, instead, StringComparison.Ordinal)));
        Assert.Contains("'defaultChild'", error.Message, StringComparison.Ordinal);
        Assert.Matches("line \\d+, column \\d+: Node", error.Message);
    }

    private static double Number(IReadOnlyDictionary<string, object?> answer, string output) => Assert.IsType<double>(answer[output]);

    private static PmmlTest Golf(string strategy, string attributes = "", string nodes = Nodes) =>
        new(Declared(), $"<TreeModel functionName='classification' missingValueStrategy='{strategy}' {attributes}>{Schema}{Output}{nodes}</TreeModel>");

    private const string Schema = "<MiningSchema><MiningField name='temperature'/><MiningField name='humidity'/><MiningField name='outlook'/><MiningField name='whatIdo' usageType='target'/></MiningSchema>";

    /// <summary>Category names with spaces, which the short form of <see cref="PmmlTest"/> does not take.</summary>
    private static string Declared() => """
        <DataField name="temperature" optype="continuous" dataType="double"/><DataField name="humidity" optype="continuous" dataType="double"/>
        <DataField name="outlook" optype="categorical" dataType="string"><Value value="sunny"/><Value value="overcast"/><Value value="rain"/></DataField>
        <DataField name="whatIdo" optype="categorical" dataType="string"><Value value="will play"/><Value value="may play"/><Value value="no play"/></DataField>
        """;
}
