using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values from numpy and scipy (cdist, jaccard, rogerstanimoto, multivariate_normal).</summary>
public sealed class ClusteringModelTests
{
    [Theory]
    [InlineData("<euclidean/>", 2.449489742783178, 3, "near")]
    [InlineData("<squaredEuclidean/>", 6, 9, "near")]
    [InlineData("<cityBlock/>", 4.5, 4.5, "near")]
    [InlineData("<chebychev/>", 3, 2, "far")]
    [InlineData("<minkowski p-parameter='3'/>", 2.020620010311095, 2.791385085829212, "near")]
    public void Distances_weigh_the_fields_and_the_nearest_center_wins(string measure, double first, double second, string winner)
    {
        using var model = Weighted(measure);
        var answer = model.Score(("a", 2), ("b", 0.5), ("c", 2));
        Near(first, answer["d1"]);
        Near(second, answer["d2"]);
        Assert.Equal(winner, answer["cluster"]);
    }

    [Theory]
    [InlineData("", 1.5, 3.570714214271425)]
    [InlineData("<MissingValueWeights><Array n='3' type='real'>2 1 1</Array></MissingValueWeights>", 1.4142135623730951, 3.366501646120693)]
    public void Distances_without_a_field_are_adjusted_for_it(string weights, double first, double second)
    {
        // Without b: sqrt(sum / what the others weigh of all). With weights 2 1 1 the others weigh 3 of 4.
        using var model = Weighted("<euclidean/>", weights);
        var answer = model.Score(("a", 2), ("c", 2));
        Near(first, answer["d1"]);
        Near(second, answer["d2"]);
    }

    [Fact]
    public void Row_without_any_value_has_no_cluster()
    {
        using var model = Weighted("<euclidean/>");
        var answer = model.Score();
        Assert.Null(answer["cluster"]);
        Assert.Null(answer["d1"]);
        Assert.Null(answer["second"]);
    }

    [Fact]
    public void Clusters_are_ranked_and_named()
    {
        using var model = Weighted("<euclidean/>");
        var answer = model.Score(("a", 4), ("b", 0), ("c", -1));
        Assert.Equal("far", answer["cluster"]);
        Assert.Equal("The far one", answer["name"]);
        Assert.Equal(0.0, answer["best"]);
        Assert.Equal("near", answer["second"]);
        Near(Math.Sqrt(9 + (2 * 4) + (0.5 * 16)), answer["secondDistance"]);
    }

    [Fact]
    public void Similarities_prefer_the_greatest()
    {
        using var model = new PmmlTest("a b c", Model("""
            <ComparisonMeasure kind="similarity" compareFunction="gaussSim"><cityBlock/></ComparisonMeasure>
            <ClusteringField field="a" fieldWeight="1" similarityScale="1"/><ClusteringField field="b" fieldWeight="2" similarityScale="2"/>
            <ClusteringField field="c" fieldWeight="0.5" similarityScale="3"/>
            """));
        var answer = model.Score(("a", 2), ("b", 0.5), ("c", 2));
        Near(2.317192903080538, answer["d1"]);
        Near(2.2277065613971474, answer["d2"]);
        Assert.Equal("near", answer["cluster"]);
    }

    [Theory]
    [InlineData("<simpleMatching/>", 0.6, 0.4)]
    [InlineData("<jaccard/>", 0.5, 0.25)]
    [InlineData("<tanimoto/>", 0.4285714285714286, 0.25)]
    [InlineData(
        "<binarySimilarity c11-parameter='3' c10-parameter='1' c01-parameter='0.5' c00-parameter='2' d11-parameter='1' d10-parameter='2' d01-parameter='3' d00-parameter='4'/>",
        0.8636363636363636, 0.625)]
    public void Binary_measures_count_matching_fields(string measure, double first, double second)
    {
        using var model = Binary(measure);
        var answer = model.Score(("a", 1), ("b", 1), ("c", 0), ("d", 0), ("e", 1));
        Near(first, answer["d1"]);
        Near(second, answer["d2"]);
        Assert.Equal("1", answer["cluster"]);
    }

