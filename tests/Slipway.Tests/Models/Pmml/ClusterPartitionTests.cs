using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values from scipy: densities of norm, and mean similarities by numerical integration (quad).</summary>
public sealed class ClusterPartitionTests
{
    private const string Fields = "x kind=a,b";
    private const string Probable = "<ComparisonMeasure kind='distance'><euclidean/></ComparisonMeasure><ClusteringField field='x'/><ClusteringField field='kind'/>";
    private const string First = "<Cluster id='one' size='30'><Partition name='one'>X<PartitionFieldStats field='kind'><Array n='2' type='int'>20 10</Array></PartitionFieldStats></Partition></Cluster>";
    private const string Second = "<Cluster id='two'><Partition name='two' size='10'>Y<PartitionFieldStats field='kind'><Array n='2' type='int'>2 8</Array></PartitionFieldStats></Partition></Cluster>";

    private static readonly string Clusters = First.Replace("X", Numeric(1, 2), StringComparison.Ordinal) + Second.Replace("Y", Numeric(4, 0.5), StringComparison.Ordinal);

    [Theory]
    [InlineData(3.2, "a", 0.8307976225095169)]
    [InlineData(3.2, null, 0.5956368785683682)]
    [InlineData(null, "b", 0.5555555555555556)]
    public void Partitions_give_the_probability_of_every_cluster(double? x, string? kind, double first)
    {
        using var model = Model(Fields, Probable + Clusters);
        var answer = model.Score(("x", x), ("kind", kind));
        Near(first, answer["a1"]);
        Near(1 - first, answer["a2"]);
        Assert.Equal(first > 0.5 ? "one" : "two", answer["cluster"]);
        Assert.Null(model.Score()["cluster"]);
    }

    [Fact]
    public void Densities_count_as_much_as_their_field_weighs()
    {
        using var model = Model(Fields, Probable.Replace("field='x'", "field='x' fieldWeight='2'", StringComparison.Ordinal).Replace("field='kind'", "field='kind' fieldWeight='0.5'", StringComparison.Ordinal) + Clusters);
        Near(0.31827494782232235, model.Score(("x", 3.2), ("kind", "b"))["a1"]);
    }

    [Theory]
    [InlineData("<euclidean/>", 3.2, "a", 0.8297863455289543, 1.127586105985523)]
    [InlineData("<cityBlock/>", 3.2, "a", 1.365381107310128, 1.769363199779831)]
    [InlineData("<cityBlock/>", null, "a", 1.3333333333333333, 0.4)]
    [InlineData("<cityBlock/>", 3.2, null, 1.397428881286923, 3.138726399559662)]
    public void Similarities_are_the_mean_of_those_to_all_records_of_a_cluster(string measure, double? x, string? kind, double first, double second)
    {
        using var model = Model(Fields, $"""
            <ComparisonMeasure kind='similarity' compareFunction='gaussSim'>{measure}</ComparisonMeasure>
            <ClusteringField field='x' fieldWeight='2' similarityScale='1.5'/><ClusteringField field='kind' compareFunction='equal'/>{Clusters}
            """);
        var answer = model.Score(("x", x), ("kind", kind));
        Near(first, answer["a1"]);
        Near(second, answer["a2"]);
        Assert.Equal(first > second ? "one" : "two", answer["cluster"]);
    }

    [Fact]
    public void Sums_of_values_and_squares_make_a_distribution()
    {
        const string Sums = "<Array n='3' type='real'>3 5 2</Array><Array n='3' type='real'>4 20 16</Array><Array n='3' type='real'>7 84 130</Array>";
        using var model = Model("x", $"""
            <ComparisonMeasure kind='distance'><euclidean/></ComparisonMeasure><ClusteringField field='x'/>
            <Cluster><Partition name='p'><PartitionFieldStats field='x'>{Sums}</PartitionFieldStats></Partition></Cluster><Cluster><Partition name='q'>{Numeric(8, 1)}</Partition></Cluster>
            """);
        Near(0.9710803635235497, model.Score(("x", 5))["a1"]);
    }

    [Fact]
    public void Frequencies_are_in_the_order_of_the_statistics_where_there_are_some()
    {
        const string Stats = "<ModelStats><UnivariateStats field='kind'><DiscrStats><Array n='2' type='string'>b a</Array><Array n='2' type='int'>5 5</Array></DiscrStats></UnivariateStats></ModelStats>";
        using var plain = Model(Fields, Probable + Clusters);
        using var turned = Model(Fields, Stats + Probable + Clusters);
        Near((double)plain.Score(("x", 3.2), ("kind", "a"))["a1"]!, turned.Score(("x", 3.2), ("kind", "b"))["a1"]);
    }

