using Slipway.Core.Expressions;
using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

public class ComputeTests
{
    [Fact]
    public void Columns_are_computed_in_order_and_may_build_on_each_other() =>
        Assert.Equal(
            ["a=2 b=3 c=6 d=true", "a=4 b=∅ c=∅ d=∅"],
            StepKit.Lines(Compute(("c", "a * b"), ("d", "c > 5")), ("a", [2.0, 4.0]), ("b", [3L, null])));

    [Fact]
    public void An_existing_column_is_replaced_in_its_place() =>
        Assert.Equal(["a=20 b=20"], StepKit.Lines(Compute(("a", "a * 10"), ("b", "a")), ("a", [2.0]), ("b", [1L])));

    [Fact]
    public void An_unknown_name_is_refused_at_the_column_it_is_for() =>
        Assert.StartsWith("c: ", Assert.Single(StepKit.Problems(Compute(("c", "temp * 2")), ("tempo", [1.0]))), StringComparison.Ordinal);

    private static Compute Compute(params (string Name, string Formula)[] formulas)
    {
        var columns = new OrderedDictionary<string, Expression>();
        foreach (var (name, formula) in formulas) columns.Add(name, Expression.Parse(formula));
        return new Compute(columns);
    }
}
