using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Models inside nodes (PMML 4.4.1, TreeModel: EmbeddedModel).</summary>
public sealed class TreeEmbeddedTests
{
    private const string LinearLeaf = """
        <TreeModel functionName='regression' missingValueStrategy='lastPrediction'><MiningSchema/><Node score='1'><True/>
        <Node score='2'><SimplePredicate field='x' operator='lessThan' value='0'/>
          <Regression functionName='regression'><RegressionTable intercept='10'><NumericPredictor name='z' coefficient='0.5'/></RegressionTable></Regression></Node>
        <Node score='3'><SimplePredicate field='x' operator='greaterOrEqual' value='0'/></Node>
        </Node></TreeModel>
        """;

    [Fact]
    public void A_regression_in_a_node_is_the_nodes_result()
    {
        using var model = new PmmlTest("x z *y", LinearLeaf);
        Assert.Equal(12.0, model.Score(("x", -1), ("z", 4))["y"]);
        Assert.Equal(3.0, model.Score(("x", 1), ("z", 4))["y"]);
        Assert.Equal(1.0, model.Score(("z", 4))["y"]);
    }

    /// <summary>As LightGBM's linear trees do where a value of the leaf's regression is missing.</summary>
    [Fact]
    public void The_nodes_score_stands_in_for_a_regression_without_a_result()
    {
        using var model = new PmmlTest("x z *y", LinearLeaf);
        Assert.Equal(2.0, model.Score(("x", -1))["y"]);
    }

    [Fact]
    public void A_tree_in_a_node_takes_over_with_its_probabilities()
    {
        using var model = new PmmlTest("x z *y=p,q", """
            <TreeModel functionName='classification'><MiningSchema/><Output><OutputField name='q' feature='probability' value='q' dataType='double' optype='continuous'/></Output>
            <Node score='p'><True/><ScoreDistribution value='p' recordCount='3'/><ScoreDistribution value='q' recordCount='1'/>
            <Node score='p'><SimplePredicate field='x' operator='lessThan' value='0'/><ScoreDistribution value='p' recordCount='9'/><ScoreDistribution value='q' recordCount='1'/></Node>
            <Node score='p'><True/><DecisionTree functionName='classification'><Node score='q'><True/><ScoreDistribution value='q' recordCount='4'/><ScoreDistribution value='p' recordCount='1'/></Node></DecisionTree></Node>
            </Node></TreeModel>
            """);
        var answer = model.Score(("x", 1));
        Assert.Equal("q", answer["y"]);
        Assert.Equal(0.8, answer["q"]);
        Assert.Equal(0.1, model.Score(("x", -1))["q"]);
    }

    [Fact]
    public void Probabilities_are_made_to_sum_to_one_in_the_precision_of_the_model()
    {
        const string leaf = "<Node score='p'><True/><ScoreDistribution value='p' recordCount='1'/><ScoreDistribution value='q' recordCount='2'/></Node></TreeModel>";
        const string output = "<MiningSchema/><Output><OutputField name='q' feature='probability' value='q' dataType='double' optype='continuous'/></Output>";
        using var wide = new PmmlTest("x *y=p,q", $"<TreeModel functionName='classification'>{output}{leaf}");
        Assert.Equal(2.0 / 3, wide.Score()["q"]);
        using var narrow = new PmmlTest("x *y=p,q", $"<TreeModel functionName='classification' x-mathContext='float'>{output}{leaf}");
        Assert.Equal((double)(2f / 3), narrow.Score()["q"]);
    }

    [Fact]
    public void More_outcomes_than_memory_should_hold_are_refused()
    {
        const int nodes = 12_000;
        var text = new StringBuilder("<Node score='0'><True/>");
        for (var i = 0; i < nodes; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"<Node><SimplePredicate field='x' operator='equal' value='{i}'/><ScoreDistribution value='k{i}' recordCount='1'/></Node>");
        text.Append("</Node>");
        var error = Assert.Throws<ModelException>(() => new PmmlTest("x *y:string", $"<TreeModel functionName='classification'><MiningSchema/>{text}</TreeModel>"));
        Assert.Contains("12001 nodes with 12002 values each", error.Message, StringComparison.Ordinal);
    }
}
