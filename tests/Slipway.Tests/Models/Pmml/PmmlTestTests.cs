using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

public sealed class PmmlTestTests
{
    private const string Regression = """
        <RegressionModel functionName="regression"><MiningSchema/>
        <RegressionTable intercept="2"><NumericPredictor name="x" coefficient="3"/><NumericPredictor name="n" coefficient="1"/>
        <CategoricalPredictor name="color" value="red" coefficient="10"/></RegressionTable>
        </RegressionModel>
        """;

    [Fact]
    public void Rows_are_scored_from_name_value_pairs()
    {
        using var model = new PmmlTest("x n:integer color=red,green *y", Regression);
        Assert.Equal(17.5, model.Score(("x", 1.5), ("n", 1), ("color", "red"))["y"]);
        Assert.Equal(7.5, model.Score(("x", "1.5"), ("n", 1), ("color", "green"))["y"]);
        Assert.Null(model.Score(("n", 1), ("color", "green"))["y"]);
        Assert.Throws<RecordException>(() => model.Score(("x", 1), ("n", 1), ("color", "blue")));
    }
}
