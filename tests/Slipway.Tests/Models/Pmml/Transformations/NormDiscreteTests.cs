namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class NormDiscreteTests
{
    [Fact]
    public void The_value_is_one_and_every_other_zero()
    {
        using var model = new Derived("color=red,green *y", "<NormDiscrete field='color' value='red'/>");
        Assert.Equal(1.0, model[("color", "red")]);
        Assert.Equal(0.0, model[("color", "green")]);
    }

    [Fact]
    public void A_missing_value_is_missing_unless_mapMissingTo_says_otherwise()
    {
        using var plain = new Derived("color=red,green *y", "<NormDiscrete field='color' value='red'/>");
        Assert.Null(plain[("color", null)]);
        using var mapped = new Derived("color=red,green *y", "<NormDiscrete field='color' value='red' mapMissingTo='0.5'/>");
        Assert.Equal(0.5, mapped[("color", null)]);
    }

    [Theory]
    [InlineData("code:integer=1,2", "1.0", "1", 1.0)]
    [InlineData("code:integer=1,2", "1", "2", 0.0)]
    [InlineData("flag:boolean", "true", "1", 1.0)]
    [InlineData("flag:boolean", "false", "TRUE", 0.0)]
    [InlineData("x", "2.50", "2.5", 1.0)]
    public void Values_are_compared_as_values_of_the_fields_type(string field, string value, string given, double expected)
    {
        var name = field.Split(':', '=')[0];
        using var model = new Derived($"{field} *y", $"<NormDiscrete field='{name}' value='{value}'/>");
        Assert.Equal(expected, model[(name, given)]);
    }

    [Fact]
    public void An_unknown_method_is_named() =>
        Assert.Contains("method=\"thermometer\" is not supported", Derived.Fault("color=red *y", "<NormDiscrete field='color' value='red' method='thermometer'/>"), StringComparison.Ordinal);

    [Fact]
    public void A_value_that_the_field_cannot_have_is_named() =>
        Assert.Contains("'red' cannot be compared with the field 'x'", Derived.Fault("x *y", "<NormDiscrete field='x' value='red'/>"), StringComparison.Ordinal);
}
