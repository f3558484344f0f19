using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Golden values from numpy: weighted Euclidean distances of (1.1, 1.3), sorted; then mean, median and votes of the nearest.</summary>
public sealed class NearestNeighborModelTests
{
    private const string Outputs = """
        <Output><OutputField name="n1" feature="entityId"/><OutputField name="n2" feature="entityId" rank="2"/><OutputField name="n5" feature="entityId" rank="5"/>
        <OutputField name="d1" feature="affinity"/><OutputField name="d2" feature="affinity" rank="2"/></Output>
        """;

    [Theory]
    [InlineData("average", 4, 31.25)]
    [InlineData("median", 4, 32.5)]
    [InlineData("median", 3, 20)]
    [InlineData("weightedAverage", 4, 21.027199494332198)]
    public void Numbers_are_averaged(string method, int neighbors, double expected)
    {
        using var model = Model($"""functionName="regression" continuousScoringMethod="{method}" """, neighbors, "x y *number");
        Assert.Equal(expected, Assert.IsType<double>(model.Score(("x", 1.1), ("y", 1.3))["number"]), 1e-12);
    }

    [Theory]
    [InlineData("majorityVote", "b", 0.4)]
    [InlineData("weightedMajorityVote", "a", 0.6744712341366544)]
    public void Categories_are_voted_for(string method, string winner, double a)
    {
        using var model = Model(
            $"""functionName="classification" categoricalScoringMethod="{method}" """, 5, "x y *class=a,b,c",
            """<Output><OutputField name="a" feature="probability" value="a"/><OutputField name="b" feature="probability" value="b"/></Output>""");
        var answer = model.Score(("x", 1.1), ("y", 1.3));
        Assert.Equal(winner, answer["class"]);
        Assert.Equal(a, Assert.IsType<double>(answer["a"]), 1e-14);
        Assert.Equal(1 - a, Assert.IsType<double>(answer["b"]), 1e-14);
    }

    [Fact]
    public void Several_targets_are_predicted_at_once()
    {
        using var model = Model("functionName=\"mixed\"", 4, "x y *number *class=a,b,c");
        var answer = model.Score(("x", 1.1), ("y", 1.3));
        Assert.Equal(31.25, answer["number"]);
        Assert.Equal("b", answer["class"]);
    }

    [Fact]
    public void Neighbors_are_ranked_by_distance()
    {
        using var model = Model("functionName=\"regression\"", 3, "x y *number", Outputs);
        var answer = model.Score(("x", 1.1), ("y", 1.3));
        Assert.Equal(("1", "4", "3"), (answer["n1"], answer["n2"], answer["n5"]));
        Assert.Equal(0.43588989435406744, Assert.IsType<double>(answer["d1"]), 1e-14);
        Assert.Equal(1.4798648586948742, Assert.IsType<double>(answer["d2"]), 1e-14);
    }

    [Fact]
    public void Clustering_names_the_neighbors_only()
    {
        using var model = Model("""functionName="clustering" instanceIdVariable="id" """, 2, "x y", Outputs);
        var answer = model.Score(("x", 1.1), ("y", 1.3));
        Assert.Equal("i1", answer["n1"]);
    }

    [Fact]
    public void Equally_near_neighbors_are_ranked_in_the_files_order()
    {
        using var model = Model("functionName=\"regression\"", 2, "x y *number", Outputs, Rows((1, 0, 1, "a"), (-1, 0, 2, "a"), (0, 0.5, 4, "b"), (1, 0, 8, "b")));

        // x counts 1, y counts 2: the distances are 1, 1, √0.5, 1.
        var answer = model.Score(("x", 0), ("y", 0));
        Assert.Equal(("3", "1", 2.5), (answer["n1"], answer["n2"], answer["number"]));
    }

    [Fact]
    public void Tied_votes_go_to_the_more_frequent_category_then_to_the_first_in_order()
    {
        // One vote each; b has more instances than a; c has as many as b.
        var rows = Rows((0, 0, 0, "c"), (1, 0, 0, "a"), (2, 0, 0, "b"), (50, 0, 0, "b"), (60, 0, 0, "c"));
        using var model = Model("functionName=\"classification\"", 3, "x y *class=c,a,b", "", rows);
        Assert.Equal("b", model.Score(("x", 1), ("y", 0))["class"]);
    }

