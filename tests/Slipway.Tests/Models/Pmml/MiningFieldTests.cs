using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>What a model sees of a field: PMML 4.4.1, DataDictionary and MiningSchema.</summary>
public sealed class MiningFieldTests
{
    private const string Number = """
        <DataField name='x' optype='continuous' dataType='double'><Interval closure='closedOpen' leftMargin='0' rightMargin='10'/>
        <Value value='-1' property='missing'/><Value value='N/A' property='missing'/><Value value='5' property='invalid'/></DataField>
        """;

    private const string Plain = "<DataField name='x' optype='continuous' dataType='double'/>";

    [Theory]
    [InlineData("invalidValueTreatment='asIs'", 20.0, 20.0)]
    [InlineData("invalidValueTreatment='asIs'", 5.0, 5.0)]
    [InlineData("invalidValueTreatment='asMissing'", 20.0, null)]
    [InlineData("invalidValueTreatment='asMissing'", "abc", null)]
    [InlineData("invalidValueTreatment='asMissing' missingValueReplacement='3'", 20.0, 3.0)]
    [InlineData("invalidValueTreatment='asMissing' missingValueReplacement='3'", "abc", 3.0)]
    [InlineData("invalidValueTreatment='asValue' invalidValueReplacement='4'", 20.0, 4.0)]
    [InlineData("invalidValueTreatment='asValue' invalidValueReplacement='4'", "abc", 4.0)]
    [InlineData("invalidValueTreatment='asValue' x-invalidValueReplacement='4'", 5.0, 4.0)]
    [InlineData("invalidValueTreatment='asIs' x-invalidValueReplacement='4'", 20.0, 4.0)]
    [InlineData("invalidValueTreatment='asValue' invalidValueReplacement='4' missingValueReplacement='3'", null, 3.0)]
    public void Invalid_value_is_treated_as_the_schema_says(string attributes, object? given, double? seen) => Assert.Equal(seen, Seen(Number, attributes, given));

