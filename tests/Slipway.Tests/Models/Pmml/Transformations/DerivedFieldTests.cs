using Slipway.Core;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class DerivedFieldTests
{
    [Fact]
    public void A_value_that_is_not_of_the_fields_type_is_a_fault_of_the_record()
    {
        using var model = new Derived("x t:string *y", "<FieldRef field='x'/>", "integer");
        Assert.Equal(2.0, model[("x", 2)]);
        Assert.Contains("'2.5' is not an integer", Assert.Throws<RecordException>(() => model[("x", 2.5)]).Message, StringComparison.Ordinal);
        using var text = new Derived("x t:string *y", "<FieldRef field='t'/>", "double");
        Assert.Equal(-3.5, text[("t", "-3.5")]);
        Assert.Contains("'three' is not a double", Assert.Throws<RecordException>(() => text[("t", "three")]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_not_of_its_type_is_a_fault_of_the_record()
    {
        using var model = new PmmlTest("x *y", """
            <RegressionModel functionName="regression"><MiningSchema/>
            <Output><OutputField name="out" dataType="integer" optype="continuous" feature="transformedValue"><FieldRef field="x"/></OutputField></Output>
            <RegressionTable intercept="0"/></RegressionModel>
            """);
        Assert.Equal(7.0, model.Score(("x", 7))["out"]);
        Assert.Contains("'7.5' is not an integer", Assert.Throws<RecordException>(() => model.Score(("x", 7.5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_derived_from_itself_and_types_without_a_way_between_are_named()
    {
        Assert.Contains("is derived from itself", Derived.Fault("x *y", "<FieldRef field='derived'/>"), StringComparison.Ordinal);
        Assert.Contains("cannot be taken as a date", Derived.Fault("x *y", "<FieldRef field='x'/>", "date"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("date", "2003-04-01", "dateDaysSince[1960]", 15796.0)]
    [InlineData("dateTime", "2003-04-01T23:59:59", "dateDaysSince[1960]", 15796.0)]
    [InlineData("dateTime", "1960-01-03T03:30:03", "dateTimeSecondsSince[1960]", 185403.0)]
    [InlineData("date", "1960-01-03", "dateTimeSecondsSince[1960]", 172800.0)]
    [InlineData("time", "05:23:30", "timeSeconds", 19410.0)]
    public void Dates_become_counts_since_a_date(string type, string value, string counted, double expected)
    {
        var element = Derived.Model("<FieldRef field='d'/>", counted).Replace($"\"out\" dataType=\"{counted}\"", "\"out\" dataType=\"double\"", StringComparison.Ordinal);
        using var model = new PmmlTest($"d:{type} *y", element);
        Assert.Equal(expected, model.Score(("d", value))["out"]);
        Assert.Null(model.Score(("d", null))["out"]);
    }
}
