using System.Text;

namespace Slipway.Models.Rows.Tables;

/// <summary>Computes an aggregate: records are added one after the other, then every group's value is known.</summary>
internal sealed class GroupedValue(RecordAggregate aggregate, int records)
{
    /// <summary>A longer text is not made: every record of the group would bring it.</summary>
    public const int MaxText = 1 << 14;

    private const int None = -1;

    private readonly Dictionary<double, int> _numbers = [];
    private readonly List<Accumulator> _groups = [];
    private readonly int[] _groupOf = new int[records];

    public RecordAggregate Aggregate { get; } = aggregate;

    /// <param name="record">Its number; each once.</param>
    public void Add(int record, in Row row)
    {
        var key = Aggregate.GroupOf(row);
        if (Cell.IsMissing(key))
        {
            _groupOf[record] = None;
            return;
        }
        if (!_numbers.TryGetValue(key, out var group))
        {
            _numbers.Add(key, group = _groups.Count);
            _groups.Add(new Accumulator());
        }
        _groupOf[record] = group;
        var value = Aggregate.Field.Evaluate(row);
        if (!Cell.IsMissing(value)) _groups[group].Add(value, Aggregate, row.Texts);
    }

    /// <summary>Writes the value of every record's group.</summary>
    /// <param name="values">Record-major.</param>
    /// <param name="index">The aggregate's place among those of a record, <paramref name="width"/> in all.</param>
    public void CopyTo(double[] values, int index, int width, RowTexts texts)
    {
        var results = new double[_groups.Count];
        for (var group = 0; group < results.Length; group++) results[group] = _groups[group].Result(Aggregate.Function, texts);
        for (var record = 0; record < _groupOf.Length; record++)
        {
            values[(record * width) + index] = _groupOf[record] == None ? Cell.Missing : results[_groupOf[record]];
        }
    }

    private sealed class Accumulator
    {
        private long _count;
        private double _value;
        private StringBuilder? _text;

        public void Add(double value, RecordAggregate aggregate, RowTexts texts)
        {
            var isFirst = _count++ == 0;
            switch (aggregate.Function)
            {
                case AggregateFunction.Sum or AggregateFunction.Average:
                    _value += value;
                    break;
                case AggregateFunction.Minimum:
                    _value = isFirst ? value : Math.Min(_value, value);
                    break;
                case AggregateFunction.Maximum:
                    _value = isFirst ? value : Math.Max(_value, value);
                    break;
                case AggregateFunction.Multiset:
                    _text ??= new StringBuilder();
                    if (_text.Length <= MaxText) _text.Append(isFirst ? "" : ", ").Append(aggregate.Format.Print(value, texts));
                    break;
            }
        }

        public double Result(AggregateFunction function, RowTexts texts) => function switch
        {
            AggregateFunction.Count => _count,
            AggregateFunction.Multiset when _text is { Length: > MaxText } => Cell.Invalid,
            AggregateFunction.Multiset => texts.Intern($"[{_text}]"),
            _ when _count == 0 => Cell.Missing,
            AggregateFunction.Average => Cell.Number(_value / _count),
            _ => Cell.Number(_value),
        };
    }
}
