using Slipway.Core;
using Slipway.Models.Rows;
using Xunit;

namespace Slipway.Tests.Models.Rows;

public sealed class CastingTests
{
    private static readonly CellType[] Types = Enum.GetValues<CellType>();

    /// <summary>Casts the cell of a field and the same cell as a constant, and checks that both agree.</summary>
    private static double Cast(double cell, CellType from, CellType to)
    {
        var symbols = new SymbolTable();
        var field = Casting.Cast(new SlotExpression(from, 0), to, symbols).Evaluate(new Row([cell], new RowTexts(symbols)));
        if (!Cell.IsInvalid(field)) Assert.Equal(field, Assert.IsType<ConstantExpression>(Casting.Cast(new ConstantExpression(from, cell), to, symbols)).Cell);
        else Assert.Throws<ModelException>(() => Casting.Cast(new ConstantExpression(from, cell), to, symbols));
        return field;
    }

    private static double Parse(string text, CellType to)
    {
        var symbols = new SymbolTable();
        var texts = new RowTexts(symbols);
        return Casting.Cast(new SlotExpression(CellType.Text, 0), to, symbols).Evaluate(new Row([texts.Intern(text.AsSpan())], texts));
    }

    private static string Write(double cell, CellType from)
    {
        var symbols = new SymbolTable();
        var texts = new RowTexts(symbols);
        var text = texts[Casting.Cast(new SlotExpression(from, 0), CellType.Text, symbols).Evaluate(new Row([cell], texts))];
        Assert.Equal(text, symbols[(int)Assert.IsType<ConstantExpression>(Casting.Cast(new ConstantExpression(from, cell), CellType.Text, symbols)).Cell]);
        return text;
    }

    [Theory]
    [InlineData(3, CellType.Integer, CellType.Float64, 3)]
    [InlineData(3, CellType.Integer, CellType.Float32, 3)]
    [InlineData(16777217, CellType.Integer, CellType.Float32, 16777216)]
    [InlineData(0.5, CellType.Float32, CellType.Float64, 0.5)]
    [InlineData(0.1, CellType.Float64, CellType.Float32, 0.10000000149011612)]
    [InlineData(3, CellType.Float64, CellType.Integer, 3)]
    [InlineData(-3, CellType.Float32, CellType.Integer, -3)]
    [InlineData(1, CellType.Boolean, CellType.Integer, 1)]
    [InlineData(1, CellType.Boolean, CellType.Float32, 1)]
    [InlineData(0, CellType.Boolean, CellType.Float64, 0)]
    [InlineData(1, CellType.Integer, CellType.Boolean, 1)]
    [InlineData(0, CellType.Float64, CellType.Boolean, 0)]
    [InlineData(86400.5, CellType.DateTime, CellType.Date, 1)]
    [InlineData(-0.5, CellType.DateTime, CellType.Date, -1)]
    [InlineData(86400.5, CellType.DateTime, CellType.Time, 0.5)]
    [InlineData(-0.5, CellType.DateTime, CellType.Time, 86399.5)]
    [InlineData(2, CellType.Date, CellType.DateTime, 172800)]
    public void Values_keep_their_meaning(double cell, CellType from, CellType to, double expected) => Assert.Equal(expected, Cast(cell, from, to));

    [Theory]
    [InlineData(2.5, CellType.Float64, CellType.Integer)]
    [InlineData(0.5, CellType.Float32, CellType.Integer)]
    [InlineData(1e16, CellType.Float64, CellType.Integer)]
    [InlineData(double.NaN, CellType.Float64, CellType.Integer)]
    [InlineData(double.NegativeInfinity, CellType.Float64, CellType.Integer)]
    [InlineData(2, CellType.Integer, CellType.Boolean)]
    [InlineData(0.5, CellType.Float64, CellType.Boolean)]
    public void What_has_no_meaning_is_invalid_and_a_fault_in_constants(double cell, CellType from, CellType to) => Assert.True(Cell.IsInvalid(Cast(cell, from, to)));

    [Theory]
    [InlineData("3", CellType.Integer, 3)]
    [InlineData("3.0", CellType.Integer, 3)]
    [InlineData(" 3e2 ", CellType.Integer, 300)]
    [InlineData("true", CellType.Integer, 1)]
    [InlineData("2.5", CellType.Float64, 2.5)]
    [InlineData("INF", CellType.Float64, double.PositiveInfinity)]
    [InlineData("-INF", CellType.Float32, double.NegativeInfinity)]
    [InlineData("0.1", CellType.Float32, 0.10000000149011612)]
    [InlineData("1.00000017881393432617187499", CellType.Float32, 1.00000011920928955078125)]
    [InlineData("true", CellType.Boolean, 1)]
    [InlineData("FALSE", CellType.Boolean, 0)]
    [InlineData("1", CellType.Boolean, 1)]
    [InlineData("0.0", CellType.Boolean, 0)]
    [InlineData("1970-01-02", CellType.Date, 1)]
    [InlineData("00:01", CellType.Time, 60)]
    [InlineData("1970-01-02T00:00:00", CellType.DateTime, 86400)]
    public void Texts_are_parsed_by_the_rules_of_the_type(string text, CellType to, double expected)
    {
        Assert.Equal(expected, Parse(text, to));
        var symbols = new SymbolTable();
        Assert.Equal(expected, Assert.IsType<ConstantExpression>(Casting.Cast(new ConstantExpression(CellType.Text, symbols.Intern(text)), to, symbols)).Cell);
    }

