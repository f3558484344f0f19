using System.Collections.Immutable;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Rows.Associations;

/// <summary>A property of the selected rule of a rank; missing when fewer are selected.</summary>
/// <param name="order">The rules from the best to the worst.</param>
/// <param name="values">The property of every rule.</param>
/// <param name="rank">From 1.</param>
internal sealed class RankedRuleExpression(RuleBook book, RuleSelector selector, ImmutableArray<int> order, CellType type, ImmutableArray<double> values, int rank) : RowExpression(type)
{
    public override double Evaluate(in Row row)
    {
        var facts = book.Facts.Of(row);
        var left = rank;
        foreach (var rule in order)
        {
            if (book.IsSelected(rule, selector, facts) && --left == 0) return values[rule];
        }
        return Cell.Missing;
    }
}

/// <summary>A property of all selected rules, or of the best few, as one text: <c>[a, b]</c>.</summary>
/// <param name="limit">How many at most; 0 for all.</param>
/// <inheritdoc cref="RankedRuleExpression"/>
internal sealed class RuleListExpression(RuleBook book, RuleSelector selector, ImmutableArray<int> order, CellType type, ImmutableArray<double> values, int limit)
    : RowExpression(CellType.Text)
{
    public override double Evaluate(in Row row)
    {
        var facts = book.Facts.Of(row);
        using var text = new TextBuffer(stackalloc char[256]);
        Span<char> number = stackalloc char[ValueText.MaximumLength];
        text.Append('[');
        var count = 0;
        foreach (var rule in order)
        {
            if (!book.IsSelected(rule, selector, facts)) continue;
            if (count > 0) text.Append(", ");
            var cell = values[rule];
            if (type == CellType.Text) text.Append(row.Texts[cell]);
            else if (!Cell.IsMissing(cell)) text.Append(number[..ValueText.Write(cell, type, number)]);
            if (++count == limit) break;
        }
        text.Append(']');
        return row.Texts.Intern(text.Text);
    }
}
