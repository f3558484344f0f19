using System.Collections.Immutable;

namespace Slipway.Core.Expressions;

/// <summary>
/// Recursive descent, weakest first: <c>or</c>, <c>and</c>, <c>not</c>, comparisons (which do not chain), <c>+ -</c>, <c>* / %</c>, unary minus.
/// </summary>
internal ref struct Parser
{
    public const int MaxLength = 10_000;

    /// <summary>Brackets, <c>not</c> and minus signs inside one another.</summary>
    public const int MaxNesting = 100;

    /// <summary>Levels of the tree, which a long chain of operators also makes.</summary>
    public const int MaxHeight = 500;

    private readonly string _source;
    private Lexer _lexer;
    private Token _token;
    private Token _previous;
    private int _nesting;

    private Parser(string source)
    {
        _source = source;
        _lexer = new Lexer(source);
        _token = _lexer.Next();
    }

    public static Syntax Parse(string source)
    {
        if (source.Length > MaxLength) throw new ExpressionSyntaxException(MaxLength, $"an expression has at most {MaxLength} characters; this one has {source.Length}");
        var parser = new Parser(source);
        if (parser._token.Kind == TokenKind.End) throw new ExpressionSyntaxException(0, "the expression is empty; write for example: prediction > 500");
        var syntax = parser.Or();
        if (parser._token.Kind != TokenKind.End) throw parser.Unexpected();
        return syntax;
    }

    private Syntax Or()
    {
        Enter();
        var left = And();
        while (Accept(TokenKind.Or)) left = Binary(BinaryOperator.Or, left, And());
        _nesting--;
        return left;
    }

    private Syntax And()
    {
        var left = Not();
        while (Accept(TokenKind.And)) left = Binary(BinaryOperator.And, left, Not());
        return left;
    }

    private Syntax Not()
    {
        var start = _token.Start;
        if (!Accept(TokenKind.Not)) return Comparison();
        Enter();
        var operand = Not();
        _nesting--;
        return Limited(new UnarySyntax(UnaryOperator.Not, operand, start));
    }

    private Syntax Comparison()
    {
        var left = Sum();
        var syntax = left;
        if (ComparisonOf(_token.Kind) is { } comparison)
        {
            Advance();
            syntax = Binary(comparison, left, Sum());
        }
        else if (Accept(TokenKind.Is))
        {
            var negated = Accept(TokenKind.Not);
            if (_token is not { Kind: TokenKind.Name, Text: "missing" or "MISSING" })
            {
                throw new ExpressionSyntaxException(_token.Start, $"expected 'missing' after 'is{(negated ? " not" : "")}', found {Found()}; compare values with '='");
            }
            Advance();
            syntax = Limited(new IsMissingSyntax(negated, left, _previous.End));
        }
        else
        {
            var negated = Accept(TokenKind.Not);
            if (Accept(TokenKind.Between))
            {
                var low = Sum();
                Expect(TokenKind.And, "'and' between the two bounds: x between 1 and 5");
                syntax = Limited(new BetweenSyntax(negated, left, low, Sum()));
            }
            else if (Accept(TokenKind.In))
            {
                Expect(TokenKind.Open, "'(' before the values: season in (1, 2)");
                var items = List();
                if (items.IsEmpty) throw new ExpressionSyntaxException(_previous.Start, "'in' needs at least one value: season in (1, 2)");
                syntax = Limited(new InSyntax(negated, left, items, _previous.End));
            }
            else if (negated)
            {
                throw new ExpressionSyntaxException(_token.Start, $"expected 'between' or 'in' after 'not', found {Found()}");
            }
        }
        if (!ReferenceEquals(syntax, left) && (ComparisonOf(_token.Kind) is not null || _token.Kind is TokenKind.Is or TokenKind.Between or TokenKind.In))
        {
            throw new ExpressionSyntaxException(_token.Start, "comparisons do not chain; write 'a < x and x < b', or 'x between a and b'");
        }
        return syntax;
    }

    private Syntax Sum()
    {
        var left = Product();
        while (_token.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var operation = _token.Kind == TokenKind.Plus ? BinaryOperator.Add : BinaryOperator.Subtract;
            Advance();
            left = Binary(operation, left, Product());
        }
        return left;
    }

    private Syntax Product()
    {
        var left = Unary();
        while (_token.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            var operation = _token.Kind switch
            {
                TokenKind.Star => BinaryOperator.Multiply,
                TokenKind.Slash => BinaryOperator.Divide,
                _ => BinaryOperator.Remainder,
            };
            Advance();
            left = Binary(operation, left, Unary());
        }
        return left;
    }

    private Syntax Unary()
    {
        var start = _token.Start;
        if (!Accept(TokenKind.Minus)) return Primary();
        Enter();
        var operand = Unary();
        _nesting--;
        return Limited(new UnarySyntax(UnaryOperator.Negate, operand, start));
    }

    private Syntax Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Advance();
                return new NumberSyntax(token.Number, token.Unit, token.Start, token.End);
            case TokenKind.Text:
                Advance();
                return new TextSyntax(token.Text!, token.Start, token.End);
            case TokenKind.True or TokenKind.False:
                Advance();
                return new TruthSyntax(token.Kind == TokenKind.True, token.Start, token.End);
            case TokenKind.QuotedName:
                Advance();
                return new NameSyntax(token.Text!, true, token.Start, token.End);
            case TokenKind.Name:
                Advance();
                if (!Accept(TokenKind.Open)) return new NameSyntax(token.Text!, false, token.Start, token.End);
                var arguments = List();
                return Limited(new CallSyntax(token.Text!, arguments, token.Start, _previous.End));
            case TokenKind.Open:
                Advance();
                var inner = Or();
                if (!Accept(TokenKind.Close))
                {
                    throw new ExpressionSyntaxException(_token.Start, $"the '(' of column {token.Start + 1} is not closed: expected ')', found {Found()}");
                }
                return inner with { Start = token.Start, End = _previous.End };
            default:
                throw new ExpressionSyntaxException(token.Start, _previous.End == 0
                    ? $"expected a value, found {Found()}"
                    : $"expected a value after '{_source[_previous.Start.._previous.End]}', found {Found()}");
        }
    }

    private ImmutableArray<Syntax> List()
    {
        var open = _previous.Start;
        if (Accept(TokenKind.Close)) return [];
        var items = ImmutableArray.CreateBuilder<Syntax>();
        do items.Add(Or());
        while (Accept(TokenKind.Comma));
        if (!Accept(TokenKind.Close)) throw new ExpressionSyntaxException(_token.Start, $"the '(' of column {open + 1} is not closed: expected ',' or ')', found {Found()}");
        return items.DrainToImmutable();
    }

    private static BinaryOperator? ComparisonOf(TokenKind kind) => kind switch
    {
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessEqual => BinaryOperator.LessEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterEqual => BinaryOperator.GreaterEqual,
        _ => null,
    };

    private readonly Syntax Binary(BinaryOperator operation, Syntax left, Syntax right) => Limited(new BinarySyntax(operation, left, right, left.Start, right.End));

    private readonly Syntax Limited(Syntax syntax) => syntax.Height <= MaxHeight
        ? syntax
        : throw new ExpressionSyntaxException(_previous.Start, $"the expression chains more than {MaxHeight} operators; split it over several steps");

    private void Enter()
    {
        if (++_nesting > MaxNesting) throw new ExpressionSyntaxException(_token.Start, $"the expression nests deeper than {MaxNesting} levels; split it over several steps");
    }

    private bool Accept(TokenKind kind)
    {
        if (_token.Kind != kind) return false;
        Advance();
        return true;
    }

    private void Expect(TokenKind kind, string what)
    {
        if (!Accept(kind)) throw new ExpressionSyntaxException(_token.Start, $"expected {what}; found {Found()}");
    }

    private void Advance()
    {
        _previous = _token;
        _token = _lexer.Next();
    }

    private readonly string Found()
    {
        if (_token.Kind == TokenKind.End) return "the end of the expression";
        var text = _source.AsSpan(_token.Start, _token.End - _token.Start);
        return text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
    }

    private readonly ExpressionSyntaxException Unexpected() => new(_token.Start, _token.Kind switch
    {
        TokenKind.Close => "this ')' closes nothing",
        TokenKind.Number when _previous is { Kind: TokenKind.Number, Unit: NumberUnit.Percent } =>
            $"expected an operator or the end, found {Found()}; for a remainder write spaces on both sides of '%': 10 % 3",
        _ => $"expected an operator or the end, found {Found()}",
    });
}