    [Theory]
    [InlineData("", CellType.Integer)]
    [InlineData("3.5", CellType.Integer)]
    [InlineData("abc", CellType.Float64)]
    [InlineData("1,5", CellType.Float64)]
    [InlineData("yes", CellType.Boolean)]
    [InlineData("2", CellType.Boolean)]
    [InlineData("2001-02-29", CellType.Date)]
    [InlineData("noon", CellType.Time)]
    [InlineData("1970-01-02", CellType.DateTime)]
    public void Texts_of_no_value_are_invalid_and_a_fault_in_constants(string text, CellType to)
    {
        Assert.True(Cell.IsInvalid(Parse(text, to)));
        var symbols = new SymbolTable();
        var constant = new ConstantExpression(CellType.Text, symbols.Intern(text));
        Assert.StartsWith($"'{text}' is not a", Assert.Throws<ModelException>(() => Casting.Cast(constant, to, symbols)).Message, StringComparison.Ordinal);
    }

    /// <summary>Expected values of doubles: Double.toString of OpenJDK 17.</summary>
    [Theory]
    [InlineData(3, CellType.Integer, "3")]
    [InlineData(-1234567890123, CellType.Integer, "-1234567890123")]
    [InlineData(3, CellType.Float64, "3.0")]
    [InlineData(-0.5, CellType.Float64, "-0.5")]
    [InlineData(0, CellType.Float64, "0.0")]
    [InlineData(-0.0, CellType.Float64, "-0.0")]
    [InlineData(0.1, CellType.Float64, "0.1")]
    [InlineData(100, CellType.Float64, "100.0")]
    [InlineData(123456.789, CellType.Float64, "123456.789")]
    [InlineData(9999999, CellType.Float64, "9999999.0")]
    [InlineData(10000000, CellType.Float64, "1.0E7")]
    [InlineData(12345678.9, CellType.Float64, "1.23456789E7")]
    [InlineData(0.001, CellType.Float64, "0.001")]
    [InlineData(0.00123, CellType.Float64, "0.00123")]
    [InlineData(0.0001, CellType.Float64, "1.0E-4")]
    [InlineData(1.5e-10, CellType.Float64, "1.5E-10")]
    [InlineData(-1.7976931348623157E308, CellType.Float64, "-1.7976931348623157E308")]
    [InlineData(1e21, CellType.Float64, "1.0E21")]
    [InlineData(double.PositiveInfinity, CellType.Float64, "INF")]
    [InlineData(double.NegativeInfinity, CellType.Float32, "-INF")]
    [InlineData(double.NaN, CellType.Float64, "NaN")]
    [InlineData(0.10000000149011612, CellType.Float32, "0.1")]
    [InlineData(16777216, CellType.Float32, "1.6777216E7")]
    [InlineData(2.5, CellType.Float32, "2.5")]
    [InlineData(1, CellType.Boolean, "true")]
    [InlineData(0, CellType.Boolean, "false")]
    [InlineData(1, CellType.Date, "1970-01-02")]
    [InlineData(60, CellType.Time, "00:01:00")]
    [InlineData(86400, CellType.DateTime, "1970-01-02T00:00:00")]
    public void Everything_has_a_text(double cell, CellType from, string expected) => Assert.Equal(expected, Write(cell, from));

    [Fact]
    public void Numbers_come_back_from_their_texts()
    {
        var random = new Random(53);
        for (var i = 0; i < 5_000; i++)
        {
            var number = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsNaN(number)) continue;
            Assert.Equal(number, Parse(Write(number, CellType.Float64), CellType.Float64));
            var single = (double)(float)number;
            Assert.Equal(single, Parse(Write(single, CellType.Float32), CellType.Float32));
            var integer = (double)random.NextInt64(-(1L << 53), 1L << 53);
            Assert.Equal(integer, Parse(Write(integer, CellType.Integer), CellType.Integer));
        }
    }

    [Fact]
    public void Missing_and_invalid_stay_what_they_are()
    {
        foreach (var from in Types)
        {
            foreach (var to in Types)
            {
                if (!Exists(from, to)) continue;
                var symbols = new SymbolTable();
                var field = Casting.Cast(new SlotExpression(from, 0), to, symbols);
                Assert.Equal(to, field.Type);
                Assert.True(Cell.IsMissing(field.Evaluate(new Row([Cell.Missing], new RowTexts(symbols)))));
                Assert.True(Cell.IsInvalid(field.Evaluate(new Row([Cell.Invalid], new RowTexts(symbols)))));
                Assert.True(Cell.IsMissing(Assert.IsType<ConstantExpression>(Casting.Cast(new ConstantExpression(from, Cell.Missing), to, symbols)).Cell));
            }
        }
    }

    [Fact]
    public void Types_with_nothing_in_common_do_not_cast()
    {
        foreach (var from in Types)
        {
            foreach (var to in Types)
            {
                if (Exists(from, to)) continue;
                Assert.Contains(" cannot be taken as ", Assert.Throws<ModelException>(() => Casting.Cast(new SlotExpression(from, 0), to, new SymbolTable())).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_same_type_is_the_same_expression()
    {
        foreach (var type in Types)
        {
            var field = new SlotExpression(type, 3);
            Assert.Same(field, Casting.Cast(field, type, new SymbolTable()));
        }
    }

    [Fact]
    public void Widening_a_field_costs_nothing() =>
        Assert.Equal(3, Assert.IsType<SlotExpression>(Casting.Cast(new SlotExpression(CellType.Integer, 3), CellType.Float64, new SymbolTable())).Slot);

    private static bool Exists(CellType from, CellType to) =>
        from == to || from == CellType.Text || to == CellType.Text || (!from.IsTemporal && !to.IsTemporal)
        || (from, to) is (CellType.DateTime, CellType.Date or CellType.Time) or (CellType.Date, CellType.DateTime);
}
