using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Models made of models (PMML 4.4.1, MiningModel); the expected values are computed by hand.</summary>
public sealed class MiningModelTests
{
    private const string Missing = "<NumericPredictor name='x' coefficient='1'/>";

    /// <summary>1, 2 and 6 with the weights 1, 1 and 3.</summary>
    [Theory]
    [InlineData("sum", 9.0)]
    [InlineData("weightedSum", 21.0)]
    [InlineData("x-weightedSum", 21.0)]
    [InlineData("average", 3.0)]
    [InlineData("weightedAverage", 4.2)]
    [InlineData("median", 2.0)]
    [InlineData("weightedMedian", 6.0)]
    [InlineData("x-weightedMedian", 6.0)]
    [InlineData("max", 6.0)]
    public void Numbers_become_one(string method, double expected)
    {
        using var model = Numbers($"multipleModelMethod='{method}'", Number(6, "weight='3'"), Number(1), Number(2));
        Assert.Equal(expected, (double)model.Score()["y"]!, 1e-15);
    }

    [Fact]
    public void Median_of_an_even_number_is_the_mean_of_the_middle_two()
    {
        using var model = Numbers("multipleModelMethod='median'", Number(6), Number(1), Number(2), Number(9));
        Assert.Equal(4.0, model.Score()["y"]);
    }

    /// <summary>1 and 2 with the weight 1, and no prediction with the weight 3.</summary>
    [Theory]
    [InlineData("average", "", null)]
    [InlineData("sum", "continue", null)]
    [InlineData("max", "continue", null)]
    [InlineData("median", "continue", null)]
    [InlineData("average", "returnMissing", null)]
    [InlineData("sum", "returnMissing", null)]
    [InlineData("sum", "skipSegment", 3.0)]
    [InlineData("weightedSum", "skipSegment", 3.0)]
    [InlineData("average", "skipSegment", 1.5)]
    [InlineData("weightedAverage", "skipSegment", 1.5)]
    [InlineData("median", "skipSegment", 1.5)]
    [InlineData("weightedMedian", "skipSegment", 1.0)]
    [InlineData("max", "skipSegment", 2.0)]
    [InlineData("average", "skipSegment' missingThreshold='0.34", 1.5)]
    [InlineData("average", "skipSegment' missingThreshold='0.33", null)]
    [InlineData("average", "skipSegment' missingThreshold='0", null)]
    [InlineData("weightedAverage", "skipSegment' missingThreshold='0.6", 1.5)]
    [InlineData("weightedAverage", "skipSegment' missingThreshold='0.59", null)]
    [InlineData("average", "skipSegment' x-missingThreshold='0.33", null)]
    public void Missing_number_is_treated_as_the_segmentation_says(string method, string treatment, double? expected)
    {
        var attributes = $"multipleModelMethod='{method}'" + (treatment.Length > 0 ? $" missingPredictionTreatment='{treatment}'" : "");
        using var model = Numbers(attributes, Number(1), Segment("weight='3'", Missing), Number(2));
        Assert.Equal(expected, model.Score()["y"]);
    }

    [Fact]
    public void Vendors_name_of_the_treatment_is_known()
    {
        using var model = Numbers("multipleModelMethod='average' x-missingPredictionTreatment='skipSegment'", Number(1), Segment("", Missing));
        Assert.Equal(1.0, model.Score()["y"]);
    }

    [Theory]
    [InlineData("continue")]
    [InlineData("skipSegment")]
    [InlineData("returnMissing")]
    public void Ensemble_of_which_no_member_answers_has_no_answer(string treatment)
    {
        using var none = Numbers($"multipleModelMethod='average' missingPredictionTreatment='{treatment}'", Segment("", Missing), Segment("", Missing));
        Assert.Null(none.Score()["y"]);
        using var absent = Numbers($"multipleModelMethod='sum' missingPredictionTreatment='{treatment}'", Number(1, condition: "<False/>"), Number(2, condition: "<False/>"));
        Assert.Null(absent.Score()["y"]);
    }

    [Fact]
    public void Segment_whose_predicate_is_not_true_takes_no_part()
    {
        using var model = Numbers("multipleModelMethod='average'", Number(1), Number(3, condition: Positive), Number(50, condition: "<False/>"));
        Assert.Equal(2.0, model.Score(("x", 1))["y"]);
        Assert.Equal(1.0, model.Score(("x", -1))["y"]);
        Assert.Equal(1.0, model.Score(("x", null))["y"]);
    }

