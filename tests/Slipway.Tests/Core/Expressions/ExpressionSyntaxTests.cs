using Slipway.Core;
using Slipway.Core.Expressions;

namespace Slipway.Tests.Core.Expressions;

public sealed class ExpressionSyntaxTests
{
    [Theory]
    [InlineData("a or b and not c", "(a or (b and (not c)))")]
    [InlineData("not a = 1", "(not (a = 1))")]
    [InlineData("a + b * c - d", "((a + (b * c)) - d)")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("a / b % c", "((a / b) % c)")]
    [InlineData("-a * -2", "((-a) * (-2))")]
    [InlineData("- -a", "(-(-a))")]
    [InlineData("a between 1 and 2 and b", "((a between 1 and 2) and b)")]
    [InlineData("a not between 1 and 2 + 3", "(a not between 1 and (2 + 3))")]
    [InlineData("a + 1 in (1, 2)", "((a + 1) in (1, 2))")]
    [InlineData("a not in ('x')", "(a not in ('x'))")]
    [InlineData("a is not missing or b is missing", "((a is not missing) or (b is missing))")]
    [InlineData("(a or b) and c", "((a or b) and c)")]
    [InlineData("a <> 1 AND b != 1", "((a <> 1) and (b <> 1))")]
    [InlineData("a == 1 OR NOT b", "((a = 1) or (not b))")]
    [InlineData("if(a > 1, b, c)", "if((a > 1), b, c)")]
    [InlineData("count()", "count()")]
    [InlineData("`Torque [Nm]` > 1", "(`Torque [Nm]` > 1)")]
    [InlineData("`a``b`", "`a``b`")]
    [InlineData("'it''s' = \"a\"\"b\"", "('it''s' = 'a\"b')")]
    public void Operators_bind_as_in_SQL_and_Python(string text, string bracketed) =>
        Assert.Equal(bracketed, SyntaxPrinter.Bracketed(Expression.Parse(text).Syntax));

    [Theory]
    [InlineData("50ms", 0.05)]
    [InlineData("81ms", 0.081)]
    [InlineData("1.5s", 1.5)]
    [InlineData("5m", 300)]
    [InlineData("1h", 3600)]
    [InlineData("90d", 7776000)]
    [InlineData("2w", 1209600)]
    [InlineData("2%", 0.02)]
    [InlineData("0.5%", 0.005)]
    [InlineData("1e3", 1000)]
    [InlineData("2.5E-2", 0.025)]
    [InlineData(".5", 0.5)]
    public void Numbers_carry_units(string text, double value) =>
        Assert.Equal(value, Assert.IsType<NumberSyntax>(Expression.Parse(text).Syntax).Value);

    [Theory]
    [InlineData("10%3", "(10 % 3)")]
    [InlineData("10 % 3", "(10 % 3)")]
    [InlineData("10%x", "(10 % x)")]
    [InlineData("a%2", "(a % 2)")]
    public void Percent_sign_before_an_operand_is_the_remainder(string text, string bracketed) =>
        Assert.Equal(bracketed, SyntaxPrinter.Bracketed(Expression.Parse(text).Syntax));

    [Theory]
    [InlineData("latency.p99", "latency.p99")]
    [InlineData("air-temp", "air-temp")]
    [InlineData("größe_2", "größe_2")]
    [InlineData("_x", "_x")]
    public void Names_may_have_dots_hyphens_and_letters_of_any_script(string text, string name) =>
        Assert.Equal(name, Assert.IsType<NameSyntax>(Expression.Parse(text).Syntax).Name);

