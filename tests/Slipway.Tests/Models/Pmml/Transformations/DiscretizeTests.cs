using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class DiscretizeTests
{
    private static string Bin(string value, string closure, string margins) => $"<DiscretizeBin binValue='{value}'><Interval closure='{closure}' {margins}/></DiscretizeBin>";

    [Fact]
    public void The_standards_profit_is_negative_or_positive()
    {
        using var model = new Derived("Profit *y", $"<Discretize field='Profit'>{Bin("negative", "openOpen", "rightMargin='0'")}{Bin("positive", "closedOpen", "leftMargin='0'")}</Discretize>", "string");
        Assert.Equal("negative", model[("Profit", -0.01)]);
        Assert.Equal("positive", model[("Profit", 0)]);
        Assert.Equal("positive", model[("Profit", 1e300)]);
    }

    [Theory]
    [InlineData("openOpen", null, "in", null)]
    [InlineData("openClosed", null, "in", "in")]
    [InlineData("closedOpen", "in", "in", null)]
    [InlineData("closedClosed", "in", "in", "in")]
    public void The_closure_says_whether_the_margins_belong_to_the_bin(string closure, string? left, string? inside, string? right)
    {
        using var model = new Derived("x *y", $"<Discretize field='x'>{Bin("in", closure, "leftMargin='1' rightMargin='2'")}</Discretize>", "string");
        Assert.Equal(left, model[("x", 1)]);
        Assert.Equal(inside, model[("x", 1.5)]);
        Assert.Equal(right, model[("x", 2)]);
        Assert.Null(model[("x", 0.999)]);
        Assert.Null(model[("x", 2.001)]);
    }

    [Fact]
    public void DefaultValue_is_for_numbers_in_no_bin_and_mapMissingTo_for_missing_ones()
    {
        using var model = new Derived("x *y", $"<Discretize field='x' defaultValue='out' mapMissingTo='none'>{Bin("in", "closedClosed", "leftMargin='1' rightMargin='2'")}</Discretize>", "string");
        Assert.Equal("in", model[("x", 1)]);
        Assert.Equal("out", model[("x", 3)]);
        Assert.Equal("none", model[("x", null)]);
    }

    [Fact]
    public void The_result_has_the_data_type_of_the_element_and_then_that_of_the_field()
    {
        var bins = Bin("1", "closedOpen", "leftMargin='0'");
        using var typed = new Derived("x *y", $"<Discretize field='x' dataType='integer'>{bins}</Discretize>", "double");
        Assert.Equal(1.0, typed[("x", 5)]);
        using var untyped = new Derived("x *y", $"<Discretize field='x'>{bins}</Discretize>", "integer");
        Assert.Equal(1.0, untyped[("x", 5)]);
        using var text = new Derived("x *y", $"<Discretize field='x' dataType='double'>{bins}</Discretize>", "string");
        Assert.Equal("1.0", text[("x", 5)]);
        Assert.Contains("'high' is not of type integer", Derived.Fault("x *y", $"<Discretize field='x' dataType='integer'>{Bin("high", "closedOpen", "leftMargin='0'")}</Discretize>"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_bins_that_overlap_the_last_counts()
    {
        using var model = new Derived(
            "x *y",
            $"<Discretize field='x'>{Bin("1", "closedClosed", "leftMargin='0' rightMargin='10'")}{Bin("2", "openOpen", "leftMargin='2' rightMargin='4'")}{Bin("3", "closedClosed", "leftMargin='3' rightMargin='3'")}</Discretize>");
        double[] expected = [1, 2, 3, 2, 1];
        double[] given = [2, 2.5, 3, 3.5, 4];
        Assert.Equal(expected, given.Select(x => (double)model[("x", x)]!));
    }

    [Fact]
    public void Many_bins_give_what_trying_each_gives()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var bins = Enumerable.Range(0, random.Next(1, 60)).Select(i =>
            {
                var (a, b) = (random.Next(0, 30), random.Next(0, 30));
                return (Low: Math.Min(a, b), High: Math.Max(a, b), LowClosed: random.Next(2) == 0, HighClosed: random.Next(2) == 0, HasLow: random.Next(10) > 0, HasHigh: random.Next(10) > 0, Value: i);
            }).ToArray();
            var text = new StringBuilder();
            foreach (var bin in bins)
            {
                var margins = (bin.HasLow ? $"leftMargin='{bin.Low}' " : "") + (bin.HasHigh ? $"rightMargin='{bin.High}'" : "");
                text.Append(Bin(bin.Value.ToString(CultureInfo.InvariantCulture), $"{(bin.LowClosed ? "closed" : "open")}{(bin.HighClosed ? "Closed" : "Open")}", margins));
            }
            using var model = new Derived("x *y", $"<Discretize field='x' defaultValue='-1'>{text}</Discretize>");
            for (var x = -0.5; x <= 30.5; x += 0.5)
            {
                var expected = -1;
                foreach (var bin in bins)
                {
                    var aboveLow = !bin.HasLow || (bin.LowClosed ? x >= bin.Low : x > bin.Low);
                    var belowHigh = !bin.HasHigh || (bin.HighClosed ? x <= bin.High : x < bin.High);
                    if (aboveLow && belowHigh) expected = bin.Value;
                }
                Assert.Equal(expected, (double)model[("x", x)]!);
            }
        }
    }

    [Theory]
    [InlineData("<DiscretizeBin binValue='a'/>", "it has no Interval")]
    [InlineData("<DiscretizeBin><Interval closure='openOpen' leftMargin='0'/></DiscretizeBin>", "'binValue' is absent")]
    [InlineData("<DiscretizeBin binValue='a'><Interval closure='openOpen' leftMargin='2' rightMargin='1'/></DiscretizeBin>", "must not be greater")]
    [InlineData("<DiscretizeBin binValue='a'><Interval closure='half' leftMargin='2'/></DiscretizeBin>", "closure=\"half\"")]
    public void What_is_wrong_is_named(string bins, string says) =>
        Assert.Contains(says, Derived.Fault("x *y", $"<Discretize field='x'>{bins}</Discretize>", "string"), StringComparison.Ordinal);

    [Fact]
    public void A_text_that_is_no_number_is_a_fault_of_the_record()
    {
        using var model = new Derived("t:string *y", $"<Discretize field='t'>{Bin("1", "closedOpen", "leftMargin='0'")}</Discretize>");
        Assert.Equal(1.0, model[("t", "12")]);
        Assert.Contains("'twelve' is not a double", Assert.Throws<RecordException>(() => model[("t", "twelve")]).Message, StringComparison.Ordinal);
    }
}