    [Fact]
    public void Weight_may_be_a_field_of_the_row()
    {
        using var model = new PmmlTest("x w *y", Mining("multipleModelMethod='weightedAverage'", [Number(1), Number(4).Replace("<True/>", "<True/><VariableWeight field='w'/>", StringComparison.Ordinal)]));
        Assert.Equal(3.25, model.Score(("w", 3))["y"]);
        Assert.Equal(1.0, model.Score(("w", null))["y"]);
    }

    [Theory]
    [InlineData("0.25", 5.0)]
    [InlineData("0.19", null)]
    public void Weight_that_is_an_output_of_its_own_segment_counts_in_the_missing_share(string threshold, double? expected)
    {
        const string weighted = """
            <Segment><True/><VariableWeight field='w'/><RegressionModel functionName='regression'><MiningSchema/><Output><OutputField name='p' feature='predictedValue'/>
            <OutputField name='w' feature='transformedValue'><Apply function='-'><FieldRef field='p'/><Constant>1</Constant></Apply></OutputField></Output><RegressionTable intercept='4'/></RegressionModel></Segment>
            """;
        using var model = Numbers($"multipleModelMethod='weightedAverage' missingPredictionTreatment='skipSegment' missingThreshold='{threshold}'", Segment("", Missing), weighted, Number(8));
        Assert.Equal(expected, model.Score()["y"]);
    }

    [Fact]
    public void Float_context_sums_in_float32_in_the_order_of_the_segments()
    {
        using var model = FloatSum("", Number(0.1), Number(1e8), Number(-1e8), Number(0.3));
        Assert.Equal((double)(0.1f + 1e8f - 1e8f + 0.3f), model.Score()["y"]);
        using var based = FloatSum("<Targets><Target field='y' rescaleConstant='0.5'/></Targets>", Number(0.1), Number(0.2), Number(0.7));
        Assert.Equal((double)(0.5f + 0.1f + 0.2f + 0.7f), based.Score()["y"]);
    }

    [Theory]
    [InlineData("a b b", "b", 0, 0.6666666666666666)]
    [InlineData("b a c", "b", 0.3333333333333333, 0.3333333333333333)]
    [InlineData("c a b a c", "c", 0.4, 0.2)]
    [InlineData("b a a b", "b", 0.5, 0.5)]
    public void Majority_wins_and_of_equals_the_first_that_was_voted_for(string votes, string winner, double a, double b)
    {
        using var model = Votes("multipleModelMethod='majorityVote'", [.. votes.Split(' ').Select(v => Vote(v))]);
        var answer = model.Score();
        Assert.Equal(winner, answer["y"]);
        Assert.Equal(b, (double)answer["pb"]!, 1e-15);
        if (a > 0) Assert.Equal(a, (double)answer["pa"]!, 1e-15);
    }

    [Fact]
    public void Votes_may_weigh_differently()
    {
        using var model = Votes("multipleModelMethod='weightedMajorityVote'", Vote("a"), Vote("b", "weight='3'"), Vote("a"));
        var answer = model.Score();
        Assert.Equal(("b", 0.4, 0.6), (answer["y"], (double)answer["pa"]!, (double)answer["pb"]!));
    }

    /// <summary>No vote with the weight 2.</summary>
    [Theory]
    [InlineData("a", "majorityVote", "continue", "a")]
    [InlineData("a a", "majorityVote", "continue", "a")]
    [InlineData("a", "weightedMajorityVote", "continue", null)]
    [InlineData("a b b", "weightedMajorityVote", "continue", "b")]
    [InlineData("a a", "majorityVote", "continue' missingThreshold='0.34", "a")]
    [InlineData("a a", "majorityVote", "continue' missingThreshold='0.3", null)]
    [InlineData("a a", "weightedMajorityVote", "continue' missingThreshold='0.49", null)]
    [InlineData("a", "weightedMajorityVote", "skipSegment", "a")]
    [InlineData("a a", "majorityVote", "skipSegment' missingThreshold='0.34", "a")]
    [InlineData("a a", "majorityVote", "skipSegment' missingThreshold='0.3", null)]
    [InlineData("a a", "weightedMajorityVote", "skipSegment' missingThreshold='0.5", "a")]
    [InlineData("a a", "weightedMajorityVote", "skipSegment' missingThreshold='0.49", null)]
    [InlineData("a a a", "majorityVote", "returnMissing", null)]
    public void Missing_vote_is_treated_as_the_segmentation_says(string votes, string method, string treatment, string? expected)
    {
        using var model = Votes($"multipleModelMethod='{method}' missingPredictionTreatment='{treatment}'", [Vote(null, "weight='2'"), .. votes.Split(' ').Select(v => Vote(v))]);
        var answer = model.Score();
        Assert.Equal(expected, answer["y"]);
        Assert.Equal(expected is null, answer["pa"] is null);
    }

