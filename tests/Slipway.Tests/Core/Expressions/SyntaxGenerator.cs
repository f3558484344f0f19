using System.Collections.Immutable;
using Slipway.Core.Expressions;

namespace Slipway.Tests.Core.Expressions;

/// <summary>Random trees that bind to <see cref="TestTable"/>; confused, kinds are mixed up now and then.</summary>
internal sealed class SyntaxGenerator(Random random, bool confused = false)
{
    public Syntax Any(int depth) => random.Next(3) switch
    {
        0 => Number(depth),
        1 => Text(depth),
        _ => Truth(depth),
    };

    public Syntax Number(int depth)
    {
        if (Confused()) return Any(depth - 1);
        if (depth <= 0) return random.Next(2) == 0 ? Constant() : Name(Pick("number", "integer", "small", "whole [m]"));
        return random.Next(8) switch
        {
            0 => Constant(),
            1 => Name(Pick("number", "integer", "small", "whole [m]")),
            2 => new UnarySyntax(UnaryOperator.Negate, Number(depth - 1), 0),
            3 or 4 => Binary((BinaryOperator)random.Next((int)BinaryOperator.Add, (int)BinaryOperator.Remainder + 1), Number(depth - 1), Number(depth - 1)),
            5 => Call(Pick("abs", "round", "floor", "ceil", "sqrt", "exp", "ln", "log10"), Number(depth - 1)),
            6 => Call(Pick("min", "max", "pow", "coalesce"), Number(depth - 1), Number(depth - 1)),
            _ => random.Next(2) == 0 ? Call("if", Truth(depth - 1), Number(depth - 1), Number(depth - 1)) : Call("length", Text(depth - 1)),
        };
    }

    public Syntax Text(int depth)
    {
        if (Confused()) return Any(depth - 1);
        if (depth <= 0) return random.Next(2) == 0 ? Word() : Name("text");
        return random.Next(5) switch
        {
            0 => Word(),
            1 => Name("text"),
            2 => Call(Pick("lower", "upper", "trim"), Text(depth - 1)),
            3 => Call("coalesce", Text(depth - 1), Text(depth - 1)),
            _ => Call("if", Truth(depth - 1), Text(depth - 1), Text(depth - 1)),
        };
    }

    public Syntax Truth(int depth)
    {
        if (Confused()) return Any(depth - 1);
        if (depth <= 0) return random.Next(2) == 0 ? new TruthSyntax(random.Next(2) == 0, 0, 0) : Name("flag");
        var negated = random.Next(2) == 0;
        return random.Next(11) switch
        {
            0 => Name("flag"),
            1 => new UnarySyntax(UnaryOperator.Not, Truth(depth - 1), 0),
            2 or 3 => Binary((BinaryOperator)random.Next(2), Truth(depth - 1), Truth(depth - 1)),
            4 => Binary(Ordering(), Number(depth - 1), Number(depth - 1)),
            5 => Binary(Ordering(), Text(depth - 1), Text(depth - 1)),
            6 => Binary((BinaryOperator)random.Next((int)BinaryOperator.Equal, (int)BinaryOperator.NotEqual + 1), Truth(depth - 1), Truth(depth - 1)),
            7 => new BetweenSyntax(negated, Number(depth - 1), Number(depth - 1), Number(depth - 1)),
            8 => random.Next(2) == 0 ? new InSyntax(negated, Number(depth - 1), [Constant(), Constant()], 0) : new InSyntax(negated, Text(depth - 1), [Word(), Word(), Word()], 0),
            9 => new IsMissingSyntax(negated, Any(depth - 1), 0),
            _ => Call(Pick("contains", "starts_with", "ends_with"), Text(depth - 1), Text(depth - 1)),
        };
    }

    private bool Confused() => confused && random.Next(6) == 0;

    private BinaryOperator Ordering() => (BinaryOperator)random.Next((int)BinaryOperator.Equal, (int)BinaryOperator.GreaterEqual + 1);

    private NumberSyntax Constant() => new(random.Next(4) == 0 ? random.NextDouble() : random.Next(6), NumberUnit.None, 0, 0);

    private TextSyntax Word() => new(Pick("", "a", "ab", "it's", "Größe", " x "), 0, 0);

    private static NameSyntax Name(string name) => new(name, name.Contains(' ', StringComparison.Ordinal), 0, 0);

    private static BinarySyntax Binary(BinaryOperator operation, Syntax left, Syntax right) => new(operation, left, right, 0, 0);

    private static CallSyntax Call(string function, params ImmutableArray<Syntax> arguments) => new(function, arguments, 0, 0);

    private string Pick(params string[] options) => options[random.Next(options.Length)];
}
