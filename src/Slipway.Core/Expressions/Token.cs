namespace Slipway.Core.Expressions;

internal enum TokenKind
{
    End, Number, Text, Name, QuotedName,
    Plus, Minus, Star, Slash, Percent,
    Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
    Open, Close, Comma,
    And, Or, Not, Between, In, Is, True, False,
}

/// <summary>How a number was written, so that messages can write values the same way.</summary>
internal enum NumberUnit { None, Duration, Percent }

/// <param name="Start">First character in the source.</param>
/// <param name="End">Behind the last character.</param>
/// <param name="Text">The name, or the content of a text, without quotes.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string? Text = null, double Number = 0, NumberUnit Unit = NumberUnit.None);
