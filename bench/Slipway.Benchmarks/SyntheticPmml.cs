using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;

namespace Slipway.Benchmarks;

/// <summary>Small PMML models of the kinds that most files hold, written here so that no file is needed.</summary>
internal static class SyntheticPmml
{
    private const string Trees =
        """
        <MiningModel functionName="regression"><MiningSchema><MiningField name="x"/><MiningField name="z"/><MiningField name="c"/></MiningSchema>
        <Segmentation multipleModelMethod="average">TREES</Segmentation></MiningModel>
        """;

    private const string Tree =
        """
        <Segment><True/><TreeModel functionName="regression" missingValueStrategy="defaultChild"><MiningSchema><MiningField name="x"/><MiningField name="c"/></MiningSchema>
        <Node id="0" defaultChild="1"><True/>
        <Node id="1" score="LIMIT"><SimplePredicate field="x" operator="lessOrEqual" value="LIMIT"/></Node>
        <Node id="2" defaultChild="3"><SimplePredicate field="x" operator="greaterThan" value="LIMIT"/>
        <Node id="3" score="1"><SimplePredicate field="c" operator="equal" value="b"/></Node><Node id="4" score="2"><SimplePredicate field="c" operator="notEqual" value="b"/></Node>
        </Node></Node></TreeModel></Segment>
        """;

    private const string Logistic =
        """
        <RegressionModel functionName="classification" normalizationMethod="logit"><MiningSchema><MiningField name="y" usageType="target"/><MiningField name="x"/><MiningField name="z"/><MiningField name="c"/></MiningSchema>
        <Output><OutputField name="p" feature="probability" value="1"/></Output>
        <LocalTransformations><DerivedField name="d" optype="continuous" dataType="double"><Apply function="*"><FieldRef field="x"/><FieldRef field="z"/></Apply></DerivedField></LocalTransformations>
        <RegressionTable intercept="0.5" targetCategory="1"><NumericPredictor name="x" coefficient="0.25"/><NumericPredictor name="d" coefficient="-2"/><CategoricalPredictor name="c" value="b" coefficient="1"/></RegressionTable>
        <RegressionTable intercept="0" targetCategory="0"/></RegressionModel>
        """;

    public static RowProgramModel Forest() => Open(Trees.Replace("TREES", string.Concat(Enumerable.Range(0, 20).Select(i => Tree.Replace("LIMIT", $"0.{i:00}", StringComparison.Ordinal))), StringComparison.Ordinal));

    public static RowProgramModel Regression() => Open(Logistic);

    public static Batch Rows(int count) => new(
        Tensor.Of<double>("x", [.. Enumerable.Range(0, count).Select(i => i % 17 / 17.0)]),
        Tensor.Of<double>("z", [.. Enumerable.Range(0, count).Select(i => i % 5 - 2.0)]),
        Tensor.OfText("c", [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? "a" : "b")]));

    private static RowProgramModel Open(string model) => PmmlRuntime.Open(new MemoryStream(Encoding.UTF8.GetBytes(
        $"""
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary>
        <DataField name="x" optype="continuous" dataType="double"/><DataField name="z" optype="continuous" dataType="double"/>
        <DataField name="c" optype="categorical" dataType="string"><Value value="a"/><Value value="b"/></DataField>
        <DataField name="y" optype="categorical" dataType="string"><Value value="0"/><Value value="1"/></DataField></DataDictionary>{model}</PMML>
        """)));
}
