using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>PMML 4.4.1, Output.</summary>
public sealed class OutputTests
{
    [Fact]
    public void Features_of_a_classification_are_answered()
    {
        using var model = Classifier("""
            <OutputField name='value' feature='predictedValue'/><OutputField name='plain'/><OutputField name='best' feature='probability'/>
            <OutputField name='pa' feature='probability' value='a'/><OutputField name='pb' feature='probability' value='b'/><OutputField name='confidence' feature='confidence' value='a'/>
            <OutputField name='entity' feature='entityId'/><OutputField name='warning' feature='warning'/>
            """);
        var answer = model.Score(("x", 0.25));
        Assert.Equal(("b", "b", "b"), (answer["y"], answer["value"], answer["plain"]));
        Assert.Equal((0.75, 0.25, 0.75, 0.25), (answer["best"], answer["pa"], answer["pb"], answer["confidence"]));
        Assert.Equal(("b", null), (answer["entity"], answer["warning"]));
    }

    [Fact]
    public void Outputs_of_a_missing_prediction_are_missing()
    {
        using var model = Classifier("<OutputField name='value' feature='predictedValue'/><OutputField name='best' feature='probability'/><OutputField name='pa' feature='probability' value='a'/><OutputField name='shown' feature='predictedDisplayValue'/>");
        var answer = model.Score();
        Assert.All(["y", "value", "best", "pa", "shown"], name => Assert.Null(answer[name]));
    }

    [Theory]
    [InlineData(5.0, 2.0)]
    [InlineData(null, null)]
    public void Residual_of_a_number_is_the_actual_value_less_the_predicted(double? actual, double? residual)
    {
        using var model = Regression("<OutputField name='r' feature='residual'/>");
        Assert.Equal(residual, model.Score(("x", 3), ("y", actual))["r"]);
    }

    [Theory]
    [InlineData("a", 0.75, -0.75)]
    [InlineData("b", -0.25, 0.25)]
    [InlineData(null, null, null)]
    public void Residual_of_a_category_is_one_or_zero_less_its_probability(string? actual, double? ofA, double? ofWinner)
    {
        using var model = Classifier("<OutputField name='ra' feature='residual' value='a'/><OutputField name='r' feature='residual'/>");
        var answer = model.Score(("x", 0.25), ("y", actual));
        Assert.Equal((ofA, ofWinner), ((double?)answer["ra"], (double?)answer["r"]));
    }

    [Fact]
    public void Transformed_values_and_decisions_read_the_outputs_before_them()
    {
        using var model = Regression("""
            <OutputField name='p' feature='predictedValue' isFinalResult='false'/>
            <OutputField name='twice' feature='transformedValue' dataType='double' isFinalResult='false'><Apply function='*'><FieldRef field='p'/><Constant dataType='double'>2</Constant></Apply></OutputField>
            <OutputField name='plus' feature='transformedValue' dataType='double'><Apply function='+'><FieldRef field='twice'/><FieldRef field='x'/></Apply></OutputField>
            <OutputField name='what' feature='decision' dataType='string'><Decisions businessProblem='?'><Decision value='go'/><Decision value='stop'/></Decisions>
            <Apply function='if'><Apply function='greaterThan'><FieldRef field='plus'/><Constant dataType='double'>10</Constant></Apply><Constant>go</Constant><Constant>stop</Constant></Apply></OutputField>
            """);
        Assert.Equal(["y", "plus", "what"], model.Signature.Outputs.Select(o => o.Name));
        Assert.Equal((9.0, "stop"), (model.Score(("x", 3))["plus"], model.Score(("x", 3))["what"]));
        Assert.Equal((12.0, "go"), (model.Score(("x", 4))["plus"], model.Score(("x", 4))["what"]));
        Assert.Null(model.Score()["plus"]);
    }

    [Theory]
    [InlineData("integer", 3.0, 3.0)]
    [InlineData("string", 2.5, "2.5")]
    [InlineData("float", 0.1, 0.10000000149011612)]
    [InlineData("boolean", 1.0, 1.0)]
    public void Value_is_taken_as_the_outputs_data_type(string type, double predicted, object expected)
    {
        using var model = Regression($"<OutputField name='o' feature='predictedValue' dataType='{type}' optype='categorical'/>");
        Assert.Equal(expected, model.Score(("x", predicted))["o"]);
    }

