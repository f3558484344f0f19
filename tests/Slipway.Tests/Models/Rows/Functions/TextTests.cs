using System.Text;
using Slipway.Core;
using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class TextTests
{
    private static readonly Missing NoText = new(CellType.Text);

    [Theory]
    [InlineData("aBc9", "ABC9", "abc9")]
    [InlineData("", "", "")]
    [InlineData("Äß é", "ÄSS É", "äß é")]
    [InlineData("\uFB03x\u0149", "FFIX\u02BCN", "\uFB03x\u0149")]
    [InlineData("\u1FB7", "\u0391\u0342\u0399", "\u1FB7")]
    [InlineData("ΟΔΟΣ ΟΔΟΣ.Σ ΣΑ", "ΟΔΟΣ ΟΔΟΣ.Σ ΣΑ", "οδος οδοσ.ς σα")]
    [InlineData("İI", "İI", "i\u0307i")]
    [InlineData("\U00010428", "\U00010400", "\U00010428")]
    [InlineData("ЖИд", "ЖИД", "жид")]
    public void Case_is_changed_as_Unicode_says(string text, string upper, string lower)
    {
        Assert.Equal(upper, Apply("uppercase", text));
        Assert.Equal(lower, Apply("lowercase", text));
    }

    [Fact]
    public void Case_of_long_texts_is_changed_too()
    {
        Assert.Equal(new string('A', 5_000), Apply("uppercase", new string('a', 5_000)));
        Assert.Equal(new string('S', 10_000), Apply("uppercase", new string('ß', 5_000)));
        Assert.Equal(new string('σ', 4_999) + 'ς', Apply("lowercase", new string('Σ', 5_000)));
        Assert.Equal(Invalid, Apply("uppercase", new string('ß', 9_000_000)));
    }

    [Theory]
    [InlineData("aBc9", 4)]
    [InlineData("", 0)]
    [InlineData(" x ", 3)]
    public void StringLength_counts_every_character(string text, int expected) => Assert.Equal(expected, Apply("stringLength", text));

    [Theory]
    [InlineData("aBc9x", 2, 3, "Bc9")]
    [InlineData("value", 1, 5, "value")]
    [InlineData("value", 1, 0, "")]
    [InlineData("value", 2, 4, "alue")]
    [InlineData("value", 4, 100, "ue")]
    [InlineData("value", 5, 1, "e")]
    [InlineData("value", 6, 1, "")]
    [InlineData("value", 100, 2_000_000_000, "")]
    [InlineData("", 1, 1, "")]
    public void Substring_counts_from_one_and_stops_at_the_end(string text, int start, int length, string expected)
    {
        Assert.Equal(expected, Apply("substring", text, start, length));
        Assert.Equal(expected, Apply("substring", text, C(start), C(length)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    public void Substring_has_no_result_before_the_start(int start, int length) => Assert.Equal(Invalid, Apply("substring", "value", start, length));

    [Fact]
    public void Substring_takes_whole_numbers()
    {
        Assert.Equal("al", Apply("substring", "value", 2.0, 2f));
        Assert.Equal(Invalid, Apply("substring", "value", 1.5, 1));
        Assert.Equal("function 'substring': argument 2: 1.5 is not an integer", Assert.Throws<ModelException>(() => Apply("substring", "value", C(1.5), 1)).Message);
        Assert.Equal("function 'substring': argument 3 must be a number, it is a string", Assert.Throws<ModelException>(() => Apply("substring", "value", 1, "x")).Message);
    }

    [Theory]
    [InlineData("  a b\t\n", "a b")]
    [InlineData("a", "a")]
    [InlineData(" ", "")]
    [InlineData("", "")]
    public void TrimBlanks_takes_blanks_from_both_ends(string text, string expected) => Assert.Equal(expected, Apply("trimBlanks", text));

    [Fact]
    public void Concat_joins_texts_and_what_has_a_text()
    {
        Assert.Equal("70/1", Apply("concat", 70, C("/"), 1));
        Assert.Equal("a2.5true", Apply("concat", "a", 2.5, true));
        Assert.Equal("3.0", Apply("concat", C(""), C(3.0)));
        Assert.Equal("2020-02-29 x", Apply("concat", new DateOnly(2020, 2, 29), C(" x")));
    }

    [Fact]
    public void Concat_leaves_out_what_is_missing()
    {
        Assert.Equal("ab", Apply("concat", "a", NoText, "b"));
        Assert.Equal("", Apply("concat", NoText, NoText));
    }

    [Theory]
    [InlineData("uppercase")]
    [InlineData("lowercase")]
    [InlineData("stringLength")]
    [InlineData("trimBlanks")]
    public void Result_is_missing_when_the_text_is(string name) => Assert.Null(Apply(name, NoText));

    [Fact]
    public void Substring_is_missing_when_an_argument_is()
    {
        Assert.Null(Apply("substring", NoText, 1, 1));
        Assert.Null(Apply("substring", "a", new Missing(CellType.Integer), 1));
        Assert.Null(Apply("substring", "a", 1, new Missing(CellType.Integer)));
    }

    [Fact]
    public void Texts_that_are_there_already_keep_their_symbol()
    {
        var symbols = new SymbolTable();
        var known = symbols.Intern("KNOWN");
        var expression = Bind("uppercase", symbols, "known");
        var texts = new RowTexts(symbols);
        double[] cells = [texts.Intern("known".AsSpan())];
        Assert.Equal(known, expression.Evaluate(new Row(cells, texts)));
    }

    [Fact]
    public void Texts_that_double_without_end_have_no_result()
    {
        var symbols = new SymbolTable();
        RowExpression text = new SlotExpression(CellType.Text, 0);
        for (var i = 0; i < 24; i++) text = Slipway.Models.Rows.Functions.BuiltInFunctions.Bind("concat", [Kept(text, i + 1), Kept(text, i + 1)], symbols);
        var texts = new RowTexts(symbols);
        var cells = new double[26];
        Array.Fill(cells, Cell.Pending);
        cells[0] = texts.Intern("four".AsSpan());
        Assert.True(Cell.IsInvalid(text.Evaluate(new Row(cells, texts))));

        static RowExpression Kept(RowExpression text, int slot) => new DerivedExpression(slot, text);
    }

    [Fact]
    public void Substrings_put_together_make_the_text()
    {
        var random = new Random(23);
        for (var round = 0; round < 300; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(0, 30); i > 0; i--) text.Append((char)random.Next(32, 0x250));
            var cut = random.Next(0, text.Length + 1);
            var head = Apply("substring", text.ToString(), 1, cut);
            var tail = Apply("substring", text.ToString(), cut + 1, text.Length);
            Assert.Equal(text.ToString(), Apply("concat", head, tail));
            Assert.Equal(text.Length, Apply("stringLength", text.ToString()));
        }
    }
}
