namespace Slipway.Tests.Models.Pmml;

/// <summary>PMML 4.4.1, Targets.</summary>
public sealed class TargetTests
{
    [Theory]
    [InlineData("", 20.0, 20.0)]
    [InlineData("min='0' max='10'", 20.0, 10.0)]
    [InlineData("min='0' max='10'", -3.0, 0.0)]
    [InlineData("min='0' max='10' rescaleFactor='2'", 20.0, 20.0)]
    [InlineData("min='0' max='10' rescaleFactor='2' rescaleConstant='1.5'", 20.0, 21.5)]
    [InlineData("min='0' max='10' rescaleFactor='2' rescaleConstant='1.5'", -3.0, 1.5)]
    [InlineData("min='0' max='10' rescaleFactor='2' rescaleConstant='1.5' castInteger='round'", 20.0, 22.0)]
    [InlineData("min='0' max='10' rescaleFactor='2' rescaleConstant='1.5' castInteger='floor'", 20.0, 21.0)]
    [InlineData("min='0' max='10' rescaleFactor='2' rescaleConstant='1.5' castInteger='ceiling'", 20.0, 22.0)]
    [InlineData("castInteger='round'", 2.5, 3.0)]
    [InlineData("castInteger='round'", -2.5, -2.0)]
    [InlineData("castInteger='round'", -2.6, -3.0)]
    [InlineData("castInteger='round'", 0.49999999999999994, 0.0)]
    [InlineData("castInteger='round'", 4503599627370497.0, 4503599627370497.0)]
    [InlineData("castInteger='floor'", -2.5, -3.0)]
    [InlineData("castInteger='ceiling'", -2.5, -2.0)]
    public void Number_is_limited_then_rescaled_then_cast(string attributes, double predicted, double expected)
    {
        using var model = new PmmlTest("x *y", Identity($"<Targets><Target field='y' {attributes}/></Targets>"));
        Assert.Equal(expected, model.Score(("x", predicted))["y"]);
    }

    [Fact]
    public void Float_context_rescales_in_float32()
    {
        using var model = new PmmlTest("x *y", Identity("<Targets><Target field='y' rescaleFactor='0.1' rescaleConstant='0.2'/></Targets>", "x-mathContext='float'"));
        Assert.Equal((double)((0.7f * 0.1f) + 0.2f), model.Score(("x", 0.7))["y"]);
    }

    [Fact]
    public void Target_of_another_field_is_left_alone()
    {
        using var model = new PmmlTest("x *y", Identity("<Targets><Target field='z' rescaleFactor='2'/><Target field='y' rescaleFactor='3'/></Targets>"));
        Assert.Equal(6.0, model.Score(("x", 2))["y"]);
    }

    [Theory]
    [InlineData("", 3.0)]
    [InlineData("rescaleFactor='2' rescaleConstant='1.5'", 7.5)]
    [InlineData("max='1'", 1.0)]
    public void Default_value_takes_the_place_of_a_missing_prediction(string attributes, double expected)
    {
        using var model = new PmmlTest("x *y", Identity($"<Targets><Target field='y' {attributes}><TargetValue defaultValue='3'/></Target></Targets>"));
        Assert.Equal(expected, model.Score(("x", null))["y"]);
    }

    [Theory]
    [InlineData("0.25", "0.75", 0.25)]
    [InlineData("0.2", "0.6", 0.25)]
    [InlineData("1", "3", 0.25)]
    public void Priors_take_the_place_of_a_missing_prediction_and_sum_to_1(string first, string second, double probability)
    {
        using var model = Classifier($"<Targets><Target field='y'><TargetValue value='a' priorProbability='{first}'/><TargetValue value='b' priorProbability='{second}'/></Target></Targets>");
        var answer = model.Score(("x", null));
        Assert.Equal("b", answer["y"]);
        Assert.Equal(probability, (double)answer["pa"]!, 1e-15);
        Assert.Equal(1 - probability, (double)answer["pb"]!, 1e-15);
        Assert.Equal("a", model.Score(("x", 0.9))["y"]);
    }

    [Fact]
    public void Target_without_a_name_is_called_target()
    {
        using var model = new PmmlTest("x", Identity("<Targets><Target rescaleFactor='2'/></Targets>"));
        Assert.Equal(3.0, model.Score(("x", 1.5))["_target"]);
    }

    [Theory]
    [InlineData("a", "Alpha")]
    [InlineData("b", "Beta of the target")]
    [InlineData("c", "c")]
    public void Display_value_is_the_targets_or_the_fields_or_the_category(string category, string expected)
    {
        using var model = new PmmlTest(
            "<DataField name='x' optype='categorical' dataType='string'/><DataField name='y' optype='categorical' dataType='string'><Value value='a' displayValue='Alpha'/><Value value='b' displayValue='Beta'/><Value value='c'/></DataField>",
            """
            <TreeModel functionName='classification'><MiningSchema><MiningField name='x'/><MiningField name='y' usageType='target'/></MiningSchema>
            <Output><OutputField name='shown' feature='predictedDisplayValue'/></Output>
            <Targets><Target field='y'><TargetValue value='b' displayValue='Beta of the target'/></Target></Targets>
            <Node><True/><Node score='a'><SimplePredicate field='x' operator='equal' value='a'/></Node><Node score='b'><SimplePredicate field='x' operator='equal' value='b'/></Node><Node score='c'><True/></Node></Node></TreeModel>
            """);
        Assert.Equal(expected, model.Score(("x", category))["shown"]);
    }

    [Theory]
    [InlineData("integer", "1", "1.0", 1.0)]
    [InlineData("integer", "1.0", "1", 1.0)]
    [InlineData("double", "1", "1.0", 1.0)]
    [InlineData("boolean", "true", "1", 1.0)]
    [InlineData("string", "1", "1", "1")]
    public void Category_is_of_the_targets_data_type_however_it_is_written(string type, string value, string score, object expected)
    {
        using var model = new PmmlTest(
            $"<DataField name='x' optype='continuous' dataType='double'/><DataField name='y' optype='categorical' dataType='{type}'><Value value='0'/><Value value='{value}'/></DataField>",
            $"""
            <TreeModel functionName='classification'><MiningSchema><MiningField name='x'/><MiningField name='y' usageType='target'/></MiningSchema>
            <Output><OutputField name='p' feature='probability' value='{value}'/></Output>
            <Node score='{score}'><True/><ScoreDistribution value='{score}' recordCount='3'/><ScoreDistribution value='0' recordCount='1'/></Node></TreeModel>
            """);
        var answer = model.Score();
        Assert.Equal((expected, 0.75), (answer["y"], answer["p"]));
    }

    private static string Identity(string content, string attributes = "") =>
        $"<RegressionModel functionName='regression' {attributes}><MiningSchema/>{content}<RegressionTable intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel>";

    /// <summary>Gives the category a the probability x.</summary>
    private static PmmlTest Classifier(string content) => new("x *y=a,b", $"""
        <RegressionModel functionName='classification'><MiningSchema/>
        <Output><OutputField name='pa' feature='probability' value='a'/><OutputField name='pb' feature='probability' value='b'/></Output>{content}
        <RegressionTable targetCategory='a' intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable><RegressionTable targetCategory='b' intercept='0'/></RegressionModel>
        """);
}
