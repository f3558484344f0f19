namespace Slipway.Models.Rows.Functions;

/// <summary>The four rules and the modulo. Integers divide as integers do; division of integers by zero has no result.</summary>
internal static class Arithmetic
{
    public static RowExpression Divide(FunctionCall call) =>
        AreIntegers(call) ? BinaryFunction<IntegerQuotient>.BindTo<IntegerResult>(call) : BinaryFunction<Quotient>.Bind(call);

    public static RowExpression Modulo(FunctionCall call) =>
        AreIntegers(call) ? BinaryFunction<IntegerRemainder>.BindTo<IntegerResult>(call) : BinaryFunction<Remainder>.Bind(call);

    private static bool AreIntegers(FunctionCall call) => call.Number(0).Type == CellType.Integer && call.Number(1).Type == CellType.Integer;

    internal readonly struct Sum : IBinaryOperation
    {
        public static double Of(double x, double y) => x + y;
    }

    internal readonly struct Difference : IBinaryOperation
    {
        public static double Of(double x, double y) => x - y;
    }

    internal readonly struct Product : IBinaryOperation
    {
        public static double Of(double x, double y) => x * y;
    }

    private readonly struct Quotient : IBinaryOperation
    {
        public static double Of(double x, double y) => x / y;
    }

    /// <summary>Towards zero.</summary>
    private readonly struct IntegerQuotient : IBinaryOperation
    {
        public static double Of(double x, double y) => y == 0 ? Cell.Invalid : (long)x / (long)y;
    }

    /// <summary>What is left after the quotient is rounded down: it has the sign of the divisor.</summary>
    private readonly struct Remainder : IBinaryOperation
    {
        public static double Of(double x, double y) => x - Math.Floor(x / y) * y;
    }

    private readonly struct IntegerRemainder : IBinaryOperation
    {
        public static double Of(double x, double y)
        {
            if (y == 0) return Cell.Invalid;
            var remainder = (long)x % (long)y;
            return remainder != 0 && remainder < 0 != y < 0 ? remainder + (long)y : remainder;
        }
    }
}