    [Theory]
    [InlineData("a -1", "(a - 1)")]
    [InlineData("a-1", "(a - 1)")]
    [InlineData("a - b", "(a - b)")]
    public void Minus_before_a_digit_or_a_space_subtracts(string text, string bracketed) =>
        Assert.Equal(bracketed, SyntaxPrinter.Bracketed(Expression.Parse(text).Syntax));

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("   ", 1, "empty")]
    [InlineData("a >", 4, "expected a value after '>', found the end")]
    [InlineData("a > and b", 5, "expected a value after '>', found 'and'")]
    [InlineData("(a > 1", 7, "'(' of column 1 is not closed")]
    [InlineData("a > 1)", 6, "closes nothing")]
    [InlineData("a && b", 3, "write 'and'")]
    [InlineData("a || b", 3, "write 'or'")]
    [InlineData("!a", 1, "write 'not'")]
    [InlineData("a b", 3, "expected an operator or the end, found 'b'")]
    [InlineData("1 < a < 2", 7, "do not chain")]
    [InlineData("a is null", 6, "expected 'missing'")]
    [InlineData("a between 1 or 2", 13, "'and' between the two bounds")]
    [InlineData("a in 1", 6, "'('")]
    [InlineData("a in ()", 7, "at least one value")]
    [InlineData("a not 1", 7, "'between' or 'in'")]
    [InlineData("f(1, ", 6, "expected a value after ','")]
    [InlineData("f(1 2)", 5, "expected ',' or ')'")]
    [InlineData("'open", 1, "not closed")]
    [InlineData("a = `open", 5, "not closed")]
    [InlineData("``", 1, "empty")]
    [InlineData("12abc", 1, "back-ticks")]
    [InlineData("10% 3", 5, "10 % 3")]
    [InlineData("a $ 1", 3, "'$'")]
    [InlineData("a ^ 2", 3, "pow")]
    [InlineData("1e999", 1, "too large")]
    [InlineData("[a]", 1, "`Torque [Nm]`")]
    public void Mistake_is_explained_with_its_column(string text, int column, string explanation)
    {
        var mistake = Assert.Throws<ExpressionSyntaxException>(() => Expression.Parse(text));
        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(column, mistake.Column);
        Assert.StartsWith($"column {column}: ", mistake.Message, StringComparison.Ordinal);
        Assert.False(Expression.TryParse(text, null, out _));
    }

    [Fact]
    public void Columns_lists_names_but_not_functions()
    {
        var expression = Expression.Parse("if(a > `b c`, max(d, 1), -e) between f and g and h in (1) and i is missing");
        Assert.Equal(["a", "b c", "d", "e", "f", "g", "h", "i"], expression.Columns.Order());
    }

    [Fact]
    public void Hostile_text_is_refused_quickly()
    {
        AssertRefused(new string('(', 9_000), "nests deeper");
        AssertRefused(new string('-', 9_000) + "1", "nests deeper");
        AssertRefused(string.Concat(Enumerable.Repeat("not ", 2_000)) + "a", "nests deeper");
        AssertRefused(string.Concat(Enumerable.Repeat("f(", 4_000)), "nests deeper");
        AssertRefused("a" + string.Concat(Enumerable.Repeat("+a", 4_000)), "chains more than");
        AssertRefused(new string('a', 10_001), "at most 10000");
    }

    [Fact]
    public void Equality_is_of_the_text()
    {
        Assert.Equal(Expression.Parse("a > 1"), Expression.Parse("a > 1"));
        Assert.NotEqual(Expression.Parse("a > 1"), Expression.Parse("a >  1"));
    }

    [Fact]
    public void Random_tree_survives_print_and_parse()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var tree = new SyntaxGenerator(random).Any(random.Next(1, 6));
            var text = SyntaxPrinter.Minimal(tree);
            Assert.Equal(SyntaxPrinter.Bracketed(tree), SyntaxPrinter.Bracketed(Expression.Parse(text).Syntax));
            Assert.Equal(SyntaxPrinter.Bracketed(tree), SyntaxPrinter.Bracketed(Expression.Parse(SyntaxPrinter.Bracketed(tree)).Syntax));
        }
    }

    [Fact]
    public void Random_text_parses_or_is_explained()
    {
        string[] pieces = ["a", "b.c", "12", "5ms", "2%", "'t'", "\"", "`", "(", ")", ",", "+", "-", "*", "/", "%", "<", ">=", "!", "=", " ", " and ", " or ", " not ", " is missing", " between ", " in ", "if(", "é", "\0", "\uD800", "😀", ".", "e9"];
        var parsed = 0;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                var expression = Expression.Parse(text);
                parsed++;
                try
                {
                    expression.Bind(TestTable.Schema);
                }
                catch (SpecException mistakes)
                {
                    Assert.All(mistakes.Problems, p => Assert.InRange(p.Column, 1, text.Length));
                }
            }
            catch (ExpressionSyntaxException mistake)
            {
                Assert.InRange(mistake.Column, 1, text.Length + 1);
            }
        }
        Assert.InRange(parsed, 50, 1_950);
    }

    private static void AssertRefused(string text, string explanation) =>
        Assert.Contains(explanation, Assert.Throws<ExpressionSyntaxException>(() => Expression.Parse(text)).Message, StringComparison.Ordinal);
}
