using System.Text;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Monitoring.Sketches;

namespace Slipway.Monitoring.Watches;

/// <summary>
/// What watches read: aggregates over the rows of a window, exact, each column gone through once; and metrics by a look-up.
/// Missing values and NaN do not count. For one evaluation on one thread.
/// </summary>
/// <param name="rows">Rows in the window; the columns have as many.</param>
/// <param name="columns">The window; the batch stays the caller's.</param>
public sealed class WatchWindow(int rows, Batch columns, Func<string, double?> metric) : IWatchValues
{
    private readonly Dictionary<string, NumberColumn> _numbers = new(StringComparer.Ordinal);

    public double? Metric(string name) => metric(name);

    public double? Aggregate(WatchAggregate aggregate)
    {
        if (aggregate.Column is null) return rows;
        if (!columns.TryGet(aggregate.Column, out var column) || rows == 0) return null;
        return column.Type == ElementType.Bytes ? OfText(column, aggregate) : OfNumbers(column, aggregate);
    }

    private double? OfNumbers(Tensor column, WatchAggregate aggregate)
    {
        if (!_numbers.TryGetValue(column.Name, out var numbers)) _numbers.Add(column.Name, numbers = new NumberColumn(column));
        ref readonly var moments = ref numbers.Moments;
        return aggregate.Function switch
        {
            AggregateFunction.Count => moments.Count,
            AggregateFunction.MissingRate => 1 - ((double)moments.Count / rows),
            AggregateFunction.Sum => moments.Count == 0 ? null : numbers.Sum,
            AggregateFunction.Distinct => numbers.Distinct(),
            AggregateFunction.Share => moments.Count == 0 ? null : (double)numbers.CountOf(aggregate.Value) / moments.Count,
            AggregateFunction.Quantile => moments.Count == 0 ? null : numbers.Quantile(aggregate.Probability),
            AggregateFunction.Mean => Known(moments.Mean),
            AggregateFunction.Minimum => Known(moments.Minimum),
            AggregateFunction.Maximum => Known(moments.Maximum),
            _ => Known(moments.StandardDeviation),
        };
    }

    private double? OfText(Tensor column, WatchAggregate aggregate)
    {
        var wanted = Encoding.UTF8.GetBytes(aggregate.Text ?? "");
        var (present, equal) = (0, 0);
        for (var i = 0; i < column.Count; i++)
        {
            if (column.IsMissing(i)) continue;
            present++;
            if (column.GetBytes(i).SequenceEqual(wanted)) equal++;
        }
        return aggregate.Function switch
        {
            AggregateFunction.Count => present,
            AggregateFunction.MissingRate => 1 - ((double)present / rows),
            AggregateFunction.Share => present == 0 ? null : (double)equal / present,
            AggregateFunction.Distinct => DistinctTexts(column),
            _ => null,
        };
    }

    private static int DistinctTexts(Tensor column)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < column.Count; i++)
        {
            if (column.GetText(i) is { } text) seen.Add(text);
        }
        return seen.Count;
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    /// <summary>The numbers of a column that are not missing, ascending.</summary>
    private sealed class NumberColumn
    {
        private readonly double[] _sorted;
        private readonly Moments _moments;

        public NumberColumn(Tensor column)
        {
            var values = new double[column.Count];
            column.CopyTo<double>(values);
            _sorted = Array.FindAll(values, v => !double.IsNaN(v));
            foreach (var value in _sorted)
            {
                _moments.Add(value);
                Sum += value;
            }
            Array.Sort(_sorted);
        }

        public ref readonly Moments Moments => ref _moments;

        public double Sum { get; }

        public int Distinct()
        {
            var distinct = 0;
            for (var i = 0; i < _sorted.Length; i++)
            {
                if (i == 0 || _sorted[i] != _sorted[i - 1]) distinct++;
            }
            return distinct;
        }

        public int CountOf(double value) => LowerBound(Math.BitIncrement(value)) - LowerBound(value);

        /// <summary>Linear between order statistics: numpy's default, R's type 7.</summary>
        public double Quantile(double probability)
        {
            var position = probability * (_sorted.Length - 1);
            var below = (int)position;
            var low = _sorted[below];
            var high = _sorted[Math.Min(below + 1, _sorted.Length - 1)];
            return low == high ? low : low + ((high - low) * (position - below));
        }

        private int LowerBound(double value)
        {
            var (low, high) = (0, _sorted.Length);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (_sorted[middle] < value) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
}
