using System.Buffers;
using System.Numerics.Tensors;

namespace Slipway.Models.Rows.Transformations;

/// <summary>A value of the rows before, or what is made of several (PMML 4.4.1, Transformations: Lag). Missing values do not count.</summary>
internal sealed class LagExpression(RowHistory history, LagAggregate aggregate, CellType type) : RowExpression(type)
{
    private const int OnStack = 64;

    public override double Evaluate(in Row row)
    {
        if (aggregate == LagAggregate.None) return history.Oldest(row);
        double[]? pooled = null;
        var values = history.Capacity <= OnStack ? stackalloc double[OnStack] : pooled = ArrayPool<double>.Shared.Rent(history.Capacity);
        values = values[..history.CopyTo(row, values)];
        var result = values.IsEmpty ? Cell.Missing : Cell.Number(Aggregate(values));
        if (pooled is not null) ArrayPool<double>.Shared.Return(pooled);
        return result;
    }

    private double Aggregate(Span<double> values)
    {
        switch (aggregate)
        {
            case LagAggregate.Average: return Sum(values) / values.Length;
            case LagAggregate.Maximum: return TensorPrimitives.Max<double>(values);
            case LagAggregate.Minimum: return TensorPrimitives.Min<double>(values);
            case LagAggregate.Product: return TensorPrimitives.Product<double>(values);
            case LagAggregate.Sum: return Sum(values);
            case LagAggregate.StandardDeviation: return StandardDeviation(values);
            default:
                values.Sort();
                var middle = values.Length / 2;
                return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        }
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return sum;
    }

    private static double StandardDeviation(ReadOnlySpan<double> values)
    {
        if (values.Length == 1) return 0;
        var mean = Sum(values) / values.Length;
        double squares = 0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (values.Length - 1));
    }
}
