using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class MapValuesTests
{
    /// <summary>The standard's example of two columns.</summary>
    private const string Salary = """
        <MapValues outputColumn="out" dataType="integer"><FieldColumnPair field="BAND" column="band"/><FieldColumnPair field="STATE" column="state"/>
        <InlineTable>
        <row><band>1</band><state>MN</state><out>10000</out></row><row><band>1</band><state>IL</state><out>12000</out></row>
        <row><band>1</band><state>NY</state><out>20000</out></row><row><band>2</band><state>MN</state><out>20000</out></row>
        <row><band>2</band><state>IL</state><out>23000</out></row><row><band>2</band><state>NY</state><out>30000</out></row>
        </InlineTable></MapValues>
        """;

    private static string Gender(string attributes = "", string rows = "<row><s>m</s><l>male</l></row><row><s>f</s><l>female</l></row>") =>
        $"<MapValues outputColumn='l' {attributes}><FieldColumnPair field='g' column='s'/><InlineTable>{rows}</InlineTable></MapValues>";

    [Fact]
    public void A_value_becomes_what_its_row_says()
    {
        using var model = new Derived("g:string *y", Gender(), "string");
        Assert.Equal("male", model[("g", "m")]);
        Assert.Equal("female", model[("g", "f")]);
        Assert.Null(model[("g", "x")]);
        Assert.Null(model[("g", null)]);
    }

    [Fact]
    public void DefaultValue_is_for_values_in_no_row_and_mapMissingTo_for_missing_ones()
    {
        using var model = new Derived("g:string *y", Gender("defaultValue='other' mapMissingTo='unknown'"), "string");
        Assert.Equal("male", model[("g", "m")]);
        Assert.Equal("other", model[("g", "x")]);
        Assert.Equal("unknown", model[("g", null)]);
    }

    [Fact]
    public void Several_columns_are_matched_together()
    {
        using var model = new Derived("BAND:integer STATE:string *y", Salary, "integer");
        Assert.Equal(12000.0, model[("BAND", 1), ("STATE", "IL")]);
        Assert.Equal(20000.0, model[("BAND", 2), ("STATE", "MN")]);
        Assert.Equal(30000.0, model[("BAND", "2"), ("STATE", "NY")]);
        Assert.Null(model[("BAND", 3), ("STATE", "NY")]);
        Assert.Null(model[("BAND", 1), ("STATE", "WI")]);
        Assert.Null(model[("BAND", 1)]);
        Assert.Null(model[("STATE", "NY")]);
    }

    [Fact]
    public void One_missing_value_of_several_is_mapped_to_mapMissingTo()
    {
        using var model = new Derived("BAND:integer STATE:string *y", Salary.Replace("outputColumn", "mapMissingTo='-1' defaultValue='0' outputColumn", StringComparison.Ordinal), "integer");
        Assert.Equal(-1.0, model[("BAND", 1)]);
        Assert.Equal(-1.0, model[("STATE", "NY")]);
        Assert.Equal(0.0, model[("BAND", 1), ("STATE", "WI")]);
    }

    [Fact]
    public void Cells_are_values_of_the_fields_type()
    {
        using var model = new Derived("x *y", "<MapValues outputColumn='o'><FieldColumnPair field='x' column='i'/><InlineTable><row><i>1.50</i><o>5</o></row><row><i>none</i><o>6</o></row><row><i>-0</i><o>7</o></row></InlineTable></MapValues>");
        Assert.Equal(5.0, model[("x", 1.5)]);
        Assert.Equal(7.0, model[("x", 0)]);
        Assert.Equal(7.0, model[("x", -0.0)]);
        Assert.Null(model[("x", 2)]);
    }

    [Fact]
    public void Columns_are_found_with_and_without_their_prefix()
    {
        var table = "<InlineTable xmlns:data='http://jpmml.org/jpmml-model/InlineTable'><row><data:input>a</data:input><data:output>1</data:output></row></InlineTable>";
        using var prefixed = new Derived("t:string *y", $"<MapValues outputColumn='data:output'><FieldColumnPair field='t' column='data:input'/>{table}</MapValues>");
        Assert.Equal(1.0, prefixed[("t", "a")]);
        using var plain = new Derived("t:string *y", $"<MapValues outputColumn='output'><FieldColumnPair field='t' column='input'/>{table}</MapValues>");
        Assert.Equal(1.0, plain[("t", "a")]);
    }

    [Fact]
    public void A_map_without_a_table_gives_the_default()
    {
        using var model = new Derived("g:string *y", "<MapValues outputColumn='o' defaultValue='3'><FieldColumnPair field='g' column='s'/></MapValues>");
        Assert.Equal(3.0, model[("g", "m")]);
    }

    [Fact]
    public void Large_tables_of_one_and_two_columns_find_every_row()
    {
        const int rows = 20_000;
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++) text.Append(CultureInfo.InvariantCulture, $"<row><a>k{i % 200}</a><b>{i / 200}</b><o>{i}</o></row>");
        using var two = new Derived("a:string b *y", $"<MapValues outputColumn='o' dataType='integer'><FieldColumnPair field='a' column='a'/><FieldColumnPair field='b' column='b'/><InlineTable>{text}</InlineTable></MapValues>");
        for (var i = 0; i < rows; i += 7) Assert.Equal(i, (double)two[("a", $"k{i % 200}"), ("b", i / 200)]!);
        Assert.Null(two[("a", "k0"), ("b", rows)]);
    }

    [Theory]
    [InlineData("<MapValues outputColumn='o'><FieldColumnPair field='g' column='s'/><TableLocator/></MapValues>", "TableLocator: a table outside the file")]
    [InlineData("<MapValues outputColumn='o'><InlineTable/></MapValues>", "it has no FieldColumnPair")]
    [InlineData("<MapValues><FieldColumnPair field='g' column='s'/></MapValues>", "'outputColumn' is absent")]
    [InlineData("<MapValues outputColumn='o'><FieldColumnPair field='g' column='z'/><InlineTable><row><s>a</s><o>1</o></row></InlineTable></MapValues>", "no column 'z'; it has s, o")]
    [InlineData("<MapValues outputColumn='z'><FieldColumnPair field='g' column='s'/><InlineTable><row><s>a</s><o>1</o></row></InlineTable></MapValues>", "no column 'z'")]
    [InlineData("<MapValues outputColumn='o'><FieldColumnPair field='g' column='s'/><InlineTable><row><s>a</s><o>one</o></row></InlineTable></MapValues>", "'one' is not of type double")]
    [InlineData("<MapValues outputColumn='o'><FieldColumnPair field='g' column='s'/><InlineTable><row><s>a</s><o>1</o></row><row><s>a</s><o>2</o></row></InlineTable></MapValues>", "row 2 of the table has the same values")]
    public void What_is_wrong_is_named(string expression, string says) => Assert.Contains(says, Derived.Fault("g:string *y", expression), StringComparison.Ordinal);
}
