using System.Collections.Immutable;

namespace Slipway.Core.Expressions;

internal enum UnaryOperator { Negate, Not }

internal enum BinaryOperator { Or, And, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Add, Subtract, Multiply, Divide, Remainder }

/// <summary>A parsed expression whose names are not resolved. <see cref="Start"/> and <see cref="End"/> delimit its text in the source.</summary>
internal abstract record Syntax(int Start, int End)
{
    /// <summary>Levels of this tree: what recursion over it costs.</summary>
    public virtual int Height => 1;
}

internal sealed record NumberSyntax(double Value, NumberUnit Unit, int Start, int End) : Syntax(Start, End);

internal sealed record TextSyntax(string Value, int Start, int End) : Syntax(Start, End);

internal sealed record TruthSyntax(bool Value, int Start, int End) : Syntax(Start, End);

internal sealed record NameSyntax(string Name, bool Quoted, int Start, int End) : Syntax(Start, End);

internal sealed record UnarySyntax(UnaryOperator Operator, Syntax Operand, int Start) : Syntax(Start, Operand.End)
{
    public override int Height { get; } = 1 + Operand.Height;
}

internal sealed record BinarySyntax(BinaryOperator Operator, Syntax Left, Syntax Right, int Start, int End) : Syntax(Start, End)
{
    public override int Height { get; } = 1 + Math.Max(Left.Height, Right.Height);
}

internal sealed record BetweenSyntax(bool Negated, Syntax Value, Syntax Low, Syntax High) : Syntax(Value.Start, High.End)
{
    public override int Height { get; } = 1 + Math.Max(Value.Height, Math.Max(Low.Height, High.Height));
}

internal sealed record InSyntax(bool Negated, Syntax Value, ImmutableArray<Syntax> Items, int End) : Syntax(Value.Start, End)
{
    public override int Height { get; } = 1 + Math.Max(Value.Height, Items.Max(i => i.Height));
}

internal sealed record IsMissingSyntax(bool Negated, Syntax Value, int End) : Syntax(Value.Start, End)
{
    public override int Height { get; } = 1 + Value.Height;
}

internal sealed record CallSyntax(string Function, ImmutableArray<Syntax> Arguments, int Start, int End) : Syntax(Start, End)
{
    public override int Height { get; } = Arguments.IsEmpty ? 1 : 1 + Arguments.Max(a => a.Height);
}
