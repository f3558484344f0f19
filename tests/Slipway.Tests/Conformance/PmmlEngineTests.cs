using Slipway.Conformance.Pmml;
using Slipway.Core;

namespace Slipway.Tests.Conformance;

public class PmmlEngineTests
{
    private const string Model = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
          <DataDictionary>
            <DataField name="x" optype="continuous" dataType="double"/>
            <DataField name="z" optype="continuous" dataType="integer"><Interval closure="closedClosed" leftMargin="0" rightMargin="9"/></DataField>
          </DataDictionary>
          <RegressionModel functionName="regression">
            <MiningSchema><MiningField name="x"/><MiningField name="z"/></MiningSchema>
            <Output>
              <OutputField name="single" dataType="float" optype="continuous" feature="predictedValue"/>
              <OutputField name="count" dataType="integer" optype="continuous" feature="transformedValue"><FieldRef field="z"/></OutputField>
              <OutputField name="large" dataType="boolean" optype="categorical" feature="transformedValue">
                <Apply function="greaterThan"><FieldRef field="x"/><Constant dataType="double">1</Constant></Apply>
              </OutputField>
              <OutputField name="word" dataType="string" optype="categorical" feature="transformedValue"><Constant dataType="string">so</Constant></OutputField>
            </Output>
            <RegressionTable intercept="0.5"><NumericPredictor name="x" coefficient="2"/></RegressionTable>
          </RegressionModel>
        </PMML>
        """;

    [Theory]
    [InlineData("m.pmml")]
    [InlineData("m.pmml.gz")]
    public void Answers_have_the_types_of_the_outputs(string name)
    {
        var answer = Score(name, "2", "7");
        Assert.Equal([4.5, 4.5f, 7L, true, "so"], answer.Values!);
    }

    [Fact]
    public void Missing_inputs_give_missing_outputs() => Assert.Equal([null, null, null, null, "so"], Score("m.pmml", null, null).Values!);

    [Fact]
    public void A_record_that_only_an_output_refuses_is_refused()
    {
        var answer = Score("m.pmml", "2", "10");
        Assert.Null(answer.Values);
        Assert.Contains("'z'", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_the_file_does_not_name_is_called_so()
    {
        using var folder = new SuiteFolder().With("m.pmml", Model);
        using var scorer = PmmlEngine.Open(Path.Combine(folder.Path, "m.pmml"));
        Assert.Equal(["_target", "single", "count", "large", "word"], scorer.Outputs);
    }

    [Fact]
    public void A_damaged_file_is_the_models_error()
    {
        using var folder = new SuiteFolder().With("m.pmml", Model[..400]);
        Assert.Throws<ModelException>(() => PmmlEngine.Open(Path.Combine(folder.Path, "m.pmml")));
    }

    [Fact]
    public void Many_rows_with_new_texts_are_scored()
    {
        using var folder = new SuiteFolder().With("m.pmml", Model);
        using var scorer = PmmlEngine.Open(Path.Combine(folder.Path, "m.pmml"));
        var rows = Enumerable.Range(0, 2500).Select(i => new string?[] { $"{i}" }).ToArray();
        Assert.Equal(rows.Select((_, i) => (object?)(0.5 + (2.0 * i))), scorer.Score(new TextTable(["x"], rows)).Select(a => a.Values![0]));
    }

    [Fact]
    public void Items_of_a_group_have_one_answer_and_groups_keep_their_order()
    {
        const string rules = """
            <PMML version="4.2" xmlns="http://www.dmg.org/PMML-4_2">
              <DataDictionary><DataField name="basket" optype="categorical" dataType="string"/><DataField name="item" optype="categorical" dataType="string"/></DataDictionary>
              <AssociationModel functionName="associationRules">
                <MiningSchema><MiningField name="basket" usageType="group"/><MiningField name="item"/></MiningSchema>
                <Output>
                  <OutputField name="rule" feature="ruleValue" ruleFeature="ruleId" algorithm="exclusiveRecommendation" rank="1" rankBasis="support"/>
                  <OutputField name="lift" feature="ruleValue" ruleFeature="lift" algorithm="exclusiveRecommendation" rank="1" rankBasis="support"/>
                </Output>
                <Item id="1" value="milk"/><Item id="2" value="bread"/><Item id="3" value="eggs"/>
                <Itemset id="1"><ItemRef itemRef="1"/></Itemset><Itemset id="2"><ItemRef itemRef="2"/></Itemset><Itemset id="3"><ItemRef itemRef="3"/></Itemset>
                <AssociationRule support="0.25" confidence="0.9" lift="1.25" antecedent="1" consequent="2"/>
                <AssociationRule support="0.5" confidence="0.8" lift="1.125" antecedent="1" consequent="3"/>
              </AssociationModel>
            </PMML>
            """;
        using var suite = new SuiteFolder().With("m.pmml", rules)
            .With("i.csv", "basket,item\nB,milk\nA,bread\nB,eggs\nC,milk\n").With("e.csv", "rule,lift\n1,1.25\nNA,NA\n2,1.125\n")
            .WithManifest("rules\tm.pmml\ti.csv\te.csv\trule|lift\tPMMLEquivalence(1.0E-13,1.0E-13)");
        Assert.Equal("rules\tpassed\t3\t0\t0\t", PmmlSuite.Run(Assert.Single(SuiteManifest.Read(suite.Path)), PmmlEngine.Open).ReportLine);
    }

    private static Answer Score(string name, string? x, string? z)
    {
        using var folder = new SuiteFolder().With(name, Model);
        using var scorer = PmmlEngine.Open(Path.Combine(folder.Path, name));
        return Assert.Single(scorer.Score(new TextTable(["z", "x"], [[z, x]])));
    }
}
