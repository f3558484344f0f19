using System.Buffers;

namespace Slipway.Models.Rows.Functions;

internal interface IAggregate
{
    /// <param name="values">At least one, none missing; may be reordered.</param>
    static abstract double Of(Span<double> values);
}

/// <summary>Functions of any number of numbers. Missing ones are left out; the result is missing when all are.</summary>
internal static class AggregateFunction<TAggregate> where TAggregate : struct, IAggregate
{
    private const int OnStack = 64;

    /// <summary>The result has the widest type of the arguments.</summary>
    public static RowExpression Bind(FunctionCall call)
    {
        var (numbers, type) = call.Numbers();
        return type switch
        {
            CellType.Integer => new Expression<IntegerResult>(numbers),
            CellType.Float32 => new Expression<Float32Result>(numbers),
            _ => new Expression<Float64Result>(numbers),
        };
    }

    /// <summary>As <see cref="Bind"/>, but of integers the result is a double.</summary>
    public static RowExpression BindToFloatingPoint(FunctionCall call)
    {
        var (numbers, type) = call.Numbers();
        return type == CellType.Float32 ? new Expression<Float32Result>(numbers) : new Expression<Float64Result>(numbers);
    }

    private sealed class Expression<TResult>(RowExpression[] arguments) : RowExpression(TResult.Type) where TResult : struct, INumberResult
    {
        public override double Evaluate(in Row row)
        {
            if (arguments.Length > OnStack) return EvaluateMany(row);
            Span<double> values = stackalloc double[OnStack];
            return Evaluate(row, values);
        }

        private double EvaluateMany(in Row row)
        {
            var values = ArrayPool<double>.Shared.Rent(arguments.Length);
            try
            {
                return Evaluate(row, values);
            }
            finally
            {
                ArrayPool<double>.Shared.Return(values);
            }
        }

        private double Evaluate(in Row row, Span<double> values)
        {
            var count = 0;
            var isInvalid = false;
            foreach (var argument in arguments)
            {
                var cell = argument.Evaluate(row);
                isInvalid |= Cell.IsInvalid(cell);
                if (!Cell.IsMissing(cell)) values[count++] = cell;
            }
            if (isInvalid) return Cell.Invalid;
            return count == 0 ? Cell.Missing : TResult.Of(TAggregate.Of(values[..count]));
        }
    }
}

internal static class Aggregates
{
    /// <summary>NaN is passed over, unless nothing else is there.</summary>
    internal readonly struct Minimum : IAggregate
    {
        public static double Of(Span<double> values)
        {
            var result = values[0];
            foreach (var value in values)
            {
                if (value < result || double.IsNaN(result)) result = value;
            }
            return result;
        }
    }

    /// <inheritdoc cref="Minimum"/>
    internal readonly struct Maximum : IAggregate
    {
        public static double Of(Span<double> values)
        {
            var result = values[0];
            foreach (var value in values)
            {
                if (value > result || double.IsNaN(result)) result = value;
            }
            return result;
        }
    }

    internal readonly struct Sum : IAggregate
    {
        public static double Of(Span<double> values)
        {
            var result = 0.0;
            foreach (var value in values) result += value;
            return result;
        }
    }

    internal readonly struct Product : IAggregate
    {
        public static double Of(Span<double> values)
        {
            var result = 1.0;
            foreach (var value in values) result *= value;
            return result;
        }
    }

    /// <summary>The running mean: no sum that could overflow, and the digits that other engines have.</summary>
    internal readonly struct Average : IAggregate
    {
        public static double Of(Span<double> values)
        {
            var mean = 0.0;
            for (var i = 0; i < values.Length; i++) mean += (values[i] - mean) / (i + 1);
            return mean;
        }
    }

    /// <summary>The middle value; of an even number the mean of the two in the middle.</summary>
    internal readonly struct Median : IAggregate
    {
        public static double Of(Span<double> values)
        {
            values.Sort();
            var middle = values.Length / 2;
            return values.Length % 2 != 0 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
        }
    }
}
