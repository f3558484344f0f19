using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values computed with numpy from the standard's formulas and examples (PMML 4.4.1, Anomaly Detection Models).</summary>
public sealed class AnomalyDetectionModelTests
{
    [Theory]
    [InlineData(5, 3.5, 0.3525574921994582)]
    [InlineData(256, 6.25, 0.6551661264582389)]
    [InlineData(2, 1, 0.5)]
    public void Isolation_forest_normalizes_the_path_length(int sampleSize, double path, double expected)
    {
        using var model = new PmmlTest("x", Score($"""algorithmType="iforest" sampleDataSize="{sampleSize}" """, Identity));
        Assert.Equal(expected, Assert.IsType<double>(model.Score(("x", path))["score"]), 1e-15);
    }

    [Fact]
    public void Isolation_forest_averages_its_trees()
    {
        // The standard's example, shortened to the path of its record: leaves at 4 and 3. Its output is a float, and so is the decision's field:
        // engines that print the double behind it disagree with the declared type.
        const string Forest = """
            <MiningModel functionName="regression"><MiningSchema><MiningField name="length"/><MiningField name="width"/></MiningSchema>
            <Segmentation multipleModelMethod="average">
            <Segment><True/><TreeModel functionName="regression" missingValueStrategy="nullPrediction" noTrueChildStrategy="returnLastPrediction" splitCharacteristic="multiSplit">
              <MiningSchema><MiningField name="length"/></MiningSchema><Node score="2"><True/><Node score="3"><SimplePredicate field="length" operator="greaterThan" value="1.7"/></Node>
              <Node score="4"><SimplePredicate field="length" operator="lessOrEqual" value="1.7"/></Node></Node></TreeModel></Segment>
            <Segment><True/><TreeModel functionName="regression" missingValueStrategy="nullPrediction" noTrueChildStrategy="returnLastPrediction" splitCharacteristic="multiSplit">
              <MiningSchema><MiningField name="width"/></MiningSchema><Node score="2"><True/><Node score="3"><SimplePredicate field="width" operator="greaterThan" value="0.8"/></Node></Node></TreeModel></Segment>
            </Segmentation></MiningModel>
            """;
        using var model = new PmmlTest("length width", $"""
            <AnomalyDetectionModel functionName="regression" algorithmType="iforest" sampleDataSize="5"><MiningSchema/>
            <Output><OutputField name="score" optype="continuous" dataType="float" feature="predictedValue"/>
            <OutputField name="anomaly" optype="categorical" dataType="boolean" feature="decision"><Apply function="lessThan"><FieldRef field="score"/><Constant dataType="double">0.422</Constant></Apply></OutputField></Output>
            {Forest}</AnomalyDetectionModel>
            """);
        var answer = model.Score(("length", 1.5), ("width", 5.8));
        Assert.Equal((double)(float)0.3525574921994582, answer["score"]);
        Assert.Equal(1.0, answer["anomaly"]);
    }

    [Theory]
    [InlineData(5.1, 3.5, 1.4, 0.2, 0.2908433613668057)]
    [InlineData(5.0, 2.0, 3.5, 1.0, 2.1761203019718547)]
    public void Cluster_distance_is_relative_to_the_clusters_mean(double sepalLength, double sepalWidth, double petalLength, double petalWidth, double expected)
    {
        // The standard's example, with the inputs normalised by hand.
        const string Clusters = """
            <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="3">
            <MiningSchema><MiningField name="a"/><MiningField name="b"/><MiningField name="c"/><MiningField name="d"/></MiningSchema>
            <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure>
            <ClusteringField field="a"/><ClusteringField field="b"/><ClusteringField field="c"/><ClusteringField field="d"/>
            <Cluster><Array n="4" type="real">0.196111 0.590833 0.0786441 0.06</Array></Cluster>
            <Cluster><Array n="4" type="real">0.707265 0.450855 0.797045 0.824786</Array></Cluster>
            <Cluster><Array n="4" type="real">0.441257 0.307377 0.575715 0.54918</Array></Cluster></ClusteringModel>
            <MeanClusterDistances><Array n="3" type="real">0.165 0.211 0.210</Array></MeanClusterDistances>
            """;
        using var model = new PmmlTest("a b c d", Score("algorithmType=\"clusterMeanDist\"", Clusters));
        var answer = model.Score(("a", (sepalLength - 4.3) / 3.6), ("b", (sepalWidth - 2) / 2.4), ("c", (petalLength - 1) / 5.9), ("d", (petalWidth - 0.1) / 2.4));
        Assert.Equal(expected, Assert.IsType<double>(answer["score"]), 1e-13);
        Assert.Null(model.Score()["score"]);
    }

    [Theory]
    [InlineData("ocsvm")]
    [InlineData("other")]
    public void Other_models_answer_themselves(string algorithm)
    {
        using var model = new PmmlTest("x", Score($"algorithmType=\"{algorithm}\"", Identity));
        Assert.Equal(-2.5, model.Score(("x", -2.5))["score"]);
    }

    [Theory]
    [InlineData("algorithmType=\"iforest\"", Identity, "sampleDataSize")]
    [InlineData("algorithmType=\"clusterMeanDist\"", Identity, "clusters")]
    [InlineData("algorithmType=\"guess\"", Identity, "iforest, ocsvm, clusterMeanDist, other")]
    [InlineData("algorithmType=\"other\"", "", "no model inside")]
    public void What_is_wrong_is_said(string attributes, string inner, string expected)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("x", Score(attributes, inner)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private const string Identity = """
        <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/></MiningSchema>
        <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable></RegressionModel>
        """;

    private static string Score(string attributes, string inner) => $"""
        <AnomalyDetectionModel functionName="regression" {attributes}><MiningSchema/><Output><OutputField name="score" feature="predictedValue"/></Output>{inner}</AnomalyDetectionModel>
        """;
}