    [Fact]
    public void Row_that_no_cluster_can_have_has_none()
    {
        using var model = Model("kind=a,b", """
            <ComparisonMeasure kind='distance'><euclidean/></ComparisonMeasure><ClusteringField field='kind'/>
            <Cluster><Partition name='p'><PartitionFieldStats field='kind'><Array n='2' type='int'>3 0</Array></PartitionFieldStats></Partition></Cluster>
            <Cluster><Partition name='q'><PartitionFieldStats field='kind'><Array n='2' type='int'>1 0</Array></PartitionFieldStats></Partition></Cluster>
            """);
        Near(0.5, model.Score(("kind", "a"))["a1"]);
        var none = model.Score(("kind", "b"));
        Assert.Null(none["cluster"]);
        Assert.Null(none["a1"]);
    }

    [Theory]
    [InlineData("<Cluster><Array n='2' type='real'>1 2</Array></Cluster>", "needs Covariances, or a Partition")]
    [InlineData("<Cluster><Partition name='p'/></Cluster>", "no PartitionFieldStats of the field 'x'")]
    [InlineData("<Cluster><Partition name='p'><PartitionFieldStats field='x'/></Partition></Cluster>", "neither mean and standardDeviation")]
    [InlineData("<Cluster><Partition name='p'><PartitionFieldStats field='x'><NumericInfo mean='1' standardDeviation='0'/></PartitionFieldStats><PartitionFieldStats field='kind'><Array n='2' type='int'>1 1</Array></PartitionFieldStats></Partition></Cluster>", "variances are positive")]
    [InlineData("<Cluster><Partition name='p'><PartitionFieldStats field='x'><NumericInfo mean='1' standardDeviation='1'/></PartitionFieldStats><PartitionFieldStats field='kind'><Array n='2' type='int'>0 0</Array></PartitionFieldStats></Partition></Cluster>", "not all 0")]
    [InlineData("<Cluster><Partition name='p'><PartitionFieldStats field='x'><NumericInfo mean='1' standardDeviation='1'/></PartitionFieldStats><PartitionFieldStats field='kind'><Array n='3' type='int'>1 2 3</Array></PartitionFieldStats></Partition></Cluster>", "3 frequencies")]
    [InlineData("<Cluster><Partition name='p'><PartitionFieldStats field='x'><NumericInfo mean='1' standardDeviation='1'/></PartitionFieldStats><PartitionFieldStats field='kind'><Array n='2' type='int'>1 -2</Array></PartitionFieldStats></Partition></Cluster>", "negative")]
    [InlineData("<Cluster size='0'><Partition name='p'><PartitionFieldStats field='x'><NumericInfo mean='1' standardDeviation='1'/></PartitionFieldStats><PartitionFieldStats field='kind'><Array n='2' type='int'>1 1</Array></PartitionFieldStats></Partition></Cluster>", "size=\"0\"")]
    public void Cluster_without_a_distribution_is_named(string cluster, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => Model(Fields, Probable + Clusters + cluster)).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_have_no_mean_equality() => Assert.Contains("compared by gaussSim", Assert.Throws<ModelException>(() => Model(
        Fields, "<ComparisonMeasure kind='similarity' compareFunction='equal'><euclidean/></ComparisonMeasure><ClusteringField field='x'/><ClusteringField field='kind'/>" + Clusters)).Message, StringComparison.Ordinal);

    private static string Numeric(double mean, double deviation) =>
        FormattableString.Invariant($"<PartitionFieldStats field='x'><NumericInfo mean='{mean}' standardDeviation='{deviation}'/></PartitionFieldStats>");

    private static PmmlTest Model(string fields, string content)
    {
        var (one, two) = content.Contains("id='one'", StringComparison.Ordinal) ? ("one", "two") : ("1", "2");
        return new PmmlTest(fields, $"""
            <ClusteringModel functionName="clustering" modelClass="distributionBased" numberOfClusters="2"><MiningSchema/>
            <Output><OutputField name="cluster" feature="predictedValue"/><OutputField name="a1" feature="affinity" value="{one}"/><OutputField name="a2" feature="affinity" value="{two}"/></Output>
            {content}</ClusteringModel>
            """);
    }

    private static void Near(double expected, object? actual) => Assert.Equal(expected, Assert.IsType<double>(actual), 1e-12);
}
