using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

public class OneHotTests
{
    [Fact]
    public void The_column_gives_way_to_one_column_for_each_value() =>
        Assert.Equal(
            ["t=0.5 season_1=0 season_2=1", "t=1.5 season_1=1 season_2=0"],
            StepKit.Lines(new OneHot("season", [1L, 2L]), ("season", [2L, 1L]), ("t", [0.5, 1.5])));

    [Fact]
    public void Text_is_compared_byte_by_byte() =>
        Assert.Equal(
            ["w=rain is-rain=1 is-Rain=0", "w=Rain is-rain=0 is-Rain=1"],
            StepKit.Lines(new OneHot("w", ["rain", "Rain"], Keep: true, Prefix: "is-"), ("w", ["rain", "Rain"])));

    [Fact]
    public void Numbers_stand_for_text_in_a_text_column() =>
        Assert.Equal(["m_7=1"], StepKit.Lines(new OneHot("m", [7L]), ("m", ["7"])));

    [Fact]
    public void Booleans_and_floats_work_too()
    {
        Assert.Equal(["b_true=1 b_false=0"], StepKit.Lines(new OneHot("b", [true, false]), ("b", [true])));
        Assert.Equal(["f_0.5=1 f_2=0"], StepKit.Lines(new OneHot("f", [0.5, 2L]), ("f", [0.5f])));
    }

    [Fact]
    public void Unknown_and_missing_values_are_faults_by_default()
    {
        var (rows, faults) = StepKit.Apply(new OneHot("w", ["a"]), ("w", ["a", "b", null]));
        rows.Dispose();
        Assert.Equal(["1: 'w': 'b' is not among the values of one-hot", "2: 'w' is missing, and one-hot has no column for that"], faults.Reasons.Select(f => $"{f.Key}: {f.Value}"));
    }

    [Fact]
    public void Unknown_zero_gives_zeros() =>
        Assert.Equal(["w_a=0", "w_a=0", "w_a=1"], StepKit.Lines(new OneHot("w", ["a"], Unknown: UnknownValue.Zero), ("w", ["b", null, "a"])));

    [Fact]
    public void Binding_reports_columns_values_and_names_that_do_not_fit()
    {
        Assert.Equal(["column: no column is called 'seeson'; did you mean season?"], StepKit.Problems(new OneHot("seeson", [1L]), ("season", [1L])));
        Assert.Equal(["values: list at least one value"], StepKit.Problems(new OneHot("season", []), ("season", [1L])));
        Assert.StartsWith("values[1]: spring is not a value of a INT64 column", StepKit.Problems(new OneHot("season", [1L, "spring"]), ("season", [1L]))[0], StringComparison.Ordinal);
        Assert.Equal(["values[1]: 1 is listed twice"], StepKit.Problems(new OneHot("season", [1L, 1L]), ("season", [1L])));
        Assert.Equal(
            ["values[0]: there is a column 'season_1' already; choose another prefix"],
            StepKit.Problems(new OneHot("season", [1L]), ("season", [1L]), ("season_1", [1L])));
    }

    [Fact]
    public void The_freed_name_may_be_used_again() =>
        Assert.Equal(["a1=1"], StepKit.Lines(new OneHot("a1", [1L], Prefix: "a"), ("a1", [1L])));
}
