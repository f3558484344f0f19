using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Counts and profiles live in the slots of the row: scoring one allocates nothing.</summary>
public sealed class CountAllocationTests
{
    private const string Table = "<CountTable><FieldValueCount field='k' value='0' count='4'/><FieldValueCount field='k' value='1' count='6'/></CountTable>";
    private const string Partitions = """
        <Cluster><Partition name='p'><PartitionFieldStats field='x'><NumericInfo mean='1' standardDeviation='2'/></PartitionFieldStats><PartitionFieldStats field='k'><Array n='2' type='int'>1 3</Array></PartitionFieldStats></Partition></Cluster>
        <Cluster><Partition name='q'><PartitionFieldStats field='x'><NumericInfo mean='3' standardDeviation='1'/></PartitionFieldStats><PartitionFieldStats field='k'><Array n='2' type='int'>2 1</Array></PartitionFieldStats></Partition></Cluster>
        """;

    [Theory]
    [InlineData($"<TestDistributions field='k' testStatistic='chiSquareDistribution' windowSize='7' weightField='x'><Baseline>{Table}</Baseline></TestDistributions>")]
    [InlineData($"<TestDistributions field='k' testStatistic='scalarProduct' normalizationScheme='SizeWeighted'><Baseline>{Table}</Baseline></TestDistributions>")]
    [InlineData("<TestDistributions field='k' testStatistic='chiSquareIndependence'><Baseline><FieldRef field='k'/><FieldRef field='l'/></Baseline></TestDistributions>")]
    public void Counted_baselines_allocate_nothing_per_row(string test) =>
        AssertNothing("x k:integer=0,1 l:integer=0,1,2 *y", $"<BaselineModel functionName='regression'><MiningSchema/>{test}</BaselineModel>");

    [Theory]
    [InlineData("<ComparisonMeasure kind='distance'><euclidean/></ComparisonMeasure><ClusteringField field='x'/><ClusteringField field='k'/>")]
    [InlineData("<ComparisonMeasure kind='similarity'><minkowski p-parameter='3'/></ComparisonMeasure><ClusteringField field='x' compareFunction='gaussSim' similarityScale='1'/><ClusteringField field='k' compareFunction='equal'/>")]
    public void Partitions_allocate_nothing_per_row(string comparison) =>
        AssertNothing("x k:integer=0,1 l:integer=0,1,2", $"<ClusteringModel functionName='clustering' modelClass='distributionBased' numberOfClusters='2'><MiningSchema/>{comparison}{Partitions}</ClusteringModel>");

    private static void AssertNothing(string fields, string element)
    {
        using var model = PmmlTest.Open(PmmlTest.Document(fields, element));
        var scorer = model.CreateScorer();
        Assert.Equal(0, Allocations.Of(() => Score(scorer, 200)));
    }

    private static void Score(RowScorer scorer, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            scorer.Set(0, i % 7);
            scorer.Set(1, i % 2);
            scorer.Set(2, i % 3);
            scorer.Score();
        }
    }
}