    [Fact]
    public void Binary_measures_refuse_other_numbers()
    {
        using var model = Binary("<jaccard/>");
        var error = Assert.Throws<RecordException>(() => model.Score(("a", 1), ("b", 0.5), ("c", 0), ("d", 0), ("e", 1)));
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Categories_are_compared_by_equality_and_by_tables()
    {
        const string Fields = "shape=round,square,long size=S,M,L";
        using var model = new PmmlTest(Fields, """
            <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema/>
            <Output><OutputField name="d1" feature="affinity" value="1"/><OutputField name="d2" feature="affinity" value="2"/></Output>
            <ComparisonMeasure kind="distance"><cityBlock/></ComparisonMeasure>
            <ClusteringField field="shape" compareFunction="delta"/>
            <ClusteringField field="size" compareFunction="table" fieldWeight="2"><Comparisons><Matrix kind="symmetric" nbRows="3" nbCols="3">
              <Array n="1" type="real">0</Array><Array n="2" type="real">0.25 0</Array><Array n="3" type="real">1 0.5 0</Array></Matrix></Comparisons></ClusteringField>
            <Cluster><Array n="2" type="string">round S</Array></Cluster><Cluster><Array n="2" type="string">long L</Array></Cluster>
            </ClusteringModel>
            """);
        var answer = model.Score(("shape", "long"), ("size", "M"));
        Assert.Equal(1 + (2 * 0.25), answer["d1"]);
        Assert.Equal(0 + (2 * 0.5), answer["d2"]);
    }

    [Theory]
    [InlineData(false, "", "d", 60, 40000, 0.6505322343877943, 1.2286344706927401)]
    [InlineData(true, "", "m", 95, 39500, 0.593621611923136, 0.9883846088038754)]
    [InlineData(true, "<ClusteringField field='status'/><ClusteringField field='age' fieldWeight='2'/><ClusteringField field='salary' fieldWeight='0.5'/>", "d", 60, 40000, 0.7017051048339216, 1.2037498340278137)]
    public void Center_fields_of_old_files_are_the_coordinates(bool derived, string fields, string status, double age, double salary, double first, double second)
    {
        var coordinates = string.Concat(CenterFields.Select(f => derived ? $"<DerivedField optype='continuous' dataType='double'>{f}</DerivedField>" : f));
        using var model = new PmmlTest("status=s,d,m age salary", Centers($"{fields}<CenterFields>{coordinates}</CenterFields>"));
        var answer = model.Score(("status", status), ("age", age), ("salary", salary));
        Near(first, answer["d1"]);
        Near(second, answer["d2"]);
    }

    [Theory]
    [InlineData("<CenterFields/>", "no DerivedField")]
    [InlineData("<CenterFields><NormDiscrete field='status' value='m'/></CenterFields>", "5 coordinates, 1 fields")]
    [InlineData("<CenterFields><FieldRef field='status'/></CenterFields>", "'status' is text")]
    [InlineData("<ClusteringField field='status' compareFunction='table'/><CenterFields><NormDiscrete field='status' value='m'/></CenterFields>", "not compared by a table")]
    public void Center_fields_that_make_no_coordinates_are_refused(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => new PmmlTest("status=s,d,m age salary", Centers(content))).Message, StringComparison.Ordinal);

    [Fact]
    public void Distributions_give_the_probability_of_every_cluster()
    {
        // The standard leaves open how covariances are used: here they and the centre make a Gaussian, weighted by the cluster's size.
        using var model = new PmmlTest("x y", """
            <ClusteringModel functionName="clustering" modelClass="distributionBased" numberOfClusters="2"><MiningSchema/>
            <Output><OutputField name="cluster" feature="predictedValue"/><OutputField name="p1" feature="affinity" value="1"/><OutputField name="p2" feature="affinity" value="2"/></Output>
            <ComparisonMeasure kind="similarity"><squaredEuclidean/></ComparisonMeasure>
            <ClusteringField field="x"/><ClusteringField field="y"/>
            <Cluster size="30"><Array n="2" type="real">0 0</Array><Covariances><Matrix><Array n="2" type="real">1 0.5</Array><Array n="2" type="real">0.5 2</Array></Matrix></Covariances></Cluster>
            <Cluster size="10"><Array n="2" type="real">2 1</Array><Covariances><Matrix kind="diagonal"><Array n="2" type="real">0.5 0.25</Array></Matrix></Covariances></Cluster>
            </ClusteringModel>
            """);
        var answer = model.Score(("x", 1.2), ("y", 0.7));
        Near(0.4690960639070855, answer["p1"]);
        Near(0.5309039360929145, answer["p2"]);
        Assert.Equal("2", answer["cluster"]);
        Assert.Null(model.Score(("x", 1.2))["cluster"]);
    }