    [Fact]
    public void Missing_fields_are_left_out_and_a_row_without_any_has_no_answer()
    {
        using var model = Model("functionName=\"regression\"", 1, "x y *number", Outputs);
        Assert.Equal("6", model.Score(("x", 5))["n1"]);
        var answer = model.Score();
        Assert.Null(answer["number"]);
        Assert.Null(answer["n1"]);
    }

    [Fact]
    public void Instances_are_derived_as_rows_are_when_the_table_has_raw_fields()
    {
        const string Dictionary = """
            <DerivedField name="double" optype="continuous" dataType="double"><Apply function="*"><FieldRef field="x"/><Constant>2</Constant></Apply></DerivedField>
            <DerivedField name="big" optype="categorical" dataType="string"><Apply function="if"><Apply function="greaterThan"><FieldRef field="x"/><Constant>2.5</Constant></Apply>
              <Constant dataType="string">yes</Constant><Constant dataType="string">no</Constant></Apply></DerivedField>
            """;
        using var model = new PmmlTest("x *number", """
            <NearestNeighborModel functionName="regression" numberOfNeighbors="1"><MiningSchema/>
            <Output><OutputField name="d1" feature="affinity"/></Output>
            <TrainingInstances isTransformed="false"><InstanceFields><InstanceField field="x" column="x"/><InstanceField field="number" column="n"/></InstanceFields>
            <InlineTable><row><x>1</x><n>10</n></row><row><x>3</x><n>30</n></row></InlineTable></TrainingInstances>
            <ComparisonMeasure kind="distance"><cityBlock/></ComparisonMeasure>
            <KNNInputs><KNNInput field="double"/><KNNInput field="big" compareFunction="delta" fieldWeight="100"/></KNNInputs>
            </NearestNeighborModel>
            """, Dictionary);

        // 2.4 is nearer to 3, but as small as 1: |4.8 − 2| + 0 is less than |4.8 − 6| + 100.
        var answer = model.Score(("x", 2.4));
        Assert.Equal(10.0, answer["number"]);
        Assert.Equal(2.8, Assert.IsType<double>(answer["d1"]), 1e-14);
    }

