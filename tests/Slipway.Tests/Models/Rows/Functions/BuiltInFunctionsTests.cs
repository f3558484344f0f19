using Slipway.Core;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class BuiltInFunctionsTests
{
    private const string Standard =
        "+ - * / min max sum avg median product log10 ln sqrt abs exp pow threshold floor ceil round modulo isMissing isNotMissing isValid isNotValid " +
        "equal notEqual lessThan lessOrEqual greaterThan greaterOrEqual and or not isIn isNotIn if uppercase lowercase stringLength substring trimBlanks " +
        "concat replace matches formatNumber formatDatetime dateDaysSinceYear dateSecondsSinceYear dateSecondsSinceMidnight normalCDF normalPDF " +
        "stdNormalCDF stdNormalPDF erf normalIDF stdNormalIDF expm1 hypot ln1p rint sin asin sinh cos acos cosh tan atan tanh";

    [Fact]
    public void All_functions_of_the_standard_exist()
    {
        foreach (var name in Standard.Split(' ')) Assert.True(BuiltInFunctions.Exists(name), name);
        var plain = BuiltInFunctions.Names.Where(name => !name.StartsWith("x-", StringComparison.Ordinal));
        Assert.Equal(Standard.Split(' ').Append("atan2").Order(StringComparer.Ordinal), plain.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Functions_answer_to_the_names_they_had_before_the_standard_took_them_in()
    {
        foreach (var name in BuiltInFunctions.Names.Where(name => name.StartsWith("x-", StringComparison.Ordinal)))
        {
            object?[] arguments = name is "x-hypot" or "x-modulo" ? [0.25, 0.75] : [0.25];
            Assert.Equal(Apply(name[2..], arguments), Apply(name, arguments));
        }
        Assert.Equal(3, Apply("x-modulo", 11, 4));
    }

    [Theory]
    [InlineData("Min")]
    [InlineData("")]
    [InlineData("nothing")]
    public void Names_are_exact(string name)
    {
        Assert.False(BuiltInFunctions.Exists(name));
        Assert.Equal($"there is no function '{name}'", Assert.Throws<ModelException>(() => Apply(name, 1)).Message);
    }

    [Theory]
    [InlineData("substring", 2, "function 'substring' takes 3 arguments, 2 given")]
    [InlineData("not", 2, "function 'not' takes 1 argument, 2 given")]
    [InlineData("if", 4, "function 'if' takes 2 to 3 arguments, 4 given")]
    [InlineData("and", 1, "function 'and' takes 2 or more arguments, 1 given")]
    [InlineData("sum", 0, "function 'sum' takes 1 or more arguments, 0 given")]
    [InlineData("+", 3, "function '+' takes 2 arguments, 3 given")]
    public void Counts_of_arguments_are_checked(string name, int count, string message) =>
        Assert.Equal(message, Assert.Throws<ModelException>(() => Apply(name, Enumerable.Repeat<object?>(1, count).ToArray())).Message);

    [Fact]
    public void Every_function_checks_its_count()
    {
        foreach (var name in BuiltInFunctions.Names) Assert.Throws<ModelException>(() => Apply(name));
    }

    [Theory]
    [InlineData("+", "text", 1, "function '+': argument 1 must be a number, it is a string")]
    [InlineData("pow", 1, "text", "function 'pow': argument 2 must be a number, it is a string")]
    public void Texts_are_no_numbers(string name, object x, object y, string message) =>
        Assert.Equal(message, Assert.Throws<ModelException>(() => Apply(name, x, y)).Message);

    [Fact]
    public void Dates_are_no_numbers() =>
        Assert.Equal("function 'sin': argument 1 must be a number, it is a date", Assert.Throws<ModelException>(() => Apply("sin", new DateOnly(2020, 1, 1))).Message);

    [Fact]
    public void Every_function_but_if_evaluates_every_argument()
    {
        foreach (var name in BuiltInFunctions.Names.Where(name => name != "if"))
        {
            for (var count = 1; count <= 3; count++)
            {
                for (var refused = 0; refused < count; refused++) AssertEvaluates(name, count, refused);
            }
        }
    }

    private static void AssertEvaluates(string name, int count, int refused)
    {
        var symbols = new SymbolTable();
        foreach (var type in (CellType[])[CellType.Float64, CellType.Boolean, CellType.Text, CellType.DateTime])
        {
            // A date beside numbers or texts beside a date: whatever binds must evaluate all of its arguments.
            var arguments = new RowExpression[count];
            for (var i = 0; i < count; i++) arguments[i] = i == refused ? new Refused(type) : new ConstantExpression(type, Cell.Missing);
            RowExpression bound;
            try
            {
                bound = BuiltInFunctions.Bind(name, arguments, symbols);
            }
            catch (ModelException)
            {
                continue;
            }
            Assert.Throws<RecordException>(() => bound.Evaluate(new Row([], new RowTexts(symbols))));
        }
    }

    private sealed class Refused(CellType type) : RowExpression(type)
    {
        public override double Evaluate(in Row row) => throw new RecordException("refused");
    }

    [Fact]
    public void Numeric_functions_allocate_nothing_per_row()
    {
        var symbols = new SymbolTable();
        var x = new SlotExpression(CellType.Float64, 0);
        var y = new SlotExpression(CellType.Float64, 1);
        string[] unary = ["log10", "ln", "ln1p", "exp", "expm1", "sqrt", "abs", "floor", "round", "rint", "sin", "tanh", "erf", "stdNormalCDF", "stdNormalIDF", "isMissing"];
        string[] binary = ["+", "-", "*", "/", "modulo", "pow", "threshold", "hypot", "min", "avg", "median", "equal", "lessThan", "isIn"];
        RowExpression[] expressions =
        [
            .. unary.Select(name => BuiltInFunctions.Bind(name, [x], symbols)),
            .. binary.Select(name => BuiltInFunctions.Bind(name, [x, y], symbols)),
            BuiltInFunctions.Bind("normalCDF", [x, y, y], symbols),
            BuiltInFunctions.Bind("if", [BuiltInFunctions.Bind("lessThan", [x, y], symbols), x, y], symbols),
        ];
        var texts = new RowTexts(symbols);
        double[] cells = [0.25, 0.75];
        Assert.Equal(0, Allocations.Of(Evaluate));

        void Evaluate()
        {
            for (var i = 0; i < 100; i++)
            {
                foreach (var expression in expressions) expression.Evaluate(new Row(cells, texts));
            }
        }
    }

    [Fact]
    public void Text_functions_allocate_nothing_for_texts_that_are_there()
    {
        var symbols = new SymbolTable();
        foreach (var known in (string[])["Masters", "MASTERS", "masters", "Mas", "Mstrs", "Masters!", "2004-08-20", "2.50", "1"]) symbols.Intern(known);
        var text = new SlotExpression(CellType.Text, 0);
        var number = new SlotExpression(CellType.Float64, 1);
        var date = new SlotExpression(CellType.Date, 2);
        RowExpression Constant(string value) => new ConstantExpression(CellType.Text, symbols.Intern(value));
        var one = new ConstantExpression(CellType.Integer, 1);
        var three = new ConstantExpression(CellType.Integer, 3);
        RowExpression[] expressions =
        [
            BuiltInFunctions.Bind("uppercase", [text], symbols),
            BuiltInFunctions.Bind("lowercase", [text], symbols),
            BuiltInFunctions.Bind("stringLength", [text], symbols),
            BuiltInFunctions.Bind("substring", [text, one, three], symbols),
            BuiltInFunctions.Bind("trimBlanks", [text], symbols),
            BuiltInFunctions.Bind("concat", [text, Constant("!")], symbols),
            BuiltInFunctions.Bind("replace", [text, Constant("[aeiou]"), Constant("")], symbols),
            BuiltInFunctions.Bind("matches", [text, Constant("^Male$")], symbols),
            BuiltInFunctions.Bind("formatNumber", [number, Constant("%.2f")], symbols),
            BuiltInFunctions.Bind("formatDatetime", [date, Constant("%Y-%m-%d")], symbols),
            BuiltInFunctions.Bind("dateDaysSinceYear", [date, one], symbols),
            BuiltInFunctions.Bind("isIn", [text, Constant("a"), Constant("b")], symbols),
        ];
        var texts = new RowTexts(symbols);
        double[] cells = [texts.Intern("Masters".AsSpan()), 2.5, 12_650];
        Assert.Equal(0, Allocations.Of(Evaluate));

        void Evaluate()
        {
            for (var i = 0; i < 100; i++)
            {
                foreach (var expression in expressions) expression.Evaluate(new Row(cells, texts));
            }
        }
    }
}
