using System.Globalization;
using Slipway.Core.Expressions;

namespace Slipway.Tests.Core.Expressions;

/// <summary>Writes a tree back: with every bracket, or only with those that are needed.</summary>
internal static class SyntaxPrinter
{
    private static readonly string[] Signs = ["or", "and", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"];

    public static string Bracketed(Syntax syntax) => Print(syntax, child => Bracketed(child), whole => $"({whole})");

    public static string Minimal(Syntax syntax) => Minimal(syntax, 0);

    private static string Minimal(Syntax syntax, int context)
    {
        var level = Level(syntax);
        var operand = 0;
        var text = Print(syntax, child => Minimal(child, Needs(syntax, operand++)), whole => whole);
        return level < context ? $"({text})" : text;
    }

    /// <summary>Binding strength: or 1, and 2, not 3, comparison 4, sum 5, product 6, minus 7, primary 8.</summary>
    private static int Level(Syntax syntax) => syntax switch
    {
        BinarySyntax { Operator: BinaryOperator.Or } => 1,
        BinarySyntax { Operator: BinaryOperator.And } => 2,
        UnarySyntax { Operator: UnaryOperator.Not } => 3,
        BinarySyntax { Operator: BinaryOperator.Add or BinaryOperator.Subtract } => 5,
        BinarySyntax { Operator: >= BinaryOperator.Multiply } => 6,
        BinarySyntax or BetweenSyntax or InSyntax or IsMissingSyntax => 4,
        UnarySyntax => 7,
        _ => 8,
    };

    private static int Needs(Syntax parent, int operand) => parent switch
    {
        CallSyntax => 0,
        InSyntax when operand > 0 => 0,
        BetweenSyntax or InSyntax or IsMissingSyntax => 5,
        BinarySyntax { Operator: >= BinaryOperator.Equal and <= BinaryOperator.GreaterEqual } => 5,
        BinarySyntax => Level(parent) + (operand == 0 ? 0 : 1),
        _ => Level(parent),
    };

    private static string Print(Syntax syntax, Func<Syntax, string> child, Func<string, string> bracket) => syntax switch
    {
        NumberSyntax number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        TextSyntax text => $"'{text.Value.Replace("'", "''", StringComparison.Ordinal)}'",
        TruthSyntax truth => truth.Value ? "true" : "false",
        NameSyntax { Quoted: true } name => $"`{name.Name.Replace("`", "``", StringComparison.Ordinal)}`",
        NameSyntax name => name.Name,
        UnarySyntax { Operator: UnaryOperator.Not } unary => bracket($"not {child(unary.Operand)}"),
        UnarySyntax unary => bracket($"-{child(unary.Operand)}"),
        BinarySyntax binary => bracket($"{child(binary.Left)} {Signs[(int)binary.Operator]} {child(binary.Right)}"),
        BetweenSyntax between => bracket($"{child(between.Value)}{(between.Negated ? " not" : "")} between {child(between.Low)} and {child(between.High)}"),
        InSyntax membership => bracket($"{child(membership.Value)}{(membership.Negated ? " not" : "")} in ({string.Join(", ", membership.Items.Select(child))})"),
        IsMissingSyntax test => bracket($"{child(test.Value)} is {(test.Negated ? "not " : "")}missing"),
        CallSyntax call => $"{call.Function}({string.Join(", ", call.Arguments.Select(child))})",
        _ => throw new InvalidOperationException(syntax.GetType().Name),
    };
}
