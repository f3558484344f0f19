using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

/// <summary>select, drop and rename: which columns there are.</summary>
public class ColumnStepTests
{
    private static readonly (string, object?[])[] Table = [("a", [1L, 2L]), ("b", ["x", null]), ("c", [0.5, 1.5])];

    [Fact]
    public void Select_keeps_the_named_columns_in_that_order() =>
        Assert.Equal(["c=0.5 a=1", "c=1.5 a=2"], StepKit.Lines(new Select(["c", "a"]), Table));

    [Fact]
    public void Select_names_every_column_that_is_not_there_or_twice() =>
        Assert.Equal(
            ["[0]: no column is called 'A'; did you mean a?", "[2]: column 'c' is named twice", "[3]: no column is called 'temperature'; there are: a, b, c"],
            StepKit.Problems(new Select(["A", "c", "c", "temperature"]), Table));

    [Fact]
    public void Select_of_nothing_is_refused() => Assert.Equal(["name at least one column"], StepKit.Problems(new Select([]), Table));

    [Fact]
    public void Drop_removes_the_named_columns() => Assert.Equal(["b=x", "b=∅"], StepKit.Lines(new Drop(["a", "c"]), Table));

    [Fact]
    public void Drop_of_everything_or_of_unknown_columns_is_refused()
    {
        Assert.Equal(["no column would be left"], StepKit.Problems(new Drop(["a", "b", "c"]), Table));
        Assert.Equal(["[1]: no column is called 'zz'; there are: a, b, c"], StepKit.Problems(new Drop(["a", "zz"]), Table));
        Assert.Equal(["[1]: column 'a' is named twice"], StepKit.Problems(new Drop(["a", "a"]), Table));
    }

    [Fact]
    public void Rename_gives_new_names_in_place() =>
        Assert.Equal(["a=1 text=x c=0.5", "a=2 text=∅ c=1.5"], StepKit.Lines(new Rename(new() { ["b"] = "text" }), Table));

    [Fact]
    public void Rename_swaps_two_names() =>
        Assert.Equal(["c=1 b=x a=0.5", "c=2 b=∅ a=1.5"], StepKit.Lines(new Rename(new() { ["a"] = "c", ["c"] = "a" }), Table));

    [Fact]
    public void Rename_refuses_taken_and_empty_names() =>
        Assert.Equal(
            ["other: no column is called 'other'; there are: a, b, c", "a: there is a column 'b' already", "c: the new name is empty"],
            StepKit.Problems(new Rename(new() { ["other"] = "y", ["a"] = "b", ["c"] = "" }), Table));
}