    [Fact]
    public void An_instance_whose_field_cannot_be_derived_is_a_fault_of_the_model()
    {
        var fault = Assert.Throws<Slipway.Core.ModelException>(() => new PmmlTest("day:string *number", """
            <NearestNeighborModel functionName="regression" numberOfNeighbors="1"><MiningSchema/>
            <LocalTransformations><DerivedField name="years" optype="continuous" dataType="integer"><Apply function="dateDaysSinceYear"><FieldRef field="day"/><Constant>1960</Constant></Apply></DerivedField></LocalTransformations>
            <TrainingInstances isTransformed="false"><InstanceFields><InstanceField field="day" column="d"/><InstanceField field="number" column="n"/></InstanceFields>
            <InlineTable><row><d>1970-01-01</d><n>10</n></row><row><d>19-01-01</d><n>30</n></row></InlineTable></TrainingInstances>
            <ComparisonMeasure kind="distance"><cityBlock/></ComparisonMeasure><KNNInputs><KNNInput field="years"/></KNNInputs>
            </NearestNeighborModel>
            """));
        Assert.Contains("instance 2 has no value for 'years'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Similar_instances_weigh_by_their_similarity()
    {
        using var model = new PmmlTest("a:integer b:integer c:integer *number", """
            <NearestNeighborModel functionName="regression" numberOfNeighbors="2" continuousScoringMethod="weightedAverage"><MiningSchema/>
            <TrainingInstances><InstanceFields><InstanceField field="a" column="a"/><InstanceField field="b" column="b"/><InstanceField field="c" column="c"/><InstanceField field="number" column="n"/></InstanceFields>
            <InlineTable><row><a>1</a><b>1</b><c>0</c><n>10</n></row><row><a>0</a><b>0</b><c>0</c><n>20</n></row><row><a>1</a><b>1</b><c>1</c><n>40</n></row></InlineTable></TrainingInstances>
            <ComparisonMeasure kind="similarity"><simpleMatching/></ComparisonMeasure>
            <KNNInputs><KNNInput field="a"/><KNNInput field="b"/><KNNInput field="c"/></KNNInputs>
            </NearestNeighborModel>
            """);

        // Similarities to (1, 1, 1): 2/3, 0, 1.
        Assert.Equal(((10 * 2 / 3.0) + 40) / (5 / 3.0), Assert.IsType<double>(model.Score(("a", 1), ("b", 1), ("c", 1))["number"]), 1e-13);
    }

    [Fact]
    public void Blocks_of_instances_give_the_neighbors_of_a_full_sort()
    {
        var random = new Random(17);
        var rows = Enumerable.Range(0, 700).Select(i => (X: (double)random.Next(40), Y: (double)random.Next(40), N: (double)i, C: "a")).ToArray();
        using var model = Model("functionName=\"regression\"", 5, "x y *number", Outputs, Rows(rows));
        for (var trial = 0; trial < 50; trial++)
        {
            var (x, y) = (random.NextDouble() * 40, (double)random.Next(40));
            var nearest = rows.OrderBy(r => ((r.X - x) * (r.X - x)) + (2 * ((r.Y - y) * (r.Y - y)))).Take(5).Select(r => r.N).ToArray();
            var answer = model.Score(("x", x), ("y", y));
            Assert.Equal(nearest.Average(), Assert.IsType<double>(answer["number"]), 1e-12);
            Assert.Equal((nearest[4] + 1).ToString(CultureInfo.InvariantCulture), answer["n5"]);
        }
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        using var model = PmmlTest.Open(PmmlTest.Document("x y *number", Element("functionName=\"regression\"", 4, Outputs, Rows())));
        var scorer = model.CreateScorer();
        Assert.Equal(0, Allocations.Of(() => Score(10)));

        void Score(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                scorer.Set(0, i);
                scorer.Set(1, 1.5);
                scorer.Score();
                scorer.TryGetNumber(0, out _);
            }
        }
    }

    [Theory]
    [InlineData("functionName=\"regression\"", 7, "numberOfNeighbors")]
    [InlineData("functionName=\"regression\" instanceIdVariable=\"name\"", 1, "'name'")]
    [InlineData("functionName=\"classification\"", 1, "'x1'")]
    public void Instances_that_do_not_fit_are_named(string attributes, int neighbors, string expected)
    {
        var rows = attributes.Contains("classification", StringComparison.Ordinal) ? "<row><x>x1</x><y>0</y><n>1</n><c>a</c></row>" : Rows();
        var error = Assert.Throws<ModelException>(() => Model(attributes, neighbors, "x y *number", "", rows));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static PmmlTest Model(string attributes, int neighbors, string fields, string output = "", string? rows = null) => new(fields, Element(attributes, neighbors, output, rows ?? Rows()));

    private static string Element(string attributes, int neighbors, string output, string rows) => $"""
        <NearestNeighborModel {attributes} numberOfNeighbors="{neighbors}"><MiningSchema/>{output}
        <TrainingInstances><InstanceFields><InstanceField field="id" column="data:id"/><InstanceField field="x" column="x"/><InstanceField field="y" column="y"/>
        <InstanceField field="number" column="n"/><InstanceField field="class" column="c"/></InstanceFields><InlineTable xmlns:data="urn:data">{rows}</InlineTable></TrainingInstances>
        <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure>
        <KNNInputs><KNNInput field="x"/><KNNInput field="y" fieldWeight="2"/></KNNInputs>
        </NearestNeighborModel>
        """;

    private static string Rows(params (double X, double Y, double N, string C)[] rows)
    {
        if (rows.Length == 0) rows = [(1, 1, 10, "a"), (2, 3, 20, "a"), (4, 0, 30, "b"), (0, 2, 45, "b"), (3, 3, 50, "b"), (5, 5, 60, "c")];
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<row><data:id>i{i + 1}</data:id><x>{rows[i].X}</x><y>{rows[i].Y}</y><n>{rows[i].N}</n><c>{rows[i].C}</c></row>");
        }
        return text.ToString();
    }
}