    [Theory]
    [InlineData("<Cluster><Array n='2' type='real'>1 2</Array></Cluster>", "2 coordinates")]
    [InlineData("<Cluster id='near'><Array n='3' type='real'>1 2 3</Array></Cluster>", "'near'")]
    public void Clusters_that_do_not_fit_are_named(string cluster, string expected)
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("a b c", Model("""
            <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure>
            <ClusteringField field="a"/><ClusteringField field="b"/><ClusteringField field="c"/>
            """).Replace("</ClusteringModel>", cluster + "</ClusteringModel>", StringComparison.Ordinal)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static readonly string[] CenterFields =
    [
        "<NormDiscrete field='status' value='m'/>", "<NormDiscrete field='status' value='d'/>", "<NormDiscrete field='status' value='s'/>",
        "<NormContinuous field='age'><LinearNorm orig='45' norm='0'/><LinearNorm orig='82' norm='0.5'/><LinearNorm orig='105' norm='1'/></NormContinuous>",
        "<NormContinuous field='salary'><LinearNorm orig='39000' norm='0'/><LinearNorm orig='39800' norm='0.5'/><LinearNorm orig='41000' norm='1'/></NormContinuous>",
    ];

    /// <summary>The centres of the standard's example, "Mini Clustering" (PMML 2.1).</summary>
    private static string Centers(string content) => $"""
        <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema/>
        <Output><OutputField name="d1" feature="affinity" value="1"/><OutputField name="d2" feature="affinity" value="2"/></Output>
        <ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>{content}
        <Cluster><Array n="5" type="real">0.524561 0.486321 0.128427 0.459188 0.412384</Array></Cluster><Cluster><Array n="5" type="real">0.69946 0.419037 0.591226 0.173521 0.356458</Array></Cluster>
        </ClusteringModel>
        """;

    private static PmmlTest Weighted(string measure, string weights = "") => new("a b c", Model($"""
        <ComparisonMeasure kind="distance">{measure}</ComparisonMeasure>
        <ClusteringField field="a"/><ClusteringField field="b" fieldWeight="2"/><ClusteringField field="c" fieldWeight="0.5"/>{weights}
        """));

    private static string Model(string comparison) => $"""
        <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema/>
        <Output><OutputField name="cluster" feature="predictedValue"/><OutputField name="name" feature="predictedDisplayValue"/>
        <OutputField name="d1" feature="affinity" value="near"/><OutputField name="d2" feature="affinity" value="far"/>
        <OutputField name="best" feature="affinity"/><OutputField name="second" feature="entityId" rank="2"/><OutputField name="secondDistance" feature="affinity" rank="2"/></Output>
        {comparison}
        <Cluster id="near"><KohonenMap coord1="1"/><Array n="3" type="real">1 2 3</Array></Cluster>
        <Cluster id="far" name="The far one"><Array n="3" type="real">4 0 -1</Array></Cluster>
        </ClusteringModel>
        """;

    private static PmmlTest Binary(string measure) => new("a b c d e", $"""
        <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema/>
        <Output><OutputField name="cluster" feature="entityId"/><OutputField name="d1" feature="affinity" value="1"/><OutputField name="d2" feature="affinity" value="2"/></Output>
        <ComparisonMeasure kind="similarity">{measure}</ComparisonMeasure>
        <ClusteringField field="a"/><ClusteringField field="b"/><ClusteringField field="c"/><ClusteringField field="d"/><ClusteringField field="e"/>
        <Cluster><Array n="5" type="real">1 0 0 1 1</Array></Cluster><Cluster><Array n="5" type="real">0 1 1 0 0</Array></Cluster>
        </ClusteringModel>
        """);

    private static void Near(double expected, object? actual) => Assert.Equal(expected, Assert.IsType<double>(actual), 1e-13);
}
