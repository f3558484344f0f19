using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>LocalTransformations of a Segmentation (PMML 4.4): fields for its segments.</summary>
public sealed class SegmentationTransformationsTests
{
    private const string Squared = """<LocalTransformations><DerivedField name="squared" optype="continuous" dataType="double"><Apply function="*"><FieldRef field="x"/><FieldRef field="x"/></Apply></DerivedField></LocalTransformations>""";

    private static string Linear(string field, double coefficient, string outputs = "") =>
        $"""<RegressionModel functionName="regression"><MiningSchema><MiningField name="{field}"/></MiningSchema>{outputs}<RegressionTable intercept="0"><NumericPredictor name="{field}" coefficient="{coefficient}"/></RegressionTable></RegressionModel>""";

    private static string Model(string method, string inside, string around = "") => $"""<MiningModel functionName="regression"><MiningSchema/>{around}<Segmentation multipleModelMethod="{method}">{inside}</Segmentation></MiningModel>""";

    [Theory]
    [InlineData("sum", 3, 27)]
    [InlineData("sum", 1, 1)]
    [InlineData("selectFirst", 3, 18)]
    [InlineData("selectFirst", 1, 1)]
    [InlineData("average", 3, 13.5)]
    [InlineData("modelChain", 3, 9)]
    public void Conditions_and_models_of_the_segments_see_them(string method, double x, double y)
    {
        using var model = new PmmlTest("x *y", Model(method, $"""
            {Squared}<Segment><SimplePredicate field="squared" operator="greaterThan" value="4"/>{Linear("squared", 2)}</Segment><Segment><True/>{Linear("squared", 1)}</Segment>
            """));
        Assert.Equal(y, model.Score(("x", x))["y"]);
    }

    [Fact]
    public void Weights_of_segments_see_them()
    {
        using var model = new PmmlTest("x *y", Model("weightedAverage", $"""
            {Squared}<Segment><True/><VariableWeight field="squared"/>{Linear("x", 1)}</Segment><Segment weight="3"><True/>{Linear("x", 5)}</Segment>
            """));
        Assert.Equal(((9 * 3) + (3 * 15)) / 12.0, model.Score(("x", 3))["y"]);
    }

    [Fact]
    public void In_a_chain_they_may_be_made_of_what_segments_before_put_out()
    {
        using var model = new PmmlTest("x *y", Model("modelChain", $"""
            <LocalTransformations><DerivedField name="next" optype="continuous" dataType="double"><Apply function="+"><FieldRef field="first"/><Constant>100</Constant></Apply></DerivedField></LocalTransformations>
            <Segment><True/>{Linear("x", 2, "<Output><OutputField name='first' feature='predictedValue'/></Output>")}</Segment><Segment><True/>{Linear("next", 10)}</Segment>
            """));
        Assert.Equal(1060.0, model.Score(("x", 3))["y"]);
    }

    [Fact]
    public void Their_names_hide_those_of_the_model_around_inside_only()
    {
        using var model = new PmmlTest("x *y", Model("sum", $"{Squared}<Segment><True/>{Linear("squared", 1)}</Segment>",
            """<Output><OutputField name="around" feature="transformedValue" dataType="double" optype="continuous"><FieldRef field="squared"/></OutputField></Output><LocalTransformations><DerivedField name="squared" optype="continuous" dataType="double"><Constant>-1</Constant></DerivedField></LocalTransformations>"""));
        Assert.Equal(9.0, model.Score(("x", 3))["y"]);
        Assert.Equal(-1.0, model.Score(("x", 3))["around"]);
    }

    [Theory]
    [InlineData("<DerivedField name='squared' optype='continuous' dataType='double'><FieldRef field='squared'/></DerivedField>", "'squared' is derived from itself")]
    [InlineData("<DerivedField name='squared' optype='continuous' dataType='double'><FieldRef field='other'/></DerivedField><DerivedField name='other' optype='continuous' dataType='double'><FieldRef field='squared'/></DerivedField>", "is derived from itself")]
    [InlineData("<DerivedField name='squared' optype='continuous' dataType='double'><FieldRef field='z'/></DerivedField>", "the field 'z' is not declared where it is used")]
    [InlineData("<DerivedField name='squared' optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField><DerivedField name='squared' optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField>", "the field 'squared' is declared twice")]
    [InlineData("<DerivedField name='squared' optype='continuous' dataType='double'/>", "it has no expression")]
    public void What_is_wrong_is_named(string fields, string says) => Assert.Contains(says, Assert.Throws<ModelException>(() =>
        PmmlTest.Open(PmmlTest.Document("x *y", Model("sum", $"<LocalTransformations>{fields}</LocalTransformations><Segment><True/>{Linear("squared", 1)}</Segment>")))).Message, StringComparison.Ordinal);
}
