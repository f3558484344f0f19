using System.Collections.Immutable;

namespace Slipway.Core.Expressions;

/// <summary>Calls of the scalar functions.</summary>
internal static class FunctionBinder
{
    private static readonly Dictionary<string, ExpressionFunction> Known = ExpressionFunctions.Scalar.ToDictionary(f => f.Name);

    /// <summary>False also for <c>min</c> and <c>max</c> of one value, which are aggregates.</summary>
    public static bool Takes(CallSyntax call) => Known.ContainsKey(call.Function) && !(call.Function is "min" or "max" && call.Arguments.Length == 1);

    public static Node? Bind(Binder binder, CallSyntax call)
    {
        if (!HasArity(call))
        {
            binder.Report(call, $"{call.Function} is called as {Known[call.Function].Usage}; {call.Arguments.Length} values are given");
            return null;
        }
        return call.Function switch
        {
            "abs" => Map(binder, call, NumberFunction.Absolute),
            "floor" => Map(binder, call, NumberFunction.Floor),
            "ceil" => Map(binder, call, NumberFunction.Ceiling),
            "sqrt" => Map(binder, call, NumberFunction.SquareRoot),
            "exp" => Map(binder, call, NumberFunction.Exponential),
            "ln" => Map(binder, call, NumberFunction.Logarithm),
            "log10" => Map(binder, call, NumberFunction.Logarithm10),
            "round" => Round(binder, call),
            "pow" => Pairs(binder, call, NumberOperator.Power),
            "min" => Pairs(binder, call, NumberOperator.Minimum),
            "max" => Pairs(binder, call, NumberOperator.Maximum),
            "if" => Choice(binder, call),
            "coalesce" => Coalesce(binder, call),
            "is_missing" => binder.Bind(call.Arguments[0]) is { } value ? Binder.IsMissing(value, negated: false) : null,
            "lower" => Map(binder, call, TextFunction.Lower),
            "upper" => Map(binder, call, TextFunction.Upper),
            "trim" => Map(binder, call, TextFunction.Trim),
            "length" => binder.Text(call.Arguments[0], call.Function) is { } text ? Binder.Fold(new TextLength(text), text) : null,
            "contains" => Test(binder, call, TextTestKind.Contains),
            "starts_with" => Test(binder, call, TextTestKind.StartsWith),
            "ends_with" => Test(binder, call, TextTestKind.EndsWith),
            _ => throw new InvalidOperationException($"no binding for the function {call.Function}"),
        };
    }

    private static bool HasArity(CallSyntax call) => call.Function switch
    {
        "min" or "max" or "coalesce" => call.Arguments.Length >= 2,
        "round" => call.Arguments.Length is 1 or 2,
        "pow" or "contains" or "starts_with" or "ends_with" => call.Arguments.Length == 2,
        "if" => call.Arguments.Length == 3,
        _ => call.Arguments.Length == 1,
    };

    private static Node? Map(Binder binder, CallSyntax call, NumberFunction function) =>
        binder.Number(call.Arguments[0], call.Function) is { } operand ? Binder.Fold(new NumberMap(function, operand), operand) : null;

    private static Node? Map(Binder binder, CallSyntax call, TextFunction function) =>
        binder.Text(call.Arguments[0], call.Function) is { } operand ? Binder.Fold(new TextMap(function, operand), operand) : null;

    private static Node? Round(Binder binder, CallSyntax call)
    {
        if (call.Arguments.Length == 1) return Map(binder, call, NumberFunction.Round);
        var operand = binder.Number(call.Arguments[0], call.Function);
        if (call.Arguments[1] is not NumberSyntax { Value: >= 0 and <= 15 } digits || digits.Value != Math.Floor(digits.Value))
        {
            binder.Report(call.Arguments[1], "the digits to round to are a whole number from 0 to 15");
            return null;
        }
        return operand is null ? null : Binder.Fold(new RoundToDigits(operand, (int)digits.Value), operand);
    }

    private static Node? Pairs(Binder binder, CallSyntax call, NumberOperator operation)
    {
        Node? result = null;
        var good = true;
        foreach (var argument in call.Arguments)
        {
            if (binder.Number(argument, call.Function) is not { } number) good = false;
            else result = result is null ? number : Binder.Fold(new NumberPair(operation, (NumberNode)result, number), result, number);
        }
        return good ? result : null;
    }

    private static Node? Choice(Binder binder, CallSyntax call)
    {
        var condition = binder.Condition(call.Arguments[0], "the condition of if");
        if (SameKind(binder, call.Arguments[1..], "both values of if") is not { } values || condition is null) return null;
        Node node = (values[0], values[1]) switch
        {
            (NumberNode then, NumberNode otherwise) => new NumberChoice(condition, then, otherwise),
            (TruthNode then, TruthNode otherwise) => new TruthChoice(condition, then, otherwise),
            (var then, var otherwise) => new TextChoice(condition, (TextNode)then, (TextNode)otherwise),
        };
        return Binder.Fold(node, condition, values[0], values[1]);
    }

    private static Node? Coalesce(Binder binder, CallSyntax call)
    {
        if (SameKind(binder, call.Arguments, "all values of coalesce") is not { } values) return null;
        Node node = values[0] switch
        {
            NumberNode => new NumberCoalesce([.. values.Cast<NumberNode>()]),
            TruthNode => new TruthCoalesce([.. values.Cast<TruthNode>()]),
            _ => new TextCoalesce([.. values.Cast<TextNode>()]),
        };
        return Binder.Fold(node, [.. values]);
    }

    private static Node[]? SameKind(Binder binder, ImmutableArray<Syntax> arguments, string which)
    {
        var values = new Node[arguments.Length];
        var good = true;
        for (var i = 0; i < values.Length; i++)
        {
            if (binder.Bind(arguments[i]) is not { } value)
            {
                good = false;
                continue;
            }
            values[i] = value;
            if (!good || value.Kind == values[0].Kind) continue;
            binder.Report(arguments[i], $"{which} are of one kind; {binder.Quote(arguments[0])} is {values[0].Kind.Description} and {binder.Quote(arguments[i])} is {value.Kind.Description}");
            good = false;
        }
        return good ? values : null;
    }

    private static Node? Test(Binder binder, CallSyntax call, TextTestKind kind)
    {
        var text = binder.Text(call.Arguments[0], call.Function);
        var part = binder.Text(call.Arguments[1], call.Function);
        return text is null || part is null ? null : Binder.Fold(new TextTest(kind, text, part), text, part);
    }
}
