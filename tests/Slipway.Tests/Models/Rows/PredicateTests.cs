using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Rows;

public sealed class PredicateTests
{
    /// <summary>The standard's truth tables: for TT, TF, TU, FT, FF, FU, UT, UF, UU.</summary>
    [Theory]
    [InlineData(Junction.And, "TFUFFFUFU")]
    [InlineData(Junction.Or, "TTTTFUTUU")]
    [InlineData(Junction.Xor, "FTUTFUUUU")]
    [InlineData(Junction.Surrogate, "TTTFFFTFU")]
    internal void Junction_of_two_follows_its_truth_table(Junction junction, string table)
    {
        var found = from left in "TFU" from right in "TFU" select Evaluate(junction, left, right);
        Assert.Equal(table, string.Concat(found));
    }

    [Theory]
    [InlineData(Junction.And, "TTT", 'T')]
    [InlineData(Junction.And, "TUF", 'F')]
    [InlineData(Junction.Or, "FFU", 'U')]
    [InlineData(Junction.Or, "FUT", 'T')]
    [InlineData(Junction.Xor, "TTT", 'T')]
    [InlineData(Junction.Xor, "TTF", 'F')]
    [InlineData(Junction.Xor, "TFU", 'U')]
    [InlineData(Junction.Surrogate, "UUF", 'F')]
    [InlineData(Junction.Surrogate, "UFT", 'F')]
    [InlineData(Junction.And, "F", 'F')]
    internal void Junction_of_several_goes_on_in_order(Junction junction, string parts, char expected) =>
        Assert.Equal(expected, Evaluate(junction, parts.ToCharArray()));

    private static char Evaluate(Junction junction, params char[] parts) =>
        new CompoundPredicate(junction, [.. parts.Select(Constant)]).Evaluate(new Row([], new RowTexts(new SymbolTable()))) switch { Truth.True => 'T', Truth.False => 'F', _ => 'U' };

    private static RowPredicate Constant(char truth) => truth switch { 'T' => ConstantPredicate.True, 'F' => ConstantPredicate.False, _ => ConstantPredicate.Unknown };
}
