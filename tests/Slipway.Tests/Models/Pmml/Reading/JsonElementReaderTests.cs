using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Tests.Models.Pmml.Transformations;

namespace Slipway.Tests.Models.Pmml.Reading;

public sealed class JsonElementReaderTests
{
    private const string Table = """
        <InlineTable><row><i>a</i><n>1</n><o>5</o></row><row><i>b</i><n>2</n><o>6</o></row></InlineTable>
        """;

    public static TheoryData<string> Expressions =>
    [
        "<FieldRef field='x' mapMissingTo='3'/>",
        "<Constant dataType='double'>2.5</Constant>",
        "<Apply function='-'><Constant dataType='double'>10</Constant><FieldRef field='x'/></Apply>",
        "<Apply function='if'><Apply function='greaterThan'><FieldRef field='x'/><Constant>1</Constant></Apply><Constant>1</Constant><Constant>0</Constant></Apply>",
        "<NormContinuous field='x' outliers='asExtremeValues'><LinearNorm orig='0' norm='1'/><LinearNorm orig='2' norm='4'/></NormContinuous>",
        "<NormDiscrete field='t' value='a' mapMissingTo='0.5'/>",
        "<Discretize field='x' defaultValue='7'><DiscretizeBin binValue='1'><Interval closure='closedOpen' leftMargin='0' rightMargin='1'/></DiscretizeBin></Discretize>",
        $"<MapValues outputColumn='o' defaultValue='-1'><FieldColumnPair field='t' column='i'/>{Table}</MapValues>",
        $"<MapValues outputColumn='o'><FieldColumnPair field='t' column='i'/><FieldColumnPair field='x' column='n'/>{Table}</MapValues>",
        "<TextIndex textField='t'><TextIndexNormalization><InlineTable><row><string>b</string><stem>a</stem></row></InlineTable></TextIndexNormalization><Constant>a</Constant></TextIndex>",
        "<Lag field='x' n='2' aggregate='sum'/>",
        "<Apply function='double'><FieldRef field='x'/></Apply>",
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Every_transformation_is_the_same_in_json_as_in_xml(string expression)
    {
        var xml = PmmlTest.Document(
            "x t:string *y", Derived.Model(expression),
            "<DefineFunction name='double' optype='continuous'><ParameterField name='p'/><Apply function='*'><FieldRef field='p'/><Constant>2</Constant></Apply></DefineFunction>");
        var expected = Scores(xml);
        Assert.Equal(expected, Scores(JsonForm.Jackson(xml)));
        Assert.Equal(expected, Scores(JsonForm.XmlToDict(xml)));
        Assert.Equal(expected, Scores("\uFEFF \r\n" + JsonForm.Jackson(xml)));
    }

    [Fact]
    public void Models_may_stand_before_what_they_need()
    {
        const string json = """
            {"models": [{"RegressionModel": {"functionName": "regression",
              "RegressionTable": [{"intercept": 0.50, "NumericPredictor": [{"name": "x", "coefficient": 2}]}],
              "MiningSchema": {"MiningField": [{"name": "x"}, {"name": "y", "usageType": "target"}]}}}],
             "version": "4.4", "x-unknown": [1, {"a": null}],
             "DataDictionary": {"DataField": [{"name": "x", "optype": "continuous", "dataType": "double"}, {"name": "y", "optype": "continuous", "dataType": "double"}]},
             "Header": {"Application": {"name": "test"}}}
            """;
        using var model = PmmlTest.Open(json);
        var scorer = model.CreateScorer();
        scorer.Set(0, 3);
        scorer.Score();
        Assert.Equal("6.5", scorer.Text(0));
    }

    [Fact]
    public void Arrays_are_text_or_lists()
    {
        const string json = """
            {"PMML": {"@version": "4.4", "DataDictionary": {"DataField": [{"@name": "x", "@optype": "continuous", "@dataType": "integer"}, {"@name": "y", "@optype": "continuous", "@dataType": "double"}]},
              "RegressionModel": {"@functionName": "regression", "MiningSchema": {"MiningField": {"@name": "x"}},
              "Output": {"OutputField": {"@name": "out", "@feature": "transformedValue", "@dataType": "double",
                 "Apply": {"@function": "isIn", "FieldRef": {"@field": "x"}, "Constant": ["1", "2"]}}},
              "RegressionTable": {"@intercept": "1"}}}}
            """;
        using var model = PmmlTest.Open(json);
        var scorer = model.CreateScorer();
        scorer.Set(0, 2);
        scorer.Score();
        Assert.Equal("1.0", scorer.Text(1));
    }

    [Fact]
    public void Elements_without_a_capital_are_read_where_attributes_are_marked()
    {
        var xml = PmmlTest.Document("x *y", """
            <NearestNeighborModel functionName="regression" numberOfNeighbors="1"><MiningSchema/>
            <TrainingInstances><InstanceFields><InstanceField field="x" column="x"/><InstanceField field="y" column="n"/></InstanceFields>
            <InlineTable><row><x>1</x><n>10</n></row><row><x>3</x><n>30</n></row></InlineTable></TrainingInstances>
            <ComparisonMeasure kind="distance"><cityBlock/></ComparisonMeasure><KNNInputs><KNNInput field="x"/></KNNInputs></NearestNeighborModel>
            """);
        foreach (var document in new[] { xml, JsonForm.Jackson(xml), JsonForm.XmlToDict(xml) })
        {
            using var model = PmmlTest.Open(document);
            var scorer = model.CreateScorer();
            scorer.Set(0, 2.5);
            scorer.Score();
            Assert.Equal("30.0", scorer.Text(0));
        }
    }

    [Theory]
    [InlineData("""{"version": "4.4"}""", "neither a property 'PMML' nor a property 'DataDictionary'")]
    [InlineData("""{"PMML": 4}""", "neither a property 'PMML'")]
    [InlineData("""{"PMML": {"DataDictionary": {}}}""", "$.PMML: PMML: it has no model")]
    [InlineData("""{"PMML": {""", "line 1, byte 11: not well-formed JSON")]
    [InlineData("""{"DataDictionary": {"DataField": [{"name": "a"}, {"dataType": "double"}]}}""", "$.DataDictionary.DataField[1]: DataField: the attribute 'name' is absent")]
    [InlineData("""{"DataDictionary": {}, "Model": [{"NoModel": {}}]}""", "$.Model[0].NoModel: NoModel: this element is not supported")]
    [InlineData("""{"DataDictionary": {"DataField": {"name": "\ud800"}}}""", "not well-formed JSON")]
    public void Faults_name_the_path(string json, string says) =>
        Assert.Contains(says, Assert.Throws<ModelException>(() => PmmlTest.Open(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(900, false)]
    [InlineData(1100, true)]
    [InlineData(1_000_000, true)]
    public void Depth_is_bounded(int depth, bool refused)
    {
        var json = "{\"DataDictionary\":" + string.Concat(Enumerable.Repeat("{\"DataField\":{\"name\":\"a\",\"Extension\":", 1))
            + string.Concat(Enumerable.Repeat("{\"Extension\":", depth)) + "1" + new string('}', depth) + "}}}";
        var fault = Assert.Throws<ModelException>(() => PmmlTest.Open(json)).Message;
        Assert.Equal(depth > 3000, fault.Contains("not well-formed JSON", StringComparison.Ordinal));
        if (!refused) Assert.Contains("it has no model", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  {\"PMML\": {\"@version\": \"4.4\"", true)]
    [InlineData("{\"version\":\"4.4\",\"Header\":{},\"DataDictionary\":{", true)]
    [InlineData("{\"learner\": {\"PMMLish\": 1}}", false)]
    [InlineData("[\"PMML\"]", false)]
    [InlineData("<?xml version=\"1.0\"?><PMML version='4.4'>", true)]
    [InlineData("<html>", false)]
    public void A_file_is_known_by_its_beginning(string head, bool isPmml) =>
        Assert.Equal(isPmml, new PmmlRuntime().CanOpen("model.bin", System.Text.Encoding.UTF8.GetBytes(head)));

    private static List<string?> Scores(string document)
    {
        using var model = PmmlTest.Open(document);
        var scorer = model.CreateScorer();
        var answers = new List<string?>();
        foreach (var (x, t) in new (double?, string?)[] { (1, "a"), (2, "b"), (null, "b a"), (0.5, null), (-4, "c") })
        {
            for (var i = 0; i < scorer.InputCount; i++)
            {
                if (scorer.InputName(i) == "x" && x is { } number) scorer.Set(i, number);
                else if (scorer.InputName(i) == "t" && t is not null) scorer.Set(i, t);
                else scorer.SetMissing(i);
            }
            scorer.Score();
            answers.Add(scorer.Text(scorer.OutputCount - 1));
        }
        return answers;
    }
}
