namespace Slipway.Models.Rows.Functions;

internal interface IComparison
{
    static abstract bool Of(double x, double y);
}

/// <summary>Functions that compare two values; missing when either is. Equal texts are equal symbols, other texts are ordered by their UTF-16 units.</summary>
internal static class ComparisonFunction<TComparison> where TComparison : struct, IComparison
{
    /// <summary>Compares for equality: a text that does not say a value of the other's type is unequal to it.</summary>
    public static RowExpression BindEquality(FunctionCall call)
    {
        var type = CommonTypes.OfCompared(call);
        return new NumberExpression(Comparison.Comparable(call, 0, type), Comparison.Comparable(call, 1, type));
    }

    public static RowExpression BindOrder(FunctionCall call)
    {
        var type = CommonTypes.OfCompared(call);
        var (x, y) = (call.Cast(0, type), call.Cast(1, type));
        return type == CellType.Text ? new TextExpression(x, y) : new NumberExpression(x, y);
    }

    private sealed class NumberExpression(RowExpression x, RowExpression y) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row)
        {
            var left = x.Evaluate(row);
            var right = y.Evaluate(row);
            if (Cell.HasNoValue(left)) return left;
            return Cell.HasNoValue(right) ? right : Cell.Of(TComparison.Of(left, right));
        }
    }

    private sealed class TextExpression(RowExpression x, RowExpression y) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row)
        {
            var left = x.Evaluate(row);
            var right = y.Evaluate(row);
            if (Cell.HasNoValue(left)) return left;
            if (Cell.HasNoValue(right)) return right;
            return Cell.Of(TComparison.Of(string.CompareOrdinal(row.Texts[left], row.Texts[right]), 0));
        }
    }
}

internal static class Comparison
{
    /// <summary>The argument as a value of the type, or NaN (which equals nothing) where a row's text does not say one.</summary>
    public static RowExpression Comparable(FunctionCall call, int index, CellType type)
    {
        var argument = call.Cast(index, type);
        return call[index].Type == CellType.Text && type != CellType.Text && argument is not ConstantExpression
            ? new UnequalWhenInvalidExpression(argument)
            : argument;
    }

    internal readonly struct Equal : IComparison
    {
        public static bool Of(double x, double y) => x == y;
    }

    internal readonly struct NotEqual : IComparison
    {
        public static bool Of(double x, double y) => x != y;
    }

    internal readonly struct LessThan : IComparison
    {
        public static bool Of(double x, double y) => x < y;
    }

    internal readonly struct LessOrEqual : IComparison
    {
        public static bool Of(double x, double y) => x <= y;
    }

    internal readonly struct GreaterThan : IComparison
    {
        public static bool Of(double x, double y) => x > y;
    }

    internal readonly struct GreaterOrEqual : IComparison
    {
        public static bool Of(double x, double y) => x >= y;
    }

    private sealed class UnequalWhenInvalidExpression(RowExpression value) : RowExpression(value.Type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            return Cell.IsInvalid(cell) ? double.NaN : cell;
        }
    }
}
