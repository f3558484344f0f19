using System.Collections.Immutable;

namespace Slipway.Core.Expressions;

/// <summary>A function of the expression language, for the reference docs and for messages.</summary>
/// <param name="Usage">As called: <c>round(x, digits)</c>.</param>
public sealed record ExpressionFunction(string Name, string Usage, string Summary);

/// <summary>Every function there is.</summary>
public static class ExpressionFunctions
{
    /// <summary>Functions of the values of one row, or in a watch of metrics and aggregates.</summary>
    public static ImmutableArray<ExpressionFunction> Scalar { get; } =
    [
        new("abs", "abs(x)", "the size of a number without its sign"),
        new("min", "min(a, b, …)", "the smallest of two or more numbers"),
        new("max", "max(a, b, …)", "the largest of two or more numbers"),
        new("round", "round(x) or round(x, digits)", "the nearest whole number, or the nearest with 0 to 15 digits; halves go to the even neighbour"),
        new("floor", "floor(x)", "the largest whole number not above"),
        new("ceil", "ceil(x)", "the smallest whole number not below"),
        new("sqrt", "sqrt(x)", "the square root; missing below zero"),
        new("exp", "exp(x)", "e to the power of x"),
        new("ln", "ln(x)", "the natural logarithm; missing below zero"),
        new("log10", "log10(x)", "the logarithm to base 10; missing below zero"),
        new("pow", "pow(x, y)", "x to the power of y"),
        new("if", "if(condition, then, else)", "one of two values; missing when the condition is unknown"),
        new("coalesce", "coalesce(a, b, …)", "the first value that is not missing"),
        new("is_missing", "is_missing(x)", "whether a value is missing; the same as: x is missing"),
        new("lower", "lower(text)", "the text in small letters"),
        new("upper", "upper(text)", "the text in capital letters"),
        new("trim", "trim(text)", "the text without white space at its ends"),
        new("length", "length(text)", "how many characters a text has"),
        new("contains", "contains(text, part)", "whether the text has the part in it"),
        new("starts_with", "starts_with(text, part)", "whether the text begins with the part"),
        new("ends_with", "ends_with(text, part)", "whether the text ends with the part"),
    ];

    /// <summary>Functions of a whole column over the window of a watch. Missing values do not count except where said.</summary>
    public static ImmutableArray<ExpressionFunction> Aggregates { get; } =
    [
        new("count", "count() or count(column)", "rows in the window, or those where the column is not missing"),
        new("mean", "mean(column)", "the arithmetic mean"),
        new("min", "min(column)", "the smallest value"),
        new("max", "max(column)", "the largest value"),
        new("sum", "sum(column)", "the sum"),
        new("std", "std(column)", "the sample standard deviation (n − 1)"),
        new("median", "median(column)", "the middle value"),
        new("quantile", "quantile(column, 0.9)", "the quantile, linear between order statistics; p01 to p99 are short forms: p90(column)"),
        new("distinct", "distinct(column)", "how many different values there are"),
        new("missing_rate", "missing_rate(column)", "the share of rows where the column is missing, from 0 to 1"),
        new("share", "share(column, value)", "the share of the values that are equal to this one, from 0 to 1"),
    ];
}