    [Theory]
    [InlineData("", 20.0)]
    [InlineData("", 10.0)]
    [InlineData("", -0.1)]
    [InlineData("", 5.0)]
    [InlineData("", "abc")]
    [InlineData("", "")]
    [InlineData("invalidValueTreatment='returnInvalid' missingValueReplacement='3'", 20.0)]
    [InlineData("invalidValueTreatment='asIs'", "abc")]
    public void Invalid_value_refuses_the_record_when_nothing_else_can_be_done(string attributes, object given)
    {
        var message = Assert.Throws<RecordException>(() => Seen(Number, attributes, given)).Message;
        Assert.Contains("field 'x': '" + (given as string ?? FormattableString.Invariant($"{given}")) + "'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_value_of_a_field_that_nothing_reads_does_no_harm()
    {
        using var model = new PmmlTest("x=a,b z *y", "<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='1'><NumericPredictor name='z' coefficient='1'/></RegressionTable></RegressionModel>");
        Assert.Equal(3.0, model.Score(("x", "c"), ("z", 2))["y"]);
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("", -1.0, null)]
    [InlineData("", "-1", null)]
    [InlineData("", "N/A", null)]
    [InlineData("missingValueReplacement='3'", null, 3.0)]
    [InlineData("missingValueReplacement='3'", -1.0, 3.0)]
    [InlineData("missingValueReplacement='3'", "N/A", 3.0)]
    [InlineData("missingValueReplacement='99' outliers='asExtremeValues' lowValue='1' highValue='8'", null, 99.0)]
    [InlineData("missingValueReplacement='3' missingValueTreatment='asMean'", null, 3.0)]
    public void Missing_value_is_replaced_as_the_schema_says(string attributes, object? given, double? seen) => Assert.Equal(seen, Seen(Number, attributes, given));

    [Theory]
    [InlineData("missingValueTreatment='returnInvalid'", null)]
    [InlineData("missingValueTreatment='x-returnInvalid'", null)]
    [InlineData("missingValueTreatment='returnInvalid'", "N/A")]
    [InlineData("missingValueTreatment='returnInvalid' invalidValueTreatment='asMissing'", 20.0)]
    public void Missing_value_refuses_the_record_when_the_schema_says_so(string attributes, object? given) =>
        Assert.Contains("field 'x'", Assert.Throws<RecordException>(() => Seen(Number, attributes, given)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("asIs", 20.0, 20.0)]
    [InlineData("asMissingValues", 20.0, null)]
    [InlineData("asMissingValues", -5.0, null)]
    [InlineData("asMissingValues", 10.0, 10.0)]
    [InlineData("asMissingValues' missingValueReplacement='3", -5.0, 3.0)]
    [InlineData("asExtremeValues", 20.0, 10.0)]
    [InlineData("asExtremeValues", -5.0, 0.0)]
    [InlineData("asExtremeValues", 0.0, 0.0)]
    [InlineData("asExtremeValues", null, null)]
    public void Outlier_is_treated_as_the_schema_says(string outliers, double? given, double? seen) =>
        Assert.Equal(seen, Seen(Plain, $"lowValue='0' highValue='10' outliers='{outliers}'", given));

    [Theory]
    [InlineData("openOpen", "ITI")]
    [InlineData("openClosed", "ITT")]
    [InlineData("closedOpen", "TTI")]
    [InlineData("closedClosed", "TTT")]
    public void Closure_says_whether_the_margins_are_valid(string closure, string validLeftInsideRight)
    {
        var field = $"<DataField name='x' optype='continuous' dataType='double'><Interval closure='{closure}' leftMargin='1' rightMargin='2'/></DataField>";
        var found = new double[] { 1, 1.5, 2 }.Select(x => Seen(field, "invalidValueTreatment='asMissing'", x) is null ? 'I' : 'T');
        Assert.Equal(validLeftInsideRight, string.Concat(found));
    }

    [Theory]
    [InlineData("0.1", true)]
    [InlineData("0.3", true)]
    [InlineData("0.09999999", false)]
    [InlineData("0.3000001", false)]
    public void Margins_of_a_float_field_are_floats(string given, bool isValid)
    {
        const string field = "<DataField name='x' optype='continuous' dataType='float'><Interval closure='closedClosed' leftMargin='0.1' rightMargin='0.3'/></DataField>";
        Assert.Equal(isValid, Seen(field, "invalidValueTreatment='asMissing'", given) is not null);
        const string plain = "<DataField name='x' optype='continuous' dataType='float'/>";
        Assert.Equal(isValid, Seen(plain, "outliers='asMissingValues' lowValue='0.1' highValue='0.3'", given) is not null);
        Assert.Equal((double)0.3f, Seen(plain, "outliers='asExtremeValues' lowValue='0.1' highValue='0.3'", "7"));
    }

    [Fact]
    public void Interval_without_a_margin_has_no_end_there()
    {
        const string field = "<DataField name='x' optype='continuous' dataType='double'><Interval closure='openClosed' rightMargin='-3'/><Interval closure='closedOpen' leftMargin='3'/></DataField>";
        Assert.Equal([-1e300, null, 1e300], new double[] { -1e300, 0, 1e300 }.Select(x => (double?)Seen(field, "invalidValueTreatment='asMissing'", x)));
    }

    [Fact]
    public void Empty_text_is_a_value()
    {
        Assert.Equal("", Seen("<DataField name='x' optype='categorical' dataType='string'/>", "missingValueReplacement='none'", ""));
        Assert.Equal("none", Seen("<DataField name='x' optype='categorical' dataType='string'/>", "missingValueReplacement='none'", null));
        Assert.Throws<RecordException>(() => Seen("<DataField name='x' optype='categorical' dataType='string'><Value value='a'/></DataField>", "", ""));
    }

    [Theory]
    [InlineData("integer", "1", 1.0)]
    [InlineData("integer", "1.0", 1.0)]
    [InlineData("integer", " 1 ", 1.0)]
    [InlineData("integer", 1.0, 1.0)]
    [InlineData("double", "1", 1.0)]
    [InlineData("double", "1.00", 1.0)]
    [InlineData("float", "1e0", 1.0)]
    [InlineData("string", "1", "1")]
    [InlineData("string", 1.0, "1")]
    [InlineData("boolean", "1", 1.0)]
    [InlineData("boolean", "TRUE", 1.0)]
    [InlineData("boolean", "true", 1.0)]
    [InlineData("boolean", "1.0", 1.0)]
    [InlineData("boolean", 1.0, 1.0)]
    public void Category_one_is_met_by_what_means_one(string type, object given, object seen) =>
        Assert.Equal(seen, Seen($"<DataField name='x' optype='categorical' dataType='{type}'><Value value='1'/></DataField>", "", given));

    [Theory]
    [InlineData("integer", "1.5")]
    [InlineData("integer", 1.5)]
    [InlineData("integer", "2")]
    [InlineData("string", "1.0")]
    [InlineData("string", " 1")]
    [InlineData("boolean", "0")]
    [InlineData("boolean", "yes")]
    [InlineData("boolean", 2.0)]
    public void Category_one_is_not_met_by_anything_else(string type, object given) =>
        Assert.Throws<RecordException>(() => Seen($"<DataField name='x' optype='categorical' dataType='{type}'><Value value='1'/></DataField>", "", given));

    [Theory]
    [InlineData("boolean", "0", 0.0)]
    [InlineData("boolean", "False", 0.0)]
    [InlineData("double", "TRUE", 1.0)]
    [InlineData("double", " -1.5e3 ", -1500.0)]
    [InlineData("double", "-INF", double.NegativeInfinity)]
    [InlineData("float", "0.1", 0.1f)]
    [InlineData("float", 0.1, 0.1f)]
    [InlineData("dateDaysSince[1960]", "1960-01-02", 1.0)]
    [InlineData("dateDaysSince[1960]", "1959-12-31", -1.0)]
    [InlineData("dateDaysSince[1960]", "1970-01-01", 3653.0)]
    [InlineData("dateDaysSince[1970]", "2000-03-01", 11017.0)]
    [InlineData("dateDaysSince[1960]", "42", 42.0)]
    [InlineData("dateDaysSince[1960]", 42.0, 42.0)]
    [InlineData("dateTimeSecondsSince[1960]", "1960-01-02T00:01:05", 86465.0)]
    [InlineData("timeSeconds", "01:01:01", 3661.0)]
    [InlineData("timeSeconds", 3661.0, 3661.0)]
    [InlineData("date", "2020-02-29", "2020-02-29")]
    [InlineData("time", "23:59:59", "23:59:59")]
    [InlineData("dateTime", "2020-02-29T12:00:00", "2020-02-29T12:00:00")]
    public void Value_is_read_as_its_data_type(string type, object given, object seen) =>
        Assert.Equal(seen is float single ? (double)single : seen, Seen($"<DataField name='x' optype='continuous' dataType='{type}'/>", "", given));

    [Theory]
    [InlineData("date", "2020-02-30")]
    [InlineData("time", "24:00:01")]
    [InlineData("dateTime", "2020-02-29")]
    [InlineData("timeSeconds", "noon")]
    [InlineData("dateDaysSince[1960]", "1960")]
    [InlineData("integer", "1e400")]
    [InlineData("double", "1,5")]
    public void Text_of_another_type_refuses_the_record(string type, string given)
    {
        if (type == "dateDaysSince[1960]") given += "-13-01";
        Assert.Throws<RecordException>(() => Seen($"<DataField name='x' optype='continuous' dataType='{type}'/>", "", given));
    }

    [Theory]
    [InlineData("double")]
    [InlineData("integer")]
    [InlineData("float")]
    public void Number_of_very_many_digits_is_read(string type) =>
        Assert.Equal(12.0, Seen($"<DataField name='x' optype='continuous' dataType='{type}'/>", "", new string('0', 300) + "12"));

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void Text_of_any_length_is_a_category(int length)
    {
        var text = string.Concat(Enumerable.Repeat("水ß", length));
        Assert.Equal(text, Seen($"<DataField name='x' optype='categorical' dataType='string'><Value value='{text}'/></DataField>", "", text));
        Assert.Equal(text + "z", Seen("<DataField name='x' optype='categorical' dataType='string'/>", "", text + "z"));
        var message = Assert.Throws<RecordException>(() => Seen($"<DataField name='x' optype='categorical' dataType='string'><Value value='{text}'/></DataField>", "", text + "z")).Message;
        Assert.InRange(message.Length, 80, 300);
    }

    [Fact]
    public void Optype_of_the_schema_overrides_that_of_the_dictionary()
    {
        const string field = "<DataField name='x' optype='continuous' dataType='integer'><Interval closure='closedClosed' leftMargin='0' rightMargin='1'/></DataField>";
        Assert.Throws<RecordException>(() => Seen(field, "", 7.0));
        Assert.Equal(7.0, Seen(field, "optype='categorical'", 7.0));
    }

    [Theory]
    [InlineData("", null, 12.0)]
    [InlineData("", 1.0, 2.0)]
    [InlineData("missingValueReplacement='2'", null, 4.0)]
    public void Nested_models_replace_what_is_missing_each_for_itself(string outer, double? given, double expected)
    {
        using var model = new PmmlTest($"{Plain}<DataField name='y' optype='continuous' dataType='double'/>", $"""
            <MiningModel functionName='regression'><MiningSchema><MiningField name='x' {outer}/><MiningField name='y' usageType='target'/></MiningSchema>
            <Segmentation multipleModelMethod='sum'>{Segment("missingValueReplacement='5'")}{Segment("missingValueReplacement='7'")}</Segmentation></MiningModel>
            """);
        Assert.Equal(expected, model.Score(("x", given))["y"]);

        static string Segment(string attributes) => $"""
            <Segment><True/><RegressionModel functionName='regression'><MiningSchema><MiningField name='x' {attributes}/></MiningSchema>
            <RegressionTable intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel></Segment>
            """;
    }

    [Theory]
    [InlineData("usageType='activ'", "usageType=\"activ\" is unknown; it may be active")]
    [InlineData("invalidValueTreatment='asNull'", "invalidValueTreatment=\"asNull\" is unknown")]
    [InlineData("invalidValueTreatment='asValue'", "invalidValueTreatment=\"asValue\" needs an invalidValueReplacement")]
    [InlineData("outliers='asExtreme'", "outliers=\"asExtreme\" is unknown")]
    [InlineData("lowValue='low'", "lowValue=\"low\" is not a number")]
    [InlineData("missingValueReplacement='none'", "missingValueReplacement=\"none\" is not of type double")]
    [InlineData("missingValueTreatment='returninvalid'", "missingValueTreatment=\"returninvalid\" is unknown")]
    public void Wrong_attribute_is_named_with_its_place(string attributes, string problem)
    {
        var message = Assert.Throws<ModelException>(() => Echo(Plain, attributes)).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Matches("^line [0-9]+, column [0-9]+: MiningField: ", message);
    }

    private static object? Seen(string dataField, string attributes, object? given)
    {
        using var model = Echo(dataField, attributes);
        return model.Score(("x", given))["seen"];
    }

    private static PmmlTest Echo(string dataField, string attributes) => new($"{dataField}<DataField name='y' optype='continuous' dataType='double'/>", $"""
        <RegressionModel functionName='regression'><MiningSchema><MiningField name='x' {attributes}/><MiningField name='y' usageType='target'/></MiningSchema>
        <Output><OutputField name='seen' feature='transformedValue'><FieldRef field='x'/></OutputField></Output><RegressionTable intercept='7'/></RegressionModel>
        """);
}
