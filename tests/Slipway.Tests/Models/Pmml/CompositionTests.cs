using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Models in a MiningModel without segments (PMML 3.2, Model Composition). The scenarios are the standard's; expected values are computed apart.</summary>
public sealed class CompositionTests
{
    private const string ReplaceAge = """
        <DecisionTree functionName="regression"><ResultField name="full_age" optype="continuous" dataType="double" feature="predictedValue"/>
        <Node><True/>
          <Node><SimplePredicate field="age" operator="isNotMissing"/><Regression functionName="regression"><RegressionTable intercept="0"><NumericPredictor name="age" coefficient="1"/></RegressionTable></Regression></Node>
          <Node score="20"><SimplePredicate field="occupation" operator="equal" value="Student"/></Node>
          <Node score="70"><SimplePredicate field="occupation" operator="equal" value="Retired"/></Node>
          <Node score="40"><True/></Node>
        </Node></DecisionTree>
        """;

    private const string Logistic = """
        <Regression functionName="classification" normalizationMethod="softmax"><RegressionTable intercept="-2" targetCategory="yes"><NumericPredictor name="full_age" coefficient="0.05"/></RegressionTable><RegressionTable intercept="0" targetCategory="no"/></Regression>
        """;

    private static PmmlTest Responds(string inside) => new("age occupation=Student,Retired,Clerk *response=yes,no", $"""
        <MiningModel functionName="classification"><MiningSchema/>
        <Output><OutputField name="P" feature="probability" value="yes"/><OutputField name="used" feature="transformedValue" dataType="double" optype="continuous"><FieldRef field="full_age"/></OutputField></Output>
        {inside}</MiningModel>
        """);

    /// <summary>1 / (1 + exp(2 − 0.05 age)) by Python.</summary>
    [Theory]
    [InlineData(30.5, "Student", 30.5, 0.3834334954786807, "no")]
    [InlineData(null, "Student", 20, 0.2689414213699951, "no")]
    [InlineData(null, "Retired", 70, 0.8175744761936437, "yes")]
    [InlineData(null, "Clerk", 40, 0.5, "yes")]
    [InlineData(null, null, 40, 0.5, "yes")]
    public void A_tree_replaces_missing_values_for_a_regression(double? age, string? occupation, double used, double probability, string response)
    {
        using var model = Responds(ReplaceAge + Logistic);
        var answer = model.Score(("age", age), ("occupation", occupation));
        Assert.Equal(response, answer["response"]);
        Assert.Equal(probability, (double)answer["P"]!, 1e-15);
        Assert.Equal(used, answer["used"]);
        Assert.DoesNotContain("full_age", answer.Keys);
    }

    /// <summary>A mailing costs 2 and earns 25 from who responds: profit = 25 p − 2; 0.25 and 0.05 of the records respond.</summary>
    [Theory]
    [InlineData(60, "mail", 4.25)]
    [InlineData(20, "none", -0.75)]
    public void Probabilities_are_weighed_against_costs_before_a_tree_decides(double age, string decision, double profit)
    {
        using var model = new PmmlTest("age *action=mail,none", """
            <MiningModel functionName="classification"><MiningSchema/>
            <Output><OutputField name="profit" feature="transformedValue" dataType="double" optype="continuous"><FieldRef field="p"/></OutputField><OutputField name="node" feature="entityId"/></Output>
            <DecisionTree functionName="classification"><ResultField name="respond" feature="probability" value="1"/><ResultField name="refuse" feature="probability" value="0"/><ResultField name="group" feature="entityId"/>
              <Node id="all"><True/>
                <Node id="old" score="0"><SimplePredicate field="age" operator="greaterThan" value="50"/><ScoreDistribution value="0" recordCount="75"/><ScoreDistribution value="1" recordCount="25"/></Node>
                <Node id="young" score="0"><True/><ScoreDistribution value="0" recordCount="95"/><ScoreDistribution value="1" recordCount="5"/></Node></Node></DecisionTree>
            <Regression functionName="regression"><ResultField name="p" feature="predictedValue"/><RegressionTable intercept="0"><NumericPredictor name="respond" coefficient="23"/><NumericPredictor name="refuse" coefficient="-2"/></RegressionTable></Regression>
            <DecisionTree functionName="classification"><Node id="decide"><True/>
              <Node id="yes" score="mail"><CompoundPredicate booleanOperator="and"><SimplePredicate field="p" operator="greaterThan" value="0"/><SimplePredicate field="group" operator="equal" value="old"/></CompoundPredicate></Node>
              <Node id="no" score="none"><True/></Node></Node></DecisionTree>
            </MiningModel>
            """);
        var answer = model.Score(("age", age));
        Assert.Equal(decision, answer["action"]);
        Assert.Equal(profit, (double)answer["profit"]!, 1e-12);
        Assert.Equal(decision == "mail" ? "yes" : "no", answer["node"]);
    }