    /// <summary>The probabilities of a are 0.9, 0.2 and 0.3, with the weights 1, 1 and 3.</summary>
    [Theory]
    [InlineData("average", "b", 1.4 / 3)]
    [InlineData("weightedAverage", "b", 0.4)]
    [InlineData("max", "a", 0.9)]
    [InlineData("median", "b", 0.3)]
    public void Probabilities_become_one(string method, string winner, double a)
    {
        using var model = Votes($"multipleModelMethod='{method}'", Probability(0.9), Probability(0.2), Probability(0.3, "weight='3'"));
        var answer = model.Score();
        Assert.Equal(winner, answer["y"]);
        Assert.Equal(a, (double)answer["pa"]!, 1e-15);
        Assert.Equal(1 - a, (double)answer["pb"]!, 1e-15);
    }

    [Theory]
    [InlineData("average", "continue", null)]
    [InlineData("average", "returnMissing", null)]
    [InlineData("average", "skipSegment", 0.75)]
    [InlineData("weightedAverage", "skipSegment", 0.75)]
    [InlineData("max", "skipSegment", 1.0)]
    [InlineData("median", "skipSegment", 0.75)]
    [InlineData("average", "skipSegment' missingThreshold='0.34", 0.75)]
    [InlineData("weightedAverage", "skipSegment' missingThreshold='0.34", null)]
    public void Missing_probability_is_treated_as_the_segmentation_says(string method, string treatment, double? a)
    {
        using var model = Votes($"multipleModelMethod='{method}' missingPredictionTreatment='{treatment}'", Probability(1), Vote(null, "weight='2'"), Probability(0.5));
        Assert.Equal(a, model.Score()["pa"]);
    }

    [Fact]
    public void First_segment_that_holds_is_selected()
    {
        using var model = Numbers("multipleModelMethod='selectFirst'", Number(1, condition: Positive), Number(2, condition: "<SimplePredicate field='x' operator='greaterThan' value='-5'/>"), Number(3, condition: "<SimplePredicate field='x' operator='isMissing'/>"));
        Assert.Equal([1.0, 2.0, null, 3.0], new double?[] { 4, -4, -6, null }.Select(x => model.Score(("x", x))["y"]));
    }

    [Fact]
    public void All_segments_that_hold_are_selected_each_for_itself()
    {
        using var model = Numbers("multipleModelMethod='selectAll'", Number(1, "id='one'", Positive), Number(2), Number(3, "id='three'", Positive));
        var positive = model.Score(("x", 1));
        Assert.Equal((1.0, 2.0, 3.0), (positive["y[one]"], positive["y[2]"], positive["y[three]"]));
        var negative = model.Score(("x", -1));
        Assert.Equal((null, 2.0, null), (negative["y[one]"], negative["y[2]"], negative["y[three]"]));
    }

    [Fact]
    public void Selected_segments_of_one_name_are_refused()
    {
        var message = Assert.Throws<ModelException>(() => Numbers("multipleModelMethod='selectAll'", Number(1, "id='2'"), Number(2))).Message;
        Assert.Contains("Segment: its id '2' is that of another segment", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 2.0, 14.0, 5.0)]
    [InlineData("", -1.0, -1.0, -1.0)]
    [InlineData("", null, null, null)]
    [InlineData("missingPredictionTreatment='returnMissing'", 2.0, 14.0, 5.0)]
    [InlineData("missingPredictionTreatment='returnMissing'", null, null, null)]
    public void Chain_hands_outputs_to_the_segments_after_and_asks_their_predicates(string attributes, double? x, double? y, double? first)
    {
        using var model = Numbers($"multipleModelMethod='modelChain' {attributes}",
            Chained("first", "<NumericPredictor name='x' coefficient='3'/>", -1, "<True/>"),
            Chained("second", "<NumericPredictor name='first' coefficient='3'/>", -1, "<SimplePredicate field='first' operator='greaterThan' value='0'/>"),
            Chained("third", "<NumericPredictor name='first' coefficient='1'/>", 3, "<SimplePredicate field='first' operator='lessThan' value='0'/>"));
        var answer = model.Score(("x", x));
        Assert.Equal(x is -1.0 ? -1.0 : y, answer["y"]);
        Assert.Equal(x is -1.0 ? -4.0 : first, answer["first"]);
    }

