using System.Globalization;

namespace Slipway.Core.Expressions;

/// <summary>Source text to tokens, one at a time.</summary>
internal struct Lexer(string source)
{
    private int _at;

    public Token Next()
    {
        while (_at < source.Length && char.IsWhiteSpace(source[_at])) _at++;
        var start = _at;
        if (start == source.Length) return new Token(TokenKind.End, start, start);
        var c = source[start];
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)))) return Number();
        if (char.IsLetter(c) || c == '_') return Word();
        if (c is '\'' or '"' or '`')
        {
            var content = Quoted(c);
            return new Token(c == '`' ? TokenKind.QuotedName : TokenKind.Text, start, _at, content);
        }
        return Symbol(c);
    }

    private readonly char Peek(int offset) => _at + offset < source.Length ? source[_at + offset] : '\0';

    private Token Symbol(char c)
    {
        var start = _at;
        var next = Peek(1);
        var (kind, length) = (c, next) switch
        {
            ('=', '=') => (TokenKind.Equal, 2),
            ('=', _) => (TokenKind.Equal, 1),
            ('!', '=') or ('<', '>') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessEqual, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', '=') => (TokenKind.GreaterEqual, 2),
            ('>', _) => (TokenKind.Greater, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            ('(', _) => (TokenKind.Open, 1),
            (')', _) => (TokenKind.Close, 1),
            (',', _) => (TokenKind.Comma, 1),
            ('&', _) => throw new ExpressionSyntaxException(start, "'&' is not an operator here; write 'and'"),
            ('|', _) => throw new ExpressionSyntaxException(start, "'|' is not an operator here; write 'or'"),
            ('!', _) => throw new ExpressionSyntaxException(start, "'!' is not an operator here; write 'not'"),
            ('^', _) => throw new ExpressionSyntaxException(start, "'^' is not an operator here; write pow(x, y)"),
            _ => throw new ExpressionSyntaxException(start, $"'{Printable(start)}' cannot stand here; a column of an unusual name is written in back-ticks: `Torque [Nm]`"),
        };
        _at += length;
        return new Token(kind, start, _at);
    }

    private readonly string Printable(int at)
    {
        var length = char.IsHighSurrogate(source[at]) && at + 1 < source.Length && char.IsLowSurrogate(source[at + 1]) ? 2 : 1;
        return char.IsControl(source[at]) ? $"\\u{(int)source[at]:x4}" : source.Substring(at, length);
    }

    private Token Number()
    {
        var start = _at;
        SkipDigits();
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            SkipDigits();
        }
        if (Peek(0) is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            _at += 2;
            SkipDigits();
        }
        var number = double.Parse(source.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        var (unit, factor) = Suffix(start);
        // Dividing keeps 2% and 50ms the doubles nearest to 0.02 and 0.05, as a person who writes 0.02 expects.
        var value = unit == NumberUnit.None ? number : factor < 1 ? number / Math.Round(1 / factor) : number * factor;
        if (!double.IsFinite(value)) throw new ExpressionSyntaxException(start, $"{source.AsSpan(start, _at - start)} is too large for a number");
        return new Token(TokenKind.Number, start, _at, Number: value, Unit: unit);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(0))) _at++;
    }

    private (NumberUnit Unit, double Factor) Suffix(int start)
    {
        if (Peek(0) == '%' && !BeginsOperand(Peek(1)))
        {
            _at++;
            return (NumberUnit.Percent, 0.01);
        }
        var from = _at;
        while (char.IsLetterOrDigit(Peek(0)) || Peek(0) == '_') _at++;
        if (_at == from) return (NumberUnit.None, 1);
        var seconds = source.AsSpan(from, _at - from) switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            "w" => 604800,
            _ => throw new ExpressionSyntaxException(start, $"'{source.AsSpan(start, _at - start)}' is neither a number nor a duration (50ms, 30s, 5m, 1h, 7d); a name that begins with a digit is written in back-ticks"),
        };
        return (NumberUnit.Duration, seconds);
    }

    private static bool BeginsOperand(char c) => char.IsLetterOrDigit(c) || c is '_' or '(' or '`' or '.';

    private Token Word()
    {
        var start = _at++;
        while (true)
        {
            var c = Peek(0);
            if (char.IsLetterOrDigit(c) || c == '_') _at++;
            else if (c == '.' && (char.IsLetterOrDigit(Peek(1)) || Peek(1) == '_')) _at++;
            else if (c == '-' && char.IsLetter(Peek(1))) _at++;
            else break;
        }
        var word = source[start.._at];
        var kind = word switch
        {
            "and" or "AND" => TokenKind.And,
            "or" or "OR" => TokenKind.Or,
            "not" or "NOT" => TokenKind.Not,
            "between" or "BETWEEN" => TokenKind.Between,
            "in" or "IN" => TokenKind.In,
            "is" or "IS" => TokenKind.Is,
            "true" or "TRUE" or "True" => TokenKind.True,
            "false" or "FALSE" or "False" => TokenKind.False,
            _ => TokenKind.Name,
        };
        return new Token(kind, start, _at, word);
    }

    /// <summary>Reads to the closing quote; a doubled quote stands for itself.</summary>
    private string Quoted(char quote)
    {
        var start = _at++;
        while (true)
        {
            var close = source.IndexOf(quote, _at);
            if (close < 0) throw new ExpressionSyntaxException(start, $"the {(quote == '`' ? "name" : "text")} that begins here is not closed; a {quote} is missing");
            _at = close + 1;
            if (Peek(0) != quote) break;
            _at++;
        }
        if (quote == '`' && _at - start == 2) throw new ExpressionSyntaxException(start, "a name cannot be empty");
        var doubled = new string(quote, 2);
        return source[(start + 1)..(_at - 1)].Replace(doubled, quote.ToString(), StringComparison.Ordinal);
    }
}