    private const string Selection = """
        <DecisionTree functionName="regression"><LocalTransformations><DerivedField name="doubled" optype="continuous" dataType="double"><Apply function="*"><FieldRef field="x"/><Constant>2</Constant></Apply></DerivedField></LocalTransformations>
        <Node><True/>
          <Node><SimplePredicate field="x" operator="lessThan" value="0"/><Regression functionName="regression"><ResultField name="slope"/><RegressionTable intercept="10"><NumericPredictor name="doubled" coefficient="1"/></RegressionTable></Regression></Node>
          <Node><SimplePredicate field="x" operator="lessThan" value="10"/><DecisionTree functionName="regression"><ResultField name="slope"/><Node score="5"><True/></Node></DecisionTree></Node>
          <Node score="7"><True/></Node>
        </Node></DecisionTree>
        """;

    [Theory]
    [InlineData(-3, 4)]
    [InlineData(3, 5)]
    [InlineData(30, 7)]
    public void A_tree_selects_the_model_that_answers(double x, double y)
    {
        using var model = new PmmlTest("x *y", $"""<MiningModel functionName="regression"><MiningSchema/><Targets><Target field="y" rescaleFactor="100"/></Targets>{Selection}</MiningModel>""");
        Assert.Equal(100 * y, model.Score(("x", x))["y"]);
    }

    [Fact]
    public void Result_fields_of_the_selected_model_are_those_of_the_next_and_missing_where_none_is_selected()
    {
        using var model = new PmmlTest("x *y", $"""
            <MiningModel functionName="regression"><MiningSchema/>{Selection}
            <Regression functionName="regression"><LocalTransformations><DerivedField name="s" optype="continuous" dataType="double"><FieldRef field="slope" mapMissingTo="-1"/></DerivedField></LocalTransformations>
            <RegressionTable intercept="0"><NumericPredictor name="s" coefficient="3"/></RegressionTable></Regression></MiningModel>
            """);
        Assert.Equal(12.0, model.Score(("x", -3))["y"]);
        Assert.Equal(15.0, model.Score(("x", 3))["y"]);
        Assert.Equal(-3.0, model.Score(("x", 30))["y"]);
    }

    [Fact]
    public void Rows_of_one_batch_do_not_see_each_others_results()
    {
        using var model = PmmlTest.Open(PmmlTest.Document("x *y", $"""
            <MiningModel functionName="regression"><MiningSchema/>{Selection}
            <Regression functionName="regression"><RegressionTable intercept="0"><NumericPredictor name="slope" coefficient="3"/></RegressionTable></Regression></MiningModel>
            """));
        Assert.Equal(["12", "15", null, "15", null], model.Answer(("x", ["-3", "3", "30", "4", "31"])).Select(a => a[0]));
    }

    [Fact]
    public void The_model_whose_result_field_is_the_target_gives_the_result()
    {
        using var model = new PmmlTest("x *y", """
            <MiningModel functionName="regression"><MiningSchema/><Output><OutputField name="grade" feature="transformedValue" dataType="string" optype="categorical"><FieldRef field="g"/></OutputField></Output>
            <Regression functionName="regression"><ResultField name="y" feature="predictedValue"/><RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/></RegressionTable></Regression>
            <DecisionTree functionName="classification"><ResultField name="g" feature="predictedValue"/><Node score="low"><True/><Node score="high"><SimplePredicate field="y" operator="greaterThan" value="5"/></Node><Node score="low"><True/></Node></Node></DecisionTree>
            </MiningModel>
            """);
        Assert.Equal(7.0, model.Score(("x", 3))["y"]);
        Assert.Equal("high", model.Score(("x", 3))["grade"]);
        Assert.Equal("low", model.Score(("x", 2))["grade"]);
    }