    [Theory]
    [InlineData("integer", "2.5 is not an integer")]
    [InlineData("boolean", "2.5 is not a boolean")]
    public void Value_that_is_not_of_the_outputs_data_type_refuses_the_record(string type, string problem)
    {
        using var model = Regression($"<OutputField name='o' feature='predictedValue' dataType='{type}' optype='categorical'/>");
        var message = Assert.Throws<RecordException>(() => model.Score(("x", 2.5))).Message;
        Assert.Contains("output 'o'", message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_may_be_of_one_segment()
    {
        using var model = new PmmlTest("x *y", Mining("sum", "<OutputField name='first' feature='predictedValue' segmentId='one'/><OutputField name='second' feature='predictedValue' segmentId='2'/><OutputField name='all' feature='predictedValue'/>", "id='one'"));
        var answer = model.Score(("x", 3));
        Assert.Equal((3.0, 30.0, 33.0, 33.0), (answer["first"], answer["second"], answer["all"], answer["y"]));
        Assert.Null(model.Score()["first"]);
    }

    [Theory]
    [InlineData("modelChain", true)]
    [InlineData("selectFirst", true)]
    [InlineData("sum", false)]
    public void Outputs_of_nested_models_are_the_models_own_where_they_follow_or_are_chosen(string method, bool visible)
    {
        using var model = new PmmlTest("x *y", Mining(method, "<OutputField name='mine' feature='predictedValue'/>"));
        Assert.Equal(visible ? ["y", "out1", "out10", "mine"] : ["y", "mine"], model.Signature.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void Output_of_the_targets_name_takes_its_place()
    {
        using var model = Regression("<OutputField name='y' feature='transformedValue'><Apply function='+'><FieldRef field='x'/><Constant>1</Constant></Apply></OutputField>");
        Assert.Equal(["y"], model.Signature.Outputs.Select(o => o.Name));
        Assert.Equal(4.0, model.Score(("x", 3))["y"]);
    }

    [Theory]
    [InlineData("feature='probability'", "the model has no probability", "OutputField")]
    [InlineData("feature='reasonCode'", "the model has no ReasonCode", "OutputField")]
    [InlineData("feature='standardError'", "the feature StandardError of this model is not supported", "OutputField")]
    [InlineData("feature='predictedValue' targetField='z'", "targetField=\"z\" is not a target of the model", "OutputField")]
    [InlineData("feature='predictedValue' segmentId='7'", "the model has no segment '7'", "OutputField")]
    [InlineData("feature='guess'", "feature=\"guess\" is unknown; it may be predictedValue", "OutputField")]
    [InlineData("feature='predictedValue' rank='first'", "rank=\"first\" is not a whole number", "OutputField")]
    [InlineData("feature='predictedValue' isFinalResult='maybe'", "isFinalResult=\"maybe\" is neither true nor false", "OutputField")]
    public void Output_that_the_model_cannot_answer_is_named_with_its_place(string attributes, string problem, string element)
    {
        var message = Assert.Throws<ModelException>(() => Regression($"<OutputField name='o' {attributes}/>")).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Matches($"^line [0-9]+, column [0-9]+: {element}: ", message);
    }

    [Fact]
    public void Probability_of_a_category_that_the_model_does_not_have_is_missing()
    {
        using var model = Classifier("<OutputField name='p' feature='probability' value='z'/>");
        Assert.Null(model.Score(("x", 0.25))["p"]);
    }

    private static PmmlTest Regression(string outputs) => new("x *y", $"""
        <RegressionModel functionName='regression'><MiningSchema/><Output>{outputs}</Output>
        <RegressionTable intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel>
        """);

    /// <summary>Gives the category a the probability x.</summary>
    private static PmmlTest Classifier(string outputs) => new("x *y=a,b", $"""
        <RegressionModel functionName='classification'><MiningSchema/><Output>{outputs}</Output>
        <RegressionTable targetCategory='a' intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable><RegressionTable targetCategory='b' intercept='0'/></RegressionModel>
        """);

    /// <summary>Segments that answer x and 10 x, each with an output.</summary>
    private static string Mining(string method, string outputs, string first = "") => $"""
        <MiningModel functionName='regression'><MiningSchema/><Output>{outputs}</Output><Segmentation multipleModelMethod='{method}'>{Segment(1, first)}{Segment(10)}</Segmentation></MiningModel>
        """;

    private static string Segment(int coefficient, string attributes = "") => $"""
        <Segment {attributes}><True/><RegressionModel functionName='regression'><MiningSchema/><Output><OutputField name='out{coefficient}' feature='predictedValue'/></Output>
        <RegressionTable intercept='0'><NumericPredictor name='x' coefficient='{coefficient}'/></RegressionTable></RegressionModel></Segment>
        """;
}
