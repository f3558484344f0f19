using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

/// <summary>
/// The examples of the PMML specification and one SAS file on which the engines around differ, or which only one of them can run
/// (folder <c>disputed</c> of the corpus). Each answer is what the text of PMML 4.4.1 says; the comments give the reading.
/// </summary>
public class DisputedExamplesTests
{
    private static readonly Equivalence Close = Equivalence.Parse("PMMLEquivalence(1.0E-9,1.0E-9)");

    // Anomaly Detection: clusterMeanDist is the distance to the nearest centre over that cluster's mean distance: 0.05/0.165, then 0.457/0.210 > 2.
    [InlineData("dmg_anomaly_cluster", "anomaly", "false", "true")]
    // iforest: 2^(-3.5/c(5)), where 3.5 is the mean of the paths 4 and 3, and c(5) = 2(ln 4 + 0.57721566) - 8/5.
    [InlineData("dmg_anomaly_iforest", "anomaly,anomalyScore", "true,0.3525574921994582")]
    // ocsvm: the score is the machine's own sum, which is negative far from the support vectors.
    [InlineData("dmg_anomaly_ocsvm", "anomaly", "true")]
    // General Regression, Cox: the cumulative hazard, H₀(5)·exp(r - s) = 0.782436645962723·exp(1.0927740), r with the row's values and s with the reference points.
    [InlineData("dmg_general_cox", "life", "2.333626826088635")]
    // The same with the baseline table of the stratum region = 3.
    [InlineData("dmg_general_cox_strata", "life", "2.0168104388036294")]
    // A factor with a contrast matrix takes the row of its category. Low: the sum is 29.04 against 0 of the reference category.
    [InlineData("dmg_general_multinomial_contrast_matrix", "salCat", "Low")]
    // A model chain's targets are those of its segments: a segment answers for the field that its own mining schema names as target.
    // Class is what the tree says; 1.5 = 0.3 + 0.8·1 + 0.02·30 - 0.1·2 is PollenIndex.
    [InlineData("dmg_model_chain_mining", "Class,PollenIndex,PredictedClass,Pollen Index", "Iris-setosa,1.5,Iris-setosa,1.5")]
    [InlineData("dmg_model_composition_mining", "Class,PollenIndex,Setosa Pollen Index,Virginica Pollen Index", "Iris-setosa,0.7,0.7,N/A")]
    // A regression's number stays as it is when its target is an integer field: only Target's castInteger rounds, and refusing the row helps nobody.
    [InlineData("dmg_neural_normal", "amount of claims", "3067.3031886618014")]
    [InlineData("dmg_regression_linear", "number_of_claims", "609.4")]
    [InlineData("dmg_regression_polynomial", "number_of_claims", "3426.08133")]
    // Scorecard: only characteristics below (pointsBelow) or at their baseline have reason codes; income is above. A rank without a code is missing, not the code before it.
    [InlineData("dmg_scorecard_example", "Final Score,Reason Code 1,Reason Code 2,Reason Code 3", "29,RC2,RC1,N/A")]
    // Support Vector Machine: below the threshold it is the target category, otherwise the alternate one. 11.39 + 32.47 - 39.83 - 1.95 = 2.08, not below 0.
    [InlineData("dmg_svm_classification_cat_predictors", "TARGET", "1")]
    // -1 + 2/e - 1/e² = -0.3995 at (0, 0) and (1, 1), its negative at the others.
    [InlineData("dmg_svm_classification_cont_predictors", "class", "no", "yes", "yes", "no")]
    // Tree, aggregateNodes: outlook is missing, so nodes 4 and 5 count together: 24, 28 and 8 of 60.
    [InlineData("dmg_tree_missing_aggregateNodes", "whatIdo", "may play")]
    // weightedConfidence: sunny without temperature and humidity is 0.8·(node 3) + 0.2·(node 4); without outlook it is node 1's children, half and half.
    [InlineData("dmg_tree_missing_value_strategies~2", "whatIdo", "will play", "will play")]
    // Multiple Models, VariableWeight: a segment weighs what its own output WEIGHTn says for the row. All three trees vote for 3, so 3 has every vote.
    [InlineData("dmg_weighted_majority_vote_mining", "PREDICTION,PROB_1,PROB_3", "3,0,1")]
    [InlineData("dmg_weighted_majority_vote_mining_revised", "PROB_1", "0")]
    // Output, residual of a category: whether it is the actual one (1), minus its probability (0). Without an actual value there is no residual.
    [InlineData("sas_3.1_iris_tree", "R_speciesIRIS_VIRGINICA ", "1", "N/A")]
    [Theory]
    public void Disputed_example_is_answered_as_the_specification_says(string name, string columns, params string[] rows)
    {
        var folder = Path.Combine(Corpora.Find("pmml"), "..", "disputed");
        var disputed = SuiteManifest.Read(folder).Single(c => c.Id == $"pmml4s-dmg/{name}");
        using var expected = new SuiteFolder().With("expected.csv", $"{columns}\n{string.Join('\n', rows)}\n");
        var judged = disputed with { Columns = columns.Split(','), Expected = Path.Combine(expected.Path, "expected.csv"), Equivalence = Close };
        var result = PmmlSuite.Run(judged, PmmlEngine.Open);
        Assert.True(result.Status == "passed", result.Reason);
    }

    [Fact]
    public void Every_disputed_example_is_judged()
    {
        var judged = typeof(DisputedExamplesTests).GetMethod(nameof(Disputed_example_is_answered_as_the_specification_says))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(SuiteManifest.Read(Path.Combine(Corpora.Find("pmml"), "..", "disputed")).Select(c => c.Id), judged.Select(name => $"pmml4s-dmg/{name}"));
    }
}
