using System.Collections.Immutable;

namespace Slipway.Core.Expressions;

/// <summary>Binds names to metrics and calls to aggregates, and keeps every comparison apart so that an outcome can say which one failed.</summary>
internal sealed class WatchBinder(string source, IWatchScope scope) : Binder(source)
{
    private readonly ImmutableArray<WatchClause>.Builder _clauses = ImmutableArray.CreateBuilder<WatchClause>();

    /// <summary>The comparisons under <c>and</c>, <c>or</c>, <c>not</c>, in order of writing.</summary>
    public ImmutableArray<WatchClause> Clauses => _clauses.ToImmutable();

    public TruthNode? BindCondition(Syntax syntax, bool negated)
    {
        switch (syntax)
        {
            case BinarySyntax { Operator: BinaryOperator.And or BinaryOperator.Or } binary:
                var left = BindCondition(binary.Left, negated);
                var right = BindCondition(binary.Right, negated);
                if (left is null || right is null) return null;
                return binary.Operator == BinaryOperator.And ? new AndNode(left, right) : new OrNode(left, right);
            case UnarySyntax { Operator: UnaryOperator.Not } unary:
                return BindCondition(unary.Operand, !negated) is { } operand ? new NotNode(operand) : null;
            case BinarySyntax { Operator: >= BinaryOperator.Equal and <= BinaryOperator.GreaterEqual } comparison:
                return Comparison(comparison, negated);
            case BetweenSyntax between:
                var value = Bind(between.Value);
                var condition = (TruthNode?)Between(between, value, Bind(between.Low), Bind(between.High));
                return Clause(condition, negated, value, between.Value, Behind(between.Value, between.High), null, UnitOf(between.Low) ?? UnitOf(between.High));
            default:
                return Clause(Condition(syntax, "a watch"), negated, null, syntax, "", null, null);
        }
    }

    protected override Node? BindName(NameSyntax name)
    {
        if (scope.HasMetric(name.Name)) return new MetricNode(name.Name);
        if (scope.ColumnType(name.Name) is { } type)
        {
            Report(name, $"'{name.Name}' is a column with a value per row, and a watch is about one value; take an aggregate: {(type == ElementType.Bytes ? "distinct" : "mean")}({Written(name)})");
            return null;
        }
        ReportUnknown(name, name.Name, "metric", [.. scope.Metrics]);
        return null;
    }

    protected override Node? BindCall(CallSyntax call)
    {
        if (FunctionBinder.Takes(call)) return FunctionBinder.Bind(this, call);
        if (AggregateBinder.IsKnown(call.Function)) return AggregateBinder.Bind(this, scope, call);
        ReportUnknown(call, call.Function, "function", [.. ExpressionFunctions.Aggregates.Concat(ExpressionFunctions.Scalar).Select(f => f.Name).Distinct()]);
        return null;
    }

    private TruthNode? Comparison(BinarySyntax syntax, bool negated)
    {
        var left = Bind(syntax.Left);
        var right = Bind(syntax.Right);
        var condition = (TruthNode?)Compare(syntax, left, right);
        if (left is { IsConstant: true } && right is { IsConstant: false })
        {
            var mirrored = syntax.Operator switch
            {
                BinaryOperator.Less => ">",
                BinaryOperator.LessEqual => ">=",
                BinaryOperator.Greater => "<",
                BinaryOperator.GreaterEqual => "<=",
                BinaryOperator.NotEqual => "<>",
                _ => "=",
            };
            return Clause(condition, negated, right, syntax.Right, $"{mirrored} {Written(syntax.Left)}", null, UnitOf(syntax.Left));
        }
        return Clause(condition, negated, left, syntax.Left, Behind(syntax.Left, syntax.Right), right is { IsConstant: false } ? right as NumberNode : null, UnitOf(syntax.Right));
    }

    private TruthNode? Clause(TruthNode? condition, bool negated, Node? subject, Syntax written, string bound, NumberNode? limit, NumberUnit? unit)
    {
        if (condition is not null) _clauses.Add(new WatchClause(condition, negated, subject as NumberNode, Written(written), bound, limit, unit ?? NumberUnit.None));
        return condition;
    }

    /// <summary>The operator and bound as written: from behind the left side to the end of the right.</summary>
    private string Behind(Syntax left, Syntax right) => Written(left.End, right.End).Trim();

    private static NumberUnit? UnitOf(Syntax syntax) => syntax switch
    {
        NumberSyntax { Unit: not NumberUnit.None } number => number.Unit,
        UnarySyntax unary => UnitOf(unary.Operand),
        BinarySyntax binary => UnitOf(binary.Left) ?? UnitOf(binary.Right),
        CallSyntax call => call.Arguments.Select(UnitOf).FirstOrDefault(u => u is not null),
        _ => null,
    };
}
