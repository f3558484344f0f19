using Slipway.Core;
using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class LogicTests
{
    private static readonly Missing Unknown = new(CellType.Boolean);

    private static object? Truth(string letter) => letter switch
    {
        "T" => true,
        "F" => false,
        _ => Unknown,
    };

    [Theory]
    [InlineData("TT", "T", "T")]
    [InlineData("TF", "F", "T")]
    [InlineData("FT", "F", "T")]
    [InlineData("FF", "F", "F")]
    [InlineData("T?", "?", "T")]
    [InlineData("?T", "?", "T")]
    [InlineData("F?", "F", "?")]
    [InlineData("?F", "F", "?")]
    [InlineData("??", "?", "?")]
    [InlineData("TTT", "T", "T")]
    [InlineData("TTF", "F", "T")]
    [InlineData("FFT", "F", "T")]
    [InlineData("?TF", "F", "T")]
    [InlineData("?FF", "F", "?")]
    public void And_and_or_are_three_valued(string truths, string and, string or)
    {
        var arguments = truths.Select(letter => Truth(letter.ToString())).ToArray();
        Assert.Equal(and == "?" ? null : and == "T", Apply("and", arguments));
        Assert.Equal(or == "?" ? null : or == "T", Apply("or", arguments));
    }

    [Fact]
    public void And_and_or_have_no_result_when_an_argument_has_none()
    {
        Assert.Equal(Invalid, Apply("and", false, 2));
        Assert.Equal(Invalid, Apply("and", 2, false));
        Assert.Equal(Invalid, Apply("or", 2, true, Unknown));
        Assert.Equal(Invalid, Apply("or", Unknown, 2));
    }

    [Fact]
    public void Not_turns_what_is_known()
    {
        Assert.Equal(false, Apply("not", true));
        Assert.Equal(true, Apply("not", false));
        Assert.Null(Apply("not", Unknown));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0.0, false)]
    public void Numbers_0_and_1_are_truths(object number, bool expected)
    {
        Assert.Equal(expected, Apply("and", number, true));
        Assert.Equal(expected, Apply("or", number, C("false")));
    }

    [Fact]
    public void Other_numbers_are_no_truths()
    {
        Assert.Equal(Invalid, Apply("not", 2));
        Assert.Throws<ModelException>(() => Apply("not", C(2)));
        Assert.Throws<ModelException>(() => Apply("not", "true"));
        Assert.Throws<ModelException>(() => Apply("not", new DateOnly(2020, 1, 1)));
    }

    [Theory]
    [InlineData("isMissing", true, false)]
    [InlineData("isNotMissing", false, true)]
    [InlineData("isValid", false, true)]
    [InlineData("isNotValid", true, false)]
    public void Presence_is_never_missing(string name, bool whenMissing, bool whenThere)
    {
        Assert.Equal(whenMissing, Apply(name, new Missing(CellType.Float64)));
        Assert.Equal(whenMissing, Apply(name, new Missing(CellType.Text)));
        Assert.Equal(whenThere, Apply(name, "text"));
        Assert.Equal(whenThere, Apply(name, 0.0));
        Assert.Equal(whenThere, Apply(name, double.NaN));
    }

    [Theory]
    [InlineData("isValid", false)]
    [InlineData("isNotValid", true)]
    [InlineData("isMissing", false)]
    [InlineData("isNotMissing", true)]
    public void A_value_that_is_invalid_is_not_missing(string name, bool expected)
    {
        var symbols = new SymbolTable();
        var invalid = Bind("floor", symbols, double.PositiveInfinity);
        var expression = Slipway.Models.Rows.Functions.BuiltInFunctions.Bind(name, [invalid], symbols);
        Assert.Equal(expected, Evaluate(expression, symbols, double.PositiveInfinity));
    }

    [Fact]
    public void If_takes_one_branch()
    {
        Assert.Equal("left", Apply("if", true, "left", "right"));
        Assert.Equal("right", Apply("if", false, "left", "right"));
        Assert.Equal("left", Apply("if", true, "left"));
        Assert.Null(Apply("if", false, "left"));
        Assert.Null(Apply("if", Unknown, "left", "right"));
        Assert.Null(Apply("if", true, new Missing(CellType.Text), "right"));
        Assert.Equal("right", Apply("if", false, C(null), "right"));
    }

    [Fact]
    public void If_evaluates_no_branch_that_it_does_not_take()
    {
        var symbols = new SymbolTable();
        var thrower = new Thrower();
        var condition = new SlotExpression(CellType.Boolean, 0);
        var one = new ConstantExpression(CellType.Float64, 1);
        Assert.Equal(1.0, Evaluate(Slipway.Models.Rows.Functions.BuiltInFunctions.Bind("if", [condition, one, thrower], symbols), symbols, true));
        Assert.Equal(1.0, Evaluate(Slipway.Models.Rows.Functions.BuiltInFunctions.Bind("if", [condition, thrower, one], symbols), symbols, false));
        Assert.Null(Evaluate(Slipway.Models.Rows.Functions.BuiltInFunctions.Bind("if", [condition, thrower, thrower], symbols), symbols, Unknown));
    }

    [Theory]
    [InlineData(1, 2, CellType.Integer)]
    [InlineData(1, 2.5, CellType.Float64)]
    [InlineData(1, 2.5f, CellType.Float32)]
    [InlineData(2.5f, 1.0, CellType.Float64)]
    [InlineData(true, 1, CellType.Integer)]
    [InlineData("a", 1, CellType.Text)]
    [InlineData("a", "b", CellType.Text)]
    public void If_has_the_common_type_of_its_branches(object then, object otherwise, CellType expected)
    {
        Assert.Equal(expected, TypeOf("if", true, then, otherwise));
        Assert.Equal(expected, TypeOf("if", true, otherwise, then));
    }

    [Fact]
    public void If_writes_a_number_beside_a_text_as_text()
    {
        Assert.Equal("1", Apply("if", true, C(1), C("a")));
        Assert.Equal("2.5", Apply("if", false, "a", 2.5));
    }

    [Fact]
    public void If_has_no_common_type_of_a_date_and_a_number() =>
        Assert.Contains("nothing in common", Assert.Throws<ModelException>(() => Apply("if", true, new DateOnly(2020, 1, 1), 1)).Message, StringComparison.Ordinal);

    private sealed class Thrower() : RowExpression(CellType.Float64)
    {
        public override double Evaluate(in Row row) => throw new InvalidOperationException("evaluated");
    }
}
