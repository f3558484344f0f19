namespace Slipway.Core.Expressions;

/// <summary>Text that is not an expression. The message begins with the column and says what was expected there.</summary>
public sealed class ExpressionSyntaxException : FormatException
{
    internal ExpressionSyntaxException(int position, string explanation) : base($"column {position + 1}: {explanation}")
    {
        Column = position + 1;
        Explanation = explanation;
    }

    /// <summary>1-based: where a caret would go.</summary>
    public int Column { get; }

    /// <summary>The message without the column.</summary>
    public string Explanation { get; }
}
