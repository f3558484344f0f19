using Slipway.Core;
using Slipway.Core.Expressions;

namespace Slipway.Tests.Core.Expressions;

public sealed class ExpressionBindTests
{
    private static readonly TableSchema Schema = new(
    [
        new("prediction", ElementType.Float32), new("season", ElementType.Int64), new("station", ElementType.Bytes),
        new("open", ElementType.Bool), new("Torque [Nm]", ElementType.Float64),
    ]);

    [Theory]
    [InlineData("predicton > 1", 1, "no column is called 'predicton'; did you mean 'prediction'?")]
    [InlineData("zzz > 1", 1, "there are: prediction, season, station, open, Torque [Nm]")]
    [InlineData("prediction-season > 1", 1, "to subtract, put spaces around the minus: prediction - season")]
    [InlineData("1 < season and season = '1'", 16, "write the number without quotes: 1")]
    [InlineData("station = 5", 1, "'station' is text and '5' is a number: they cannot be compared; write '5' in quotes")]
    [InlineData("open = 1", 1, "write open alone, or not open")]
    [InlineData("not season", 5, "'not' wants true or false, and 'season' is a number; compare it: season <> 0")]
    [InlineData("station + 1", 1, "'+' wants a number, and 'station' is text; a cast step")]
    [InlineData("open < true", 1, "have no order")]
    [InlineData("season in (1, prediction)", 15, "not a constant")]
    [InlineData("season in (1, 'a')", 1, "cannot be compared")]
    [InlineData("season between 1 and 'b'", 1, "cannot be compared")]
    [InlineData("sqr(season)", 1, "did you mean 'sqrt'?")]
    [InlineData("pow(season)", 1, "pow is called as pow(x, y); 1 values are given")]
    [InlineData("mean(season) > 1", 1, "aggregates belong under monitor: watch:")]
    [InlineData("min(season) > 1", 1, "aggregates belong under monitor: watch:")]
    [InlineData("p99(season) > 1", 1, "aggregates belong under monitor: watch:")]
    [InlineData("if(season, 1, 2)", 4, "the condition of if wants true or false")]
    [InlineData("if(open, 1, 'a')", 13, "both values of if are of one kind")]
    [InlineData("coalesce(station, 1)", 19, "all values of coalesce are of one kind")]
    [InlineData("round(season, prediction)", 15, "from 0 to 15")]
    [InlineData("contains(station, 1)", 19, "contains wants text, and '1' is a number; text is written in quotes")]
    public void Mistake_is_reported_once_with_its_column(string text, int column, string message)
    {
        var mistakes = Assert.Throws<SpecException>(() => Expression.Parse(text).Bind(Schema));
        var problem = Assert.Single(mistakes.Problems);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((1, column, ""), (problem.Line, problem.Column, problem.Path));
    }

    [Fact]
    public void Every_mistake_is_listed_in_order()
    {
        var mistakes = Assert.Throws<SpecException>(() => Expression.Parse("a > 1 and station = 5 or not b").Bind(Schema));
        Assert.Equal([1, 11, 30], mistakes.Problems.Select(p => p.Column));
    }

    [Fact]
    public void Random_tree_of_mixed_kinds_binds_or_is_explained()
    {
        var bound = 0;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var text = SyntaxPrinter.Minimal(new SyntaxGenerator(random, confused: true).Any(random.Next(1, 5)));
            try
            {
                Expression.Parse(text).Bind(TestTable.Schema);
                bound++;
            }
            catch (SpecException mistakes)
            {
                Assert.All(mistakes.Problems, p => Assert.InRange(p.Column, 1, text.Length));
            }
            Assert.Throws<SpecException>(() => Expression.Parse($"({text}) = nothing").BindWatch(new WatchScope(TestTable.Schema)));
        }
        Assert.InRange(bound, 200, 1_800);
    }

    [Theory]
    [InlineData("prediction * 2", ElementType.Float64)]
    [InlineData("prediction > 2", ElementType.Bool)]
    [InlineData("open", ElementType.Bool)]
    [InlineData("lower(station)", ElementType.Bytes)]
    [InlineData("`Torque [Nm]` / 2", ElementType.Float64)]
    public void Kind_is_known_after_binding(string text, ElementType type) => Assert.Equal(type, Expression.Parse(text).Bind(Schema).Type);

    [Fact]
    public void What_is_not_a_condition_cannot_be_tested()
    {
        using var rows = new Batch(Tensor.Of<float>("prediction", [1]));
        Assert.Throws<InvalidOperationException>(() => Expression.Parse("prediction").Bind(Schema).Test(rows, new bool[1]));
    }
}
