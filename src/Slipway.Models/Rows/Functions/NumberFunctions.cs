namespace Slipway.Models.Rows.Functions;

internal interface IUnaryOperation
{
    static abstract double Of(double x);
}

internal interface IBinaryOperation
{
    static abstract double Of(double x, double y);
}

internal interface ITernaryOperation
{
    static abstract double Of(double x, double y, double z);
}

/// <summary>Functions of one number; missing when it is.</summary>
internal static class UnaryFunction<TOperation> where TOperation : struct, IUnaryOperation
{
    /// <summary>The result has the argument's type.</summary>
    public static RowExpression Bind(FunctionCall call) => call.Number(0).Type switch
    {
        CellType.Integer => BindTo<IntegerResult>(call),
        CellType.Float32 => BindTo<Float32Result>(call),
        _ => BindTo<Float64Result>(call),
    };

    public static RowExpression BindTo<TResult>(FunctionCall call) where TResult : struct, INumberResult => new Expression<TResult>(call.Number(0));

    private sealed class Expression<TResult>(RowExpression x) : RowExpression(TResult.Type) where TResult : struct, INumberResult
    {
        public override double Evaluate(in Row row)
        {
            var cell = x.Evaluate(row);
            return Cell.HasNoValue(cell) ? cell : TResult.Of(TOperation.Of(cell));
        }
    }
}

/// <summary>Functions of two numbers; missing when either is.</summary>
internal static class BinaryFunction<TOperation> where TOperation : struct, IBinaryOperation
{
    /// <summary>The result has the wider type of the arguments.</summary>
    public static RowExpression Bind(FunctionCall call) => FunctionCall.Widest(call.Number(0).Type, call.Number(1).Type) switch
    {
        CellType.Integer => BindTo<IntegerResult>(call),
        CellType.Float32 => BindTo<Float32Result>(call),
        _ => BindTo<Float64Result>(call),
    };

    public static RowExpression BindTo<TResult>(FunctionCall call) where TResult : struct, INumberResult
    {
        var x = call.Number(0);
        return call.Number(1) is ConstantExpression y && !Cell.HasNoValue(y.Cell)
            ? new ConstantRightExpression<TResult>(x, y.Cell)
            : new Expression<TResult>(x, call.Number(1));
    }

    private sealed class Expression<TResult>(RowExpression x, RowExpression y) : RowExpression(TResult.Type) where TResult : struct, INumberResult
    {
        public override double Evaluate(in Row row)
        {
            var left = x.Evaluate(row);
            var right = y.Evaluate(row);
            if (Cell.HasNoValue(left)) return left;
            return Cell.HasNoValue(right) ? right : TResult.Of(TOperation.Of(left, right));
        }
    }

    private sealed class ConstantRightExpression<TResult>(RowExpression x, double right) : RowExpression(TResult.Type) where TResult : struct, INumberResult
    {
        public override double Evaluate(in Row row)
        {
            var left = x.Evaluate(row);
            return Cell.HasNoValue(left) ? left : TResult.Of(TOperation.Of(left, right));
        }
    }
}

/// <summary>Functions of three numbers with a double as result; missing when any is.</summary>
internal static class TernaryFunction<TOperation> where TOperation : struct, ITernaryOperation
{
    public static RowExpression Bind(FunctionCall call) => new Expression(call.Number(0), call.Number(1), call.Number(2));

    private sealed class Expression(RowExpression x, RowExpression y, RowExpression z) : RowExpression(CellType.Float64)
    {
        public override double Evaluate(in Row row)
        {
            var first = x.Evaluate(row);
            var second = y.Evaluate(row);
            var third = z.Evaluate(row);
            if (Cell.HasNoValue(first)) return first;
            if (Cell.HasNoValue(second)) return second;
            return Cell.HasNoValue(third) ? third : TOperation.Of(first, second, third);
        }
    }
}
