using Slipway.Core;
using Slipway.Core.Expressions;

namespace Slipway.Tests.Core.Expressions;

public sealed class ExpressionEvaluationTests
{
    [Theory]
    [InlineData("1 + 2 * 3", 7.0)]
    [InlineData("-7 % 3", 2.0)]
    [InlineData("7 % -3", -2.0)]
    [InlineData("-6 % 3", 0.0)]
    [InlineData("7.5 % 2", 1.5)]
    [InlineData("1 / 0", double.PositiveInfinity)]
    [InlineData("-1 / 0", double.NegativeInfinity)]
    [InlineData("0 / 0", null)]
    [InlineData("5 % 0", null)]
    [InlineData("sqrt(-1)", null)]
    [InlineData("ln(0)", double.NegativeInfinity)]
    [InlineData("ln(-1)", null)]
    [InlineData("exp(1)", Math.E)]
    [InlineData("log10(1000)", 3.0)]
    [InlineData("pow(2, 10)", 1024.0)]
    [InlineData("pow(0/0, 0)", null)]
    [InlineData("round(2.5)", 2.0)]
    [InlineData("round(3.5)", 4.0)]
    [InlineData("round(2.345, 1)", 2.3)]
    [InlineData("floor(-1.5)", -2.0)]
    [InlineData("ceil(-1.5)", -1.0)]
    [InlineData("abs(-3)", 3.0)]
    [InlineData("min(3, 1, 2)", 1.0)]
    [InlineData("max(3, 1, 0/0)", null)]
    [InlineData("if(1 < 2, 10, 20)", 10.0)]
    [InlineData("if(0/0 < 2, 10, 20)", null)]
    [InlineData("if(true, 1, 0/0)", 1.0)]
    [InlineData("coalesce(0/0, 0/0, 5)", 5.0)]
    [InlineData("length('Größe')", 5.0)]
    [InlineData("length('😀')", 1.0)]
    [InlineData("1h + 30m", 5400.0)]
    public void Number_is_computed(string text, double? expected)
    {
        using var rows = new Batch(Tensor.Of<int>("x", [1, 2]));
        using var result = Bind(text, rows).Evaluate(rows, "r");
        Assert.Equal(ElementType.Float64, result.Type);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(expected is null, result.IsMissing(i));
            if (expected is not null) Assert.Equal(expected.Value, result.Values<double>()[i]);
        }
    }

    [Theory]
    [InlineData("1 < 2", true)]
    [InlineData("'10' < '9'", true)]
    [InlineData("'z' < 'é'", true)]
    [InlineData("'a' = \"a\"", true)]
    [InlineData("true <> false", true)]
    [InlineData("2 between 1 and 3", true)]
    [InlineData("2 not between 1 and 3", false)]
    [InlineData("'b' between 'a' and 'c'", true)]
    [InlineData("3 in (1, 2, 3)", true)]
    [InlineData("0 in (-0, 1)", true)]
    [InlineData("3 not in (1, 2)", true)]
    [InlineData("'b' in ('c', 'b', 'a')", true)]
    [InlineData("'d' in ('c', 'b', 'a')", false)]
    [InlineData("0/0 = 0/0", null)]
    [InlineData("0/0 in (1, 2)", null)]
    [InlineData("not (0/0 = 1)", null)]
    [InlineData("0/0 = 1 or true", true)]
    [InlineData("0/0 = 1 and false", false)]
    [InlineData("0/0 = 1 or false", null)]
    [InlineData("1 between 5 and 0/0", false)]
    [InlineData("1 between 0 and 0/0", null)]
    [InlineData("0/0 is missing", true)]
    [InlineData("is_missing(0/0 = 1)", true)]
    [InlineData("1 is not missing", true)]
    [InlineData("coalesce(0/0 = 1, true)", true)]
    [InlineData("contains('Slipway', 'way')", true)]
    [InlineData("starts_with('Slipway', 'way')", false)]
    [InlineData("ends_with('Slipway', 'way')", true)]
    [InlineData("lower('GRÖSSE') = 'grösse'", true)]
    [InlineData("upper(trim('  é\t')) = 'É'", true)]
    public void Condition_is_decided_with_three_values(string text, bool? expected)
    {
        using var rows = new Batch(Tensor.Of<int>("x", [1]));
        var expression = Bind(text, rows);
        using var result = expression.Evaluate(rows, "r");
        Assert.Equal(expected is null, result.IsMissing(0));
        Assert.Equal(expected == true, result.RawData[0] == 1);
        Span<bool> holds = [!(expected == true)];
        expression.Test(rows, holds);
        Assert.Equal(expected == true, holds[0]);
    }

    [Theory]
    [InlineData("upper(s)", "GRÖßE A", null)]
    [InlineData("coalesce(s, 'none')", "größe a", "none")]
    [InlineData("if(s is missing, 'gone', s)", "größe a", "gone")]
    public void Text_is_computed(string text, string first, string? second)
    {
        using var rows = new Batch(Tensor.OfText("s", "größe a", null));
        using var result = Bind(text, rows).Evaluate(rows, "r");
        Assert.Equal(ElementType.Bytes, result.Type);
        Assert.Equal(first, result.GetText(0));
        Assert.Equal(second, result.GetText(1));
    }

    public static TheoryData<ElementType> NumericTypes => [.. Enum.GetValues<ElementType>().Where(t => t.IsNumeric)];

    [Theory]
    [MemberData(nameof(NumericTypes))]
    public void Column_of_any_numeric_type_reads_as_double(ElementType type)
    {
        using var wide = Tensor.Of<double>("x", [1, 2, 3]);
        wide.SetMissing(2);
        using var rows = new Batch(wide.ConvertTo(type));
        using var result = Bind("x * 2 + 0.5", rows).Evaluate(rows, "r");
        Assert.Equal([2.5, 4.5], result.Values<double>()[..2]);
        Assert.True(result.IsMissing(2));
    }

    [Theory]
    [InlineData("x = 0.7")]
    [InlineData("0.7 = x")]
    [InlineData("x >= 0.7 and x <= 0.7")]
    [InlineData("x between 0.7 and 0.7")]
    [InlineData("x in (0.1, 0.7)")]
    public void Constant_beside_a_float_column_is_a_float(string text)
    {
        using var rows = new Batch(Tensor.Of<float>("x", [0.7f, 0.70001f]));
        var holds = new bool[2];
        Bind(text, rows).Test(rows, holds);
        Assert.Equal([true, false], holds);
    }

    [Fact]
    public void Batch_gives_the_same_as_row_by_row()
    {
        using var rows = TestTable.Random(7, Frame.Length + 70);
        int[] probes = [0, 1, 63, 64, 500, Frame.Length - 1, Frame.Length, Frame.Length + 69];
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var text = SyntaxPrinter.Minimal(new SyntaxGenerator(random).Any(random.Next(1, 6)));
            var expression = Expression.Parse(text).Bind(TestTable.Schema);
            using var whole = expression.Evaluate(rows, "r");
            foreach (var probe in probes)
            {
                using var one = rows.Take([probe]);
                using var alone = expression.Evaluate(one, "r");
                Assert.Equal(Value(whole, probe), Value(alone, 0));
                if (expression.Type != ElementType.Bool) continue;
                var holds = new bool[1];
                expression.Test(one, holds);
                Assert.Equal(Value(whole, probe) is true, holds[0]);
            }
        }
    }

    [Theory]
    [InlineData("pow(2, 3) % 5", "pow(2 * one, 3) % 5")]
    [InlineData("'a' < 'b' and not false", "a < 'b' and not no")]
    [InlineData("upper('a')", "upper(a)")]
    [InlineData("if(false, 1, 2) in (2, 3)", "if(no, 1, 2) in (2, 3)")]
    [InlineData("1 not between 2 and 3", "one not between 2 and 3")]
    public void Constants_are_folded_to_what_columns_would_give(string constant, string computed)
    {
        using var rows = new Batch(Tensor.Of<double>("one", [1]), Tensor.OfText("a", "a"), new Tensor("no", ElementType.Bool, 1));
        using var folded = Bind(constant, rows).Evaluate(rows, "r");
        using var expected = Bind(computed, rows).Evaluate(rows, "r");
        Assert.Equal(Value(expected, 0), Value(folded, 0));
    }

    [Fact]
    public void Column_that_is_absent_or_of_another_kind_is_a_bad_record()
    {
        using var rows = new Batch(Tensor.Of<int>("x", [1, 2]));
        var expression = Bind("x > 1", rows);
        using var other = new Batch(Tensor.Of<int>("y", [1]));
        using var text = new Batch(Tensor.OfText("x", "1"));
        using var matrix = new Batch(Tensor.Of<int>("x", [1, 2, 3, 4], 2, 2));
        Assert.Contains("'x'", Assert.Throws<RecordException>(() => expression.Test(other, new bool[1])).Message, StringComparison.Ordinal);
        Assert.Contains("BYTES", Assert.Throws<RecordException>(() => expression.Test(text, new bool[1])).Message, StringComparison.Ordinal);
        Assert.Contains("one value per row", Assert.Throws<RecordException>(() => expression.Test(matrix, new bool[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_allocates_nothing_per_row()
    {
        using var rows = TestTable.Random(1, 20_000);
        var expression = Expression.Parse("number > 1 and integer in (1, 2, 3) or text between 'a' and 'b' and not flag").Bind(TestTable.Schema);
        var holds = new bool[20_000];
        expression.Test(rows, holds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        expression.Test(rows, holds);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
    }

    [Fact]
    public void No_rows_give_no_results()
    {
        using var rows = TestTable.Random(1, 0);
        var expression = Expression.Parse("number > 1").Bind(TestTable.Schema);
        expression.Test(rows, []);
        using var result = expression.Evaluate(rows, "r");
        Assert.Equal(0, result.Count);
    }

    private static BoundExpression Bind(string text, Batch rows) =>
        Expression.Parse(text).Bind(new TableSchema([.. rows.Select(t => new ColumnSpec(t.Name, t.Type))]));

    private static object? Value(Tensor column, int row) => column.IsMissing(row) ? null : column.Type switch
    {
        ElementType.Float64 => BitConverter.DoubleToInt64Bits(column.Values<double>()[row]),
        ElementType.Bool => column.RawData[row] == 1,
        _ => column.GetText(row),
    };
}