    [Fact]
    public void Segments_see_the_results_of_models_before_them()
    {
        using var model = new PmmlTest("x *y", """
            <MiningModel functionName="regression"><MiningSchema/><Output><OutputField name="second" feature="predictedValue" segmentId="b"/></Output>
            <Regression functionName="regression"><ResultField name="base"/><RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/></RegressionTable></Regression>
            <Segmentation multipleModelMethod="sum">
            <Segment id="a"><True/><RegressionModel functionName="regression"><MiningSchema><MiningField name="base"/></MiningSchema><RegressionTable intercept="0"><NumericPredictor name="base" coefficient="1"/></RegressionTable></RegressionModel></Segment>
            <Segment id="b"><SimplePredicate field="base" operator="greaterThan" value="6"/><RegressionModel functionName="regression"><MiningSchema><MiningField name="base"/></MiningSchema><RegressionTable intercept="100"/></RegressionModel></Segment>
            </Segmentation></MiningModel>
            """);
        Assert.Equal(107.0, model.Score(("x", 3))["y"]);
        Assert.Equal(100.0, model.Score(("x", 3))["second"]);
        Assert.Equal(5.0, model.Score(("x", 2))["y"]);
    }

    [Fact]
    public void A_file_of_version_3_without_data_types_runs()
    {
        using var model = PmmlRuntime.Open(new MemoryStream(Encoding.UTF8.GetBytes($"""
            <PMML version="3.1" xmlns="http://www.dmg.org/PMML-3_1"><Header copyright="none"/><DataDictionary numberOfFields="3">
            <DataField name="age" optype="continuous"/><DataField name="occupation" optype="categorical"/><DataField name="response" optype="categorical"><Value value="yes"/><Value value="no"/></DataField></DataDictionary>
            <MiningModel functionName="classification"><MiningSchema><MiningField name="age"/><MiningField name="occupation"/><MiningField name="response" usageType="predicted"/></MiningSchema>{ReplaceAge}{Logistic}</MiningModel></PMML>
            """)));
        Assert.Equal(["no", "yes"], model.Answer(("age", ["30.5", null]), ("occupation", ["Student", "Retired"])).Select(a => a[0]));
    }

    [Theory]
    [InlineData("<Regression functionName='regression'><RegressionTable intercept='0'><NumericPredictor name='later' coefficient='1'/></RegressionTable></Regression><Regression functionName='regression'><ResultField name='later'/><RegressionTable intercept='0'/></Regression>", "the field 'later' is not declared where it is used")]
    [InlineData("<Regression functionName='regression'><ResultField name='own'/><RegressionTable intercept='0'><NumericPredictor name='own' coefficient='1'/></RegressionTable></Regression>", "the field 'own' is not declared where it is used")]
    [InlineData("<LocalTransformations><DerivedField name='d' optype='continuous' dataType='double'><FieldRef field='r'/></DerivedField></LocalTransformations><Regression functionName='regression'><ResultField name='r'/><RegressionTable intercept='0'><NumericPredictor name='d' coefficient='1'/></RegressionTable></Regression>", "the field 'r' is not declared where it is used")]
    [InlineData("<Regression functionName='regression'><ResultField name='r'/><RegressionTable intercept='0'/></Regression><Regression functionName='regression'><ResultField name='r'/><RegressionTable intercept='0'/></Regression>", "the result field 'r' is declared twice")]
    [InlineData("<Regression functionName='regression'><ResultField feature='predictedValue'/><RegressionTable intercept='0'/></Regression>", "ResultField: the attribute 'name' is absent")]
    [InlineData("<Regression functionName='regression'><ResultField name='r' feature='probability' value='a'/><RegressionTable intercept='0'/></Regression>", "the model has no probability")]
    [InlineData("<DecisionTree functionName='classification'><Node score='a'><True/></Node></DecisionTree>", "it gives the MiningModel's result, but its functionName is another")]
    [InlineData("<DecisionTree functionName='regression'><Node><True/><DecisionTree functionName='classification'><Node score='a'><True/></Node></DecisionTree></Node></DecisionTree>", "its functionName is not that of the tree around")]
    [InlineData("<DecisionTree functionName='regression'><Node><True/><Node><SimplePredicate field='x' operator='lessThan' value='0'/><Regression functionName='regression'><ResultField name='r'/><RegressionTable intercept='0'/></Regression></Node><Node><True/><DecisionTree functionName='regression'><ResultField name='r' feature='entityId'/><Node score='1'><True/></Node></DecisionTree></Node></Node></DecisionTree>", "the result field 'r' has another type in another node")]
    [InlineData("<Regression functionName='regression'/>", "it has no RegressionTable")]
    [InlineData("<DecisionTree functionName='regression'/>", "it has no Node")]
    [InlineData("", "it has no Segmentation")]
    public void What_is_wrong_is_named(string inside, string says) => Assert.Contains(says, Assert.Throws<ModelException>(() =>
        PmmlTest.Open(PmmlTest.Document("x *y", $"<MiningModel functionName='regression'><MiningSchema/>{inside}</MiningModel>"))).Message, StringComparison.Ordinal);
}