    [Fact]
    public void Chain_of_several_targets_answers_each()
    {
        using var model = new PmmlTest("x *y *z", """
            <MiningModel functionName='regression'><MiningSchema/><Output><OutputField name='oz' feature='predictedValue' targetField='z'/><OutputField name='oy' feature='predictedValue' targetField='y'/></Output>
            <Segmentation multipleModelMethod='x-multiModelChain'>
            <Segment><True/><RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/><MiningField name='z' usageType='target'/></MiningSchema><RegressionTable intercept='1'/></RegressionModel></Segment>
            <Segment><True/><RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/><MiningField name='y' usageType='target'/></MiningSchema><RegressionTable intercept='2'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel></Segment>
            </Segmentation></MiningModel>
            """);
        Assert.Equal((7.0, 1.0), (model.Score(("x", 5))["y"], model.Score(("x", 5))["z"]));
        Assert.Equal((7.0, 1.0), (model.Score(("x", 5))["oy"], model.Score(("x", 5))["oz"]));
        Assert.Equal((null, 1.0), (model.Score(("x", null))["y"], model.Score(("x", null))["z"]));
    }

    [Theory]
    [InlineData("multipleModelMethod='majorityVote'", "MajorityVote is not for numbers")]
    [InlineData("multipleModelMethod='mode'", "multipleModelMethod=\"mode\" is unknown; it may be majorityVote")]
    [InlineData("multipleModelMethod='sum' missingPredictionTreatment='skip'", "missingPredictionTreatment=\"skip\" is unknown")]
    [InlineData("multipleModelMethod='sum' missingThreshold='half'", "missingThreshold=\"half\" is not a number")]
    public void Wrong_segmentation_is_named_with_its_place(string attributes, string problem)
    {
        var message = Assert.Throws<ModelException>(() => Numbers(attributes, Number(1))).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Matches("^line [0-9]+, column [0-9]+: Segmentation: ", message);
    }

    private const string Positive = "<SimplePredicate field='x' operator='greaterThan' value='0'/>";

    private static PmmlTest Numbers(string segmentation, params string[] segments) => new("x *y", Mining(segmentation, segments));

    private static PmmlTest FloatSum(string content, params string[] segments) =>
        new("x *y", $"<MiningModel functionName='regression' x-mathContext='float'><MiningSchema/>{content}<Segmentation multipleModelMethod='sum'>{string.Concat(segments)}</Segmentation></MiningModel>");

    private static string Mining(string segmentation, string[] segments) =>
        $"<MiningModel functionName='regression'><MiningSchema/><Segmentation {segmentation}>{string.Concat(segments)}</Segmentation></MiningModel>";

    private static string Number(double value, string attributes = "", string condition = "<True/>") =>
        FormattableString.Invariant($"<Segment {attributes}>{condition}<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='{value}'/></RegressionModel></Segment>");

    private static string Segment(string attributes, string predictors) =>
        $"<Segment {attributes}><True/><RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='0'>{predictors}</RegressionTable></RegressionModel></Segment>";

    private static string Chained(string output, string predictors, double intercept, string condition) =>
        FormattableString.Invariant($"<Segment>{condition}<RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema><Output><OutputField name='{output}' feature='predictedValue'/></Output><RegressionTable intercept='{intercept}'>{predictors}</RegressionTable></RegressionModel></Segment>");

    private static PmmlTest Votes(string segmentation, params string[] segments) => new("x *y=a,b,c", $"""
        <MiningModel functionName='classification'><MiningSchema/>
        <Output><OutputField name='pa' feature='probability' value='a'/><OutputField name='pb' feature='probability' value='b'/></Output>
        <Segmentation {segmentation}>{string.Concat(segments)}</Segmentation></MiningModel>
        """);

    /// <param name="category">Null for none.</param>
    private static string Vote(string? category, string attributes = "") => category is null
        ? $"<Segment {attributes}><True/><RegressionModel functionName='classification'><MiningSchema/><RegressionTable targetCategory='a' intercept='0'>{Missing}</RegressionTable><RegressionTable targetCategory='b' intercept='0'/></RegressionModel></Segment>"
        : $"<Segment {attributes}><True/><TreeModel functionName='classification'><MiningSchema/><Node score='{category}'><True/><ScoreDistribution value='{category}' recordCount='1'/></Node></TreeModel></Segment>";

    private static string Probability(double a, string attributes = "") =>
        FormattableString.Invariant($"<Segment {attributes}><True/><RegressionModel functionName='classification'><MiningSchema/><RegressionTable targetCategory='a' intercept='{a}'/><RegressionTable targetCategory='b' intercept='{1 - a}'/></RegressionModel></Segment>");
}
