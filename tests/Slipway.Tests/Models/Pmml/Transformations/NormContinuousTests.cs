using System.Globalization;
using System.Text;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class NormContinuousTests
{
    private const string Points = """<LinearNorm orig="10" norm="0.1"/><LinearNorm orig="20" norm="0.5"/><LinearNorm orig="40" norm="0.9"/>""";

    private static Derived Norm(string attributes = "") => new("x *y", $"""<NormContinuous field="x" {attributes}>{Points}</NormContinuous>""");

    [Theory]
    [InlineData(10, 0.1)]
    [InlineData(15, 0.3)]
    [InlineData(20, 0.5)]
    [InlineData(30, 0.7)]
    [InlineData(40, 0.9)]
    public void Values_between_two_points_lie_on_the_line_through_them(double x, double norm)
    {
        foreach (var outliers in new[] { "", "outliers='asIs'", "outliers='asMissingValues'", "outliers='asExtremeValues'" })
        {
            using var model = Norm(outliers);
            Assert.Equal(norm, (double)model[("x", x)]!, 1e-15);
        }
    }

    [Theory]
    [InlineData("", 0, -0.3)]
    [InlineData("", 50, 1.1)]
    [InlineData("outliers='asIs'", 0, -0.3)]
    [InlineData("outliers='asIs'", 50, 1.1)]
    [InlineData("outliers='asExtremeValues'", 0, 0.1)]
    [InlineData("outliers='asExtremeValues'", 50, 0.9)]
    [InlineData("outliers='asMissingValues' mapMissingTo='7'", 0, 7.0)]
    [InlineData("outliers='asMissingValues' mapMissingTo='7'", 50, 7.0)]
    public void Values_outside_the_points_are_treated_as_the_attribute_says(string attributes, double x, double expected)
    {
        using var model = Norm(attributes);
        Assert.Equal(expected, (double)model[("x", x)]!, 1e-15);
    }

    [Fact]
    public void Outliers_as_missing_values_without_mapMissingTo_are_missing()
    {
        using var model = Norm("outliers='asMissingValues'");
        Assert.Null(model[("x", 9.999)]);
        Assert.Null(model[("x", 40.001)]);
        Assert.NotNull(model[("x", 40)]);
    }

    [Fact]
    public void A_missing_value_is_missing_unless_mapMissingTo_says_otherwise()
    {
        using var plain = Norm();
        Assert.Null(plain[("x", null)]);
        using var mapped = Norm("mapMissingTo='0.25'");
        Assert.Equal(0.25, mapped[("x", null)]);
    }

    [Fact]
    public void The_standards_z_score_is_two_points()
    {
        using var model = new Derived("x *y", """<NormContinuous field="x"><LinearNorm orig="0" norm="-2"/><LinearNorm orig="5" norm="0"/></NormContinuous>""");
        Assert.Equal((12.5 - 5) / 2.5, model[("x", 12.5)]);
    }

    [Fact]
    public void Two_points_at_one_place_are_a_step()
    {
        using var model = new Derived("x *y", """
            <NormContinuous field="x"><LinearNorm orig="0" norm="0"/><LinearNorm orig="1" norm="1"/><LinearNorm orig="1" norm="5"/><LinearNorm orig="2" norm="6"/></NormContinuous>
            """);
        Assert.Equal(0.5, model[("x", 0.5)]);
        Assert.Equal(5.0, model[("x", 1)]);
        Assert.Equal(5.5, model[("x", 1.5)]);
    }

    [Fact]
    public void Many_points_give_what_walking_along_them_gives()
    {
        var random = new Random(7);
        var points = Enumerable.Range(0, 100).Select(_ => (Orig: Math.Round(random.NextDouble() * 1000, 3), Norm: Math.Round(random.NextDouble(), 4))).DistinctBy(p => p.Orig).OrderBy(p => p.Orig).ToArray();
        var text = new StringBuilder();
        foreach (var (orig, norm) in points) text.Append(CultureInfo.InvariantCulture, $"<LinearNorm orig='{orig:R}' norm='{norm:R}'/>");
        using var model = new Derived("x *y", $"<NormContinuous field='x'>{text}</NormContinuous>");
        for (var i = 0; i < 300; i++)
        {
            var x = (random.NextDouble() * 1100) - 50;
            var right = 1;
            while (right < points.Length - 1 && points[right].Orig <= x) right++;
            var (a, b) = (points[right - 1], points[right]);
            Assert.Equal(a.Norm + ((x - a.Orig) / (b.Orig - a.Orig) * (b.Norm - a.Norm)), (double)model[("x", x)]!, 1e-12);
        }
    }

    [Theory]
    [InlineData("<NormContinuous field='x'><LinearNorm orig='0' norm='0'/></NormContinuous>", "two LinearNorm or more")]
    [InlineData("<NormContinuous field='x'><LinearNorm orig='1' norm='0'/><LinearNorm orig='0' norm='1'/></NormContinuous>", "must ascend")]
    [InlineData("<NormContinuous field='x'><LinearNorm orig='NaN' norm='0'/><LinearNorm orig='0' norm='1'/></NormContinuous>", "not a finite number")]
    [InlineData("<NormContinuous field='z'><LinearNorm orig='0' norm='0'/><LinearNorm orig='1' norm='1'/></NormContinuous>", "'z' is not declared")]
    [InlineData("<NormContinuous field='x' outliers='asNothing'/>", "asMissingValues")]
    public void What_is_wrong_is_named(string expression, string says) => Assert.Contains(says, Derived.Fault("x *y", expression), StringComparison.Ordinal);
}
