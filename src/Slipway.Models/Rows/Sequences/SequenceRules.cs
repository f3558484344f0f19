using System.Buffers;
using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Rows.Associations;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Rows.Sequences;

/// <summary>
/// Sequence rules applied to histories (PMML 4.4.1, Sequence Rules). The facts of the rules are patterns: a rule applies to a history in which its antecedent
/// happened, and has come true when its consequent happened after that.
/// </summary>
/// <param name="fields">Where items are found in a record.</param>
/// <param name="order">Says when a record happened; records of equal order are one time window. Null when every record is a window of its own, as they come.</param>
/// <param name="patterns">By the number of the fact.</param>
/// <param name="best">The rules by confidence: the best that has not come true yet is the prediction.</param>
internal class SequenceRules(
    ImmutableArray<RowOutput> keys, ImmutableArray<ItemField> fields, int items, RowOutput? order, RuleBook book, ImmutableArray<SequencePattern> patterns, ImmutableArray<int> best,
    ModelResult result) : GroupModel(keys, order is null ? [.. fields.Select(f => f.Value)] : [.. fields.Select(f => f.Value), order.Value], result)
{
    protected override void Score(ReadOnlySpan<double> records, in Row row)
    {
        var width = fields.Length + (order is null ? 0 : 1);
        var count = records.Length / width;
        var (times, sorted) = (ArrayPool<double>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count));
        using var history = new History(items, count);
        try
        {
            for (var i = 0; i < count; i++) (times[i], sorted[i]) = (order is null ? i : records[((i + 1) * width) - 1], i);
            Sort(times.AsSpan(0, count), sorted.AsSpan(0, count));
            Span<ulong> window = [];
            for (var i = 0; i < count; i++)
            {
                if (i == 0 || times[i] != times[i - 1]) window = history.Open(times[i]);
                for (var f = 0; f < fields.Length; f++) fields[f].Put(records[(sorted[i] * width) + f], window);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(times);
            ArrayPool<int>.Shared.Return(sorted);
        }
        var facts = book.Facts.Of(row);
        facts.Clear();
        for (var fact = 0; fact < patterns.Length; fact++)
        {
            if (history.Contains(patterns[fact])) BitSlots.Set(facts, fact);
        }
        Predict(facts, row);
    }

    private void Sort(Span<double> times, Span<int> sorted)
    {
        if (order is null) return;
        foreach (var time in times)
        {
            if (double.IsNaN(time)) throw new RecordException($"field '{order.Name}': the value is missing, and it says when the record happened");
        }
        times.Sort(sorted);
    }

    private void Predict(ReadOnlySpan<ulong> facts, in Row row)
    {
        foreach (var rule in best)
        {
            if (!book.IsSelected(rule, RuleSelector.ExclusiveRecommendation, facts)) continue;
            row[Result.Predicted] = book.Rules[rule].ConsequentText;
            row[Result.EntityId] = book.Rules[rule].Id;
            return;
        }
        Result.Clear(row);
    }
}
